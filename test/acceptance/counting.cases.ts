// Cases 1-19, 52-54: what is one response, which of its lines counts, and what does not count (claude-code-logs 8).
import { assistant, line, lines, progress, toolResult } from '../support/line.js'
import { bothOrders, inOneFile, type Case, type Tree } from './case.js'

const ONE = 'msg_1/r1 o48 10/160/0/0/1000'
const AS_ONE = { o48: '1; 10/160/0/0/1000; 0.00455' }
const SIDECHAIN = { line: { isSidechain: true } }

const early = line('msg_1/r1 o48 10/1/0/0/1000')
const full = line(ONE)

const refusedFirst = line('msg_2/r2 claude-fable-5 5/1/0/9000/20000')
const switched = line('msg_2/r2 o48 5/300/0/0/20000')

const parent = line('msg_4/r4 o48 0/10/0/0/20')
const replay = line('msg_4/r9 o48 0/10/0/0/50000', SIDECHAIN)
const aside = line('msg_5/r10 o48 0/30/0/0/700', SIDECHAIN)

const embedded = progress(assistant('msg_7/r7 o48 0/1', { line: { cwd: '/w/app' } }))
const subagent = line('msg_7/r7 o48 0/90', SIDECHAIN)

const sameUuid = line('- o48 10/160/0/0/1000', { line: { uuid: 'u-14' } })

const relayA = line('ocgo o48 100/10')
const copied = ['u-53-1', 'u-53-2'].map((uuid) => line(`${uuid}/r10 o48 10/50`, { line: { uuid } }))

function progressAnd(progressSlug: string, agentSlug: string): Tree {
  return {
    name: `progress in ${progressSlug}, sub-agent in ${agentSlug}`,
    files: {
      [`${progressSlug}/S.jsonl`]: lines(embedded),
      [`${agentSlug}/S/subagents/agent-x.jsonl`]: lines(subagent),
    },
    expect: { models: { o48: '1; 0/90/0/0/0; 0.00225' } },
  }
}

