// Cases 20-35, 44, 46, 51: token classes, tiers, dates, factors, names, searches (claude-code-logs 8).
import { line, lines, toolResult, usage, type Fields } from '../support/line.js'
import { inOneFile, type Case, type Tree } from './case.js'

const CREATED = 'cache_creation_input_tokens'

function written(total: number, split: readonly [w5: number, w1h: number] | undefined, more: Fields = {}): string {
  const nested = split && { ephemeral_5m_input_tokens: split[0], ephemeral_1h_input_tokens: split[1] }
  return lines(line('msg_20/r20 s5', { usage: { [CREATED]: total, cache_creation: nested, ...more } }))
}

function pass(type: string, counts: string, more: Fields = {}): Fields {
  return { type, ...usage(counts), ...more }
}

/** One response with more fields in its usage. */
function billed(notation: string, more: Fields, models: Tree['expect']['models']): Tree {
  return inOneFile(lines(line(notation, { usage: more })), models)
}

function on(day: string, notation: string, models: Tree['expect']['models']): Tree {
  return inOneFile(lines(line(notation, { line: { timestamp: `${day}T12:00:00.000Z` } })), models)
}

const FAST = { speed: 'fast' }
const US = { inference_geo: 'us' }

const advised = line('msg_25/r25 claude-sonnet-4-6 2/100/0/0/1000', {
  usage: {
    iterations: [
      pass('message', '1/40/0/0/500'),
      pass('advisor_message', '5000/200', { model: 'claude-opus-4-8' }),
      pass('message', '1/60/0/0/500'),
    ],
  },
})

const searching = (reported: number) =>
  lines(
    line('msg_35/r35 s5 100/50', {
      message: { content: [{ type: 'tool_use', id: 'toolu_35', name: 'WebSearch', input: { query: 'x' } }] },
      usage: { server_tool_use: { web_search_requests: reported, web_fetch_requests: 0 } },
    }),
    toolResult('toolu_35', { query: 'x', results: [], searchCount: 3 }),
  )

const undated = (timestamp: unknown) => line('msg_46/r46 claude-sonnet-5-5 0/0/0/0/1000000', { line: { timestamp } })

