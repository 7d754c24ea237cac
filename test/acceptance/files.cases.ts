// Cases 40, 42, 43, 45, 47-50: bytes, paths, projects (claude-code-logs 8). Cases that need time or size are in *.test.ts.
import { symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { assistant, line, lines } from '../support/line.js'
import { inOneFile, type Case } from './case.js'

const NAMED = 'msg_48/r48 o48 10/160/0/0/1000'
const AS_ONE = { o48: '1; 10/160/0/0/1000; 0.00455' }

const counted = (n: number) => line(`msg_40${n}/r40${n} o48 10/160/0/0/1000`)
const invalid = line('msg_405/r405 o48 10/160/0/0/1000').replace('"ok"', '"\u0001"')

/** A byte order mark, a blank line, CRLF, NUL bytes, invalid UTF-8 inside a good line and on its own, torn JSON. */
const dirty = Buffer.concat([
  Buffer.from([0xef, 0xbb, 0xbf]),
  Buffer.from(`${counted(1)}\n\n${counted(2)}\r\n\0\0\0\n\0\0${counted(3)}\0\n   ${counted(4)}\t\n`),
  Buffer.from(`{bad\n${counted(6).slice(0, -40)}\n`),
  withByte(Buffer.from(`${invalid}\n`), 0x01, 0xff),
  Buffer.from([0xff, 0xfe, 0x0a]),
])

/** Spaces and an order of keys that other writers use. */
const spaced = JSON.stringify(assistant('msg_42/r42 o48 7/0'), null, 1).replace(/\n\s*/g, ' ').replaceAll('":', '" :')
const reordered =
  '{ "message" : { "usage" : { "input_tokens" : 7 } , "id" : "msg_42" , "model" : "claude-opus-4-8" } , "type" : "assistant" }'

const at = (time: string, n: number) =>
  line(`msg_47${n}/r47${n} o48 10/160/0/0/1000`, { line: { timestamp: `2026-11-01T${time}Z` } })
const of = (cwd: string, n: number) => lines(line(`msg_48${n}/r48${n} o48 10/160/0/0/1000`, { line: { cwd } }))

export const filesCases: readonly Case[] = [
  {
    number: 40,
    title: 'good lines count between damaged ones',
    trees: [inOneFile(dirty, { o48: '5; 50/800/0/0/5000; 0.02275' }, { malformed: 3 })],
  },
  {
    number: 42,
    title: 'spaces and another order of keys change nothing',
    trees: [spaced, reordered].map((text) => inOneFile(lines(text), { o48: '1; 7/0/0/0/0; 0.000035' })),
  },
  {
    number: 43,
    title: 'a workflow agent belongs to its session and project',
    trees: [
      {
        name: 'with a main transcript',
        files: {
          'p/S.jsonl': lines(
            JSON.stringify({ type: 'user', cwd: '/w/parent', message: { role: 'user', content: 'x' } }),
          ),
          'p/S/subagents/workflows/wf_1/agent-a.jsonl': lines(
            line(NAMED, { line: { cwd: '/w/elsewhere', isSidechain: true } }),
          ),
          'p/S/subagents/workflows/wf_1/journal.jsonl': lines(line('msg_43/r43 o48 10/160/0/0/1000')),
        },
        expect: { models: AS_ONE, projects: ['parent'] },
      },
      {
        name: 'without a working directory on any line',
        files: { 'p/S/subagents/workflows/wf_1/agent-a.jsonl': lines(line(NAMED, { line: { cwd: undefined } })) },
        expect: { models: AS_ONE, projects: ['p'] },
      },
    ],
  },
  {
    number: 45,
    title: 'a response across midnight counts once (its day is checked in periods.test.ts)',
    trees: [
      inOneFile(
        lines(
          line('msg_45/r45 o48 0/1', { line: { timestamp: '2026-10-31T23:59:59.900Z' } }),
          line('msg_45/r45 o48 0/50', { line: { timestamp: '2026-11-01T00:00:03.000Z' } }),
        ),
        { o48: '1; 0/50/0/0/0; 0.00125' },
      ),
    ],
  },
  {
    number: 47,
    // Five-hour blocks are not shown, so only the responses in them are checked.
    title: 'responses in two five-hour blocks all count',
    trees: [
      inOneFile(lines(at('10:20:00.000', 1), at('15:00:00.000', 2), at('15:10:00.000', 3)), {
        o48: '3; 30/480/0/0/3000; 0.01365',
      }),
    ],
  },
  {
    number: 48,
    title: 'a worktree, its repository and a custom directory name are one project',
    trees: [
      {
        files: {
          '-w-app--claude-worktrees-x/A.jsonl': of('/w/app/.claude/worktrees/x', 1),
          '-w-app/B.jsonl': of('/w/app', 2),
          'my_name/C.jsonl': of('/w/app', 3),
        },
        expect: { models: { o48: '3; 30/480/0/0/3000; 0.01365' }, projects: ['app'] },
      },
    ],
  },
  {
    number: 49,
    title: 'two directories with the same slug are two projects',
    trees: [
      {
        files: { '-w-a-b/A.jsonl': of('/w/a_b', 1), '-w-a-b/B.jsonl': of('/w/a-b', 2) },
        expect: { models: { o48: '2; 20/320/0/0/2000; 0.0091' }, projects: ['a-b', 'a_b'] },
      },
    ],
  },
  {
    number: 50,
    title: 'one tree given as two roots, one of them a symbolic link, counts once',
    trees: [
      {
        files: { '-w-app/A.jsonl': lines(line('- o48 10/160/0/0/1000', { line: { uuid: undefined } })) },
        expect: { models: AS_ONE },
        roots: (configDir) => {
          const link = join(dirname(configDir), 'link')
          symlinkSync(configDir, link)
          return [configDir, link, join(configDir, 'projects')]
        },
      },
    ],
  },
]

function withByte(bytes: Buffer, from: number, to: number): Buffer {
  return Buffer.from(bytes.map((byte) => (byte === from ? to : byte)))
}