export const countingCases: readonly Case[] = [
  { number: 1, title: 'one line is one request', trees: [inOneFile(lines(full), AS_ONE)] },
  {
    number: 2,
    title: 'streaming snapshots are one request',
    trees: [inOneFile(lines(early, line('msg_1/r1 o48 10/1/0/0/1000'), full), AS_ONE)],
  },
  {
    number: 3,
    title: 'identical copies under other uuids are one request',
    trees: [inOneFile(lines(full, line(ONE), line(ONE), line(ONE)), AS_ONE)],
  },
  {
    number: 4,
    title: 'the line with the most output counts, even if it is not the last',
    trees: [inOneFile(lines(full, early), AS_ONE)],
  },
  {
    number: 6,
    title: 'a response whose model is switched mid-stream counts as a whole under the model that answered',
    trees: [
      inOneFile(lines(refusedFirst, switched), { o48: '1; 5/300/0/0/20000; 0.017525' }),
      inOneFile(lines(switched, refusedFirst), { o48: '1; 5/300/0/0/20000; 0.017525' }),
    ],
  },
  {
    number: 7,
    title: 'a fork counts only its new responses',
    trees: bothOrders(
      lines(full),
      lines(
        line(ONE, { line: { sessionId: 'B' } }),
        line('msg_3/r3 o48 10/160/0/0/1000', { line: { sessionId: 'B' } }),
      ),
      { models: { o48: '2; 20/320/0/0/2000; 0.0091' } },
    ),
  },
  {
    number: 8,
    title: 'the main line counts instead of its replay in a sidechain',
    trees: bothOrders(lines(parent), lines(replay, aside), { models: { o48: '2; 0/40/0/0/720; 0.00136' } }).concat(
      inOneFile(lines(replay, parent, aside), { o48: '2; 0/40/0/0/720; 0.00136' }),
      inOneFile(lines(aside, parent, replay), { o48: '2; 0/40/0/0/720; 0.00136' }),
    ),
  },
  {
    number: 9,
    title: 'a copy without its request id counts once',
    trees: bothOrders(lines(line('msg_6/r6 o48 10/160/0/0/1000')), lines(line('msg_6 o48 10/160/0/0/1000')), {
      models: AS_ONE,
    }),
  },
  {
    number: 10,
    title: 'a third-party id twice in one session with the same prompt is one request',
    trees: [
      inOneFile(lines(line('resp-a o48 100/10'), line('resp-a o48 100/10')), { o48: '1; 100/10/0/0/0; 0.00075' }),
    ],
  },
  {
    number: 11,
    title: 'a constant id in two sessions is two requests',
    trees: bothOrders(lines(relayA), lines(line('ocgo o48 100/10')), { models: { o48: '2; 200/20/0/0/0; 0.0015' } }),
  },
  {
    number: 12,
    title: 'a constant id twice in one session with different prompts is two requests',
    trees: [inOneFile(lines(relayA, line('ocgo o48 140/12')), { o48: '2; 240/22/0/0/0; 0.00175' })],
  },
  {
    number: 13,
    title: 'lines without an id are told apart by their uuid',
    trees: [
      inOneFile(lines(line('- o48 10/160/0/0/1000'), line('- o48 10/160/0/0/1000')), {
        o48: '2; 20/320/0/0/2000; 0.0091',
      }),
    ],
  },
  {
    number: 14,
    title: 'one uuid in two files, without an id, is one request',
    trees: bothOrders(lines(sameUuid), lines(sameUuid), { models: AS_ONE }),
  },
  {
    number: 15,
    title: 'a synthetic error message counts nothing',
    trees: [inOneFile(lines(line('u-15 <synthetic> 0/0', { line: { isApiErrorMessage: true } })), {})],
  },
  {
    number: 16,
    title: 'a real model without usage counts nothing',
    trees: [inOneFile(lines(line('msg_16/r16 o48 0/0')), {})],
  },
  {
    number: 17,
    title: 'the usage in a tool result counts nothing',
    trees: [
      inOneFile(
        lines(toolResult('toolu_17', { usage: { input_tokens: 9999, output_tokens: 9999 }, totalTokens: 19998 })),
        {},
      ),
    ],
  },
  {
    number: 18,
    title: 'a progress line counts once with the sub-agent response it repeats',
    trees: [
      progressAnd('-a', '-b'),
      progressAnd('-b', '-a'),
      progressAnd('-a', '-a'),
      inOneFile(lines(embedded), { o48: '1; 0/1/0/0/0; 0.000025' }),
    ],
  },
  {
    number: 19,
    title: 'usage in text, snapshots and summaries counts nothing',
    trees: [
      inOneFile(
        lines(
          JSON.stringify({ type: 'user', message: { role: 'user', content: 'see "usage":{"input_tokens":5}' } }),
          JSON.stringify({ type: 'user', message: { role: 'user', content: [], usage: { input_tokens: 5 } } }),
          JSON.stringify({ type: 'file-history-snapshot', snapshot: { usage: { input_tokens: 5 } } }),
          JSON.stringify({ type: 'summary', summary: 'x', usage: { input_tokens: 5, output_tokens: 5 } }),
        ),
        {},
      ),
    ],
  },
  {
    number: 52,
    title: 'an Anthropic id without any request id, on three lines in two files, is one request',
    trees: bothOrders(
      lines(line('msg_9 o48 10/160/0/0/1000')),
      lines(
        line('msg_9 o48 10/160/0/0/1000', { line: { timestamp: '2026-11-01T10:00:04.000Z' } }),
        line('msg_9 o48 10/160/0/0/1000', { line: { timestamp: '2026-11-01T11:00:00.000Z' } }),
      ),
      { models: AS_ONE },
    ),
  },
  {
    number: 53,
    title: 'a copied session whose message ids were replaced by line uuids counts once',
    trees: [
      ...bothOrders(lines(line('msg_10/r10 o48 10/50')), lines(...copied), {
        models: { o48: '1; 10/50/0/0/0; 0.0013' },
      }),
      inOneFile(lines(...copied), { o48: '1; 10/50/0/0/0; 0.0013' }),
    ],
  },
  {
    number: 54,
    title: 'several objects on one line all count',
    trees: [
      inOneFile(lines(line('msg_11/r11 o48 10/160/0/0/1000') + line('msg_12/r12 o48 10/160/0/0/1000')), {
        o48: '2; 20/320/0/0/2000; 0.0091',
      }),
      inOneFile(lines(line('msg_11/r11 o48 10/160/0/0/1000') + '{bad'), AS_ONE, { malformed: 1 }),
    ],
  },
]