export const pricingCases: readonly Case[] = [
  {
    number: 20,
    title: 'cache writes are priced by their split',
    trees: [inOneFile(written(3000, [1000, 2000]), { s5: '1; 0/0/1000/2000/0; 0.0105' })],
  },
  {
    number: 21,
    title: 'cache writes without a split are five-minute writes',
    trees: [inOneFile(written(3000, undefined), { s5: '1; 0/0/3000/0/0; 0.0075' })],
  },
  {
    number: 22,
    title: 'the split counts when the total is 0',
    trees: [inOneFile(written(0, [400, 0], { output_tokens: 10 }), { s5: '1; 0/10/400/0/0; 0.0011' })],
  },
  {
    number: 23,
    title: 'the rest of a total above its split counts as five-minute writes',
    trees: [inOneFile(written(3000, [0, 1000]), { s5: '1; 0/0/2000/1000/0; 0.009' })],
  },
  {
    number: 24,
    title: 'nested null fields leave the standard rate',
    trees: [
      billed(
        'msg_24/r24 o48 10/160/0/0/1000',
        {
          iterations: [pass('message', '10/160/0/0/1000', { model: null })],
          speed: null,
          inference_geo: null,
          service_tier: null,
        },
        { o48: '1; 10/160/0/0/1000; 0.00455' },
      ),
    ],
  },
  {
    number: 25,
    title: 'an advisor pass is one request of its own, however often its line is repeated',
    trees: [
      inOneFile(lines(advised, advised, advised), {
        'claude-sonnet-4-6': '1; 2/100/0/0/1000; 0.001806',
        o48: '1; 5000/200/0/0/0; 0.03',
      }),
    ],
  },
  {
    number: 26,
    title: 'a fallback pass is not added',
    trees: [
      billed(
        'msg_26/r26 o48 5/300',
        { iterations: [pass('fallback_message', '5/0', { model: 'claude-fable-5' }), pass('message', '5/300')] },
        { o48: '1; 5/300/0/0/0; 0.007525' },
      ),
    ],
  },
  {
    number: 27,
    title: 'a compaction pass is added',
    trees: [
      billed(
        'msg_27/r27 o48 23000/1000',
        { iterations: [pass('compaction', '180000/3500'), pass('message', '23000/1000')] },
        { o48: '1; 203000/4500/0/0/0; 1.1275' },
      ),
    ],
  },
  {
    number: 28,
    title: 'fast mode and US inference multiply the price',
    trees: [
      billed('msg_28/r28 o48 1000/100/0/0/10000', {}, { o48: '1; 1000/100/0/0/10000; 0.0125' }),
      billed('msg_28/r28 o48 1000/100/0/0/10000', FAST, { o48: '1; 1000/100/0/0/10000; 0.025' }),
      billed('msg_28/r28 o48 1000/100/0/0/10000', US, { o48: '1; 1000/100/0/0/10000; 0.01375' }),
      billed('msg_28/r28 o48 1000/100/0/0/10000', { ...FAST, ...US }, { o48: '1; 1000/100/0/0/10000; 0.0275' }),
    ],
  },
  {
    number: 29,
    title: 'fast mode of a model without a fast price costs the standard rate',
    trees: [
      billed('msg_29/r29 claude-opus-4-6 1000/100', FAST, { 'claude-opus-4-6': '1; 1000/100/0/0/0; 0.045' }),
      billed('msg_29/r29 s5 1000/100', FAST, { s5: '1; 1000/100/0/0/0; 0.003' }),
    ],
  },
  {
    number: 30,
    title: 'a prompt above 100,000 tokens has the long-prompt price, one of exactly 100,000 does not',
    trees: [
      billed(
        'msg_30/r30 claude-haiku-5-5 1000/200/0/4000/95000',
        {},
        { 'claude-haiku-5-5': '1; 1000/200/0/4000/95000; 0.00195' },
      ),
      billed(
        'msg_30/r30 claude-haiku-5-5 1001/200/0/4000/95000',
        {},
        { 'claude-haiku-5-5': '1; 1001/200/0/4000/95000; 0.0097505' },
      ),
    ],
  },
  {
    number: 31,
    title: 'cache reads have the price of their day and model',
    trees: [
      on('2026-10-06', 'msg_31/r31 claude-sonnet-5-5 0/0/0/0/1000000', {
        'claude-sonnet-5-5': '1; 0/0/0/0/1000000; 0.2',
      }),
      on('2026-10-07', 'msg_31/r31 claude-sonnet-5-5 0/0/0/0/1000000', {
        'claude-sonnet-5-5': '1; 0/0/0/0/1000000; 0.1',
      }),
      on('2026-11-01', 'msg_31/r31 claude-fable-5 0/0/0/0/1000000', { 'claude-fable-5': '1; 0/0/0/0/1000000; 1' }),
      on('2026-11-01', 'msg_31/r31 claude-fable-5-1 0/0/0/0/1000000', {
        'claude-fable-5-1': '1; 0/0/0/0/1000000; 0.25',
      }),
    ],
  },
  {
    number: 32,
    title: 'a long-prompt price ends on its day',
    trees: [
      on('2026-03-12', 'msg_32/r32 claude-opus-4-6 50000/1000/0/0/160000', {
        'claude-opus-4-6': '1; 50000/1000/0/0/160000; 0.6975',
      }),
      on('2026-03-13', 'msg_32/r32 claude-opus-4-6 50000/1000/0/0/160000', {
        'claude-opus-4-6': '1; 50000/1000/0/0/160000; 0.355',
      }),
    ],
  },
  {
    number: 33,
    title: 'spellings of one model have the same price',
    trees: [
      'us.anthropic.claude-opus-4-5-20251101-v1:0',
      'claude-opus-4-5@20251101',
      'anthropic/claude-opus-4.5',
      'claude-opus-4-5[1m]',
      'anthropic.claude-opus-4-5-20251101-v1:0:200k',
      'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-5-20251101-v1:0',
      'bedrock/converse/arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-opus-4-5-20251101-v1:0',
    ].map((model) => billed(`msg_33/r33 ${model} 1000/0`, {}, { 'claude-opus-4-5': '1; 1000/0/0/0/0; 0.005' })),
  },
  {
    number: 34,
    title: 'models without a price are counted, cost nothing and are reported',
    trees: ['claude-opus-9-1', 'claude-opus-4-9']
      .map((model) =>
        inOneFile(
          lines(line(`msg_34/r34 ${model} 1000/10`)),
          { [model]: '1; 1000/10/0/0/0; 0' },
          { unpriced: { [model]: 1010 } },
        ),
      )
      .concat(
        // The label of an ARN that names no model must not contain the account.
        inOneFile(
          lines(
            line(
              'msg_34/r34 arn:aws:bedrock:eu-west-2:123456789012:application-inference-profile/46u2vhiyo6z5 1000/10',
            ),
          ),
          { 'bedrock-application-inference-profile/46u2vhiyo6z5': '1; 1000/10/0/0/0; 0' },
          { unpriced: { 'bedrock-application-inference-profile/46u2vhiyo6z5': 1010 } },
        ),
      ),
  },
  {
    number: 35,
    title: 'web searches count once, whether the result, the response or both report them',
    trees: [searching(0), searching(3)].map((text) =>
      inOneFile(text, { s5: '1; 100/50/0/0/0; 0.0307' }, { searches: 3 }),
    ),
  },
  {
    number: 44,
    title: 'negative, textual and null token counts are 0, and 1e3 is 1000',
    trees: [
      inOneFile(
        lines(
          line('msg_44/r44 o48', {
            usage: {
              input_tokens: -5,
              output_tokens: '12',
              [CREATED]: null,
              cache_creation: null,
              cache_read_input_tokens: 'X',
            },
          }).replace('"X"', '1e3'),
        ),
        { o48: '1; 0/0/0/0/1000; 0.0005' },
      ),
    ],
  },
  {
    number: 46,
    title: 'a response without a valid timestamp is counted at current prices',
    trees: [undefined, null, '', 'yesterday', 1_790_000_000_000].map((timestamp) =>
      inOneFile(lines(undated(timestamp)), { 'claude-sonnet-5-5': '1; 0/0/0/0/1000000; 0.1' }),
    ),
  },
  {
    number: 51,
    title: 'a request refused before any output costs nothing',
    trees: [
      inOneFile(lines(line('msg_51/r51 claude-fable-5 2000/0', { message: { stop_reason: 'refusal' } })), {
        'claude-fable-5': '1; 2000/0/0/0/0; 0',
      }),
    ],
  },
]
