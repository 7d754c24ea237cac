// One line of a Codex rollout per seed: in Codex's own style or another, intact or damaged (mutated.ts).
import fc from 'fast-check'
import { randomStyle, render } from '../support/json-style.js'
import { seeded, type Random } from '../support/random.js'
import { A, B, C, K, M, R, S, U, limits, t1, tier, x, type Fields } from '../support/rollout.js'
import { worlds } from '../support/rollout-worlds.js'
import { spoilt } from './mutated.js'

const WORLDS = 60

/** The lines of generated threads, in order. */
const written = fc
  .sample(worlds, { numRuns: WORLDS, seed: 1 })
  .flatMap(({ files }) => files.map(({ content }) => content.toString().trimEnd().split('\n')))

/** One line of a rollout per seed. @param seeds the first one also picks the thread */
export function mutatedRollout(seeds: readonly number[]): Buffer[] {
  const [first = 0] = seeds
  const thread = written[first % written.length]!
  return seeds.map((seed, index) => {
    const random = seeded(seed)
    const line = random.chance(0.75) ? thread[index % thread.length]! : original(random)
    return spoilt(random.chance(0.1) ? numbered(line, random) : line, random, WANTED)
  })
}

function original(random: Random): string {
  if (random.chance(0.3)) return random.pick(REST)
  const timestamp = '2026-11-01T10:00:00.000Z'
  const { type, payload } = random.pick(LINES)
  const more = random.pick<Fields>([{}, {}, MORE])
  return render({ timestamp, type, payload: { ...payload, ...more } }, randomStyle(random), random)
}

const LONG = 'Be "brief".\n\\ é '.repeat(300)
const LINES = [
  M(A, { base_instructions: { text: LONG }, cwd: 'C:\\w\\app' }),
  M(B, { forked_from_id: A, cwd: '/w/é' }),
  M(B, { source: { subagent: { thread_spawn: { parent_thread_id: A } } } }),
  M(B, { history_base: { ordinal: 3 }, subagent_history_start_ordinal: 0 }),
  M(B, { history_base: [], cli_version: '0.160.0', history_mode: 'paginated' }),
  C(t1, 'gpt-5.4', {
    developer_instructions: LONG,
    collaboration_mode: { settings: { developer_instructions: LONG } },
  }),
  C(t1, 'gpt-5.4-é'),
  C(),
  S(t1),
  U,
  limits(),
  tier('priority', { thread_id: A }),
  K(x, x, { model: 'gpt-5' }),
  K([2 ** 53, 1e15, 1e300], [999_999_999_999_999, 1, 1_000_000_000_000_000]),
  R('chatcmpl-1', A, t1, x),
  R('a', A, t1, x, [9_007_199_254_740_992, 5, 7]),
  { type: 'event_msg', payload: { type: 'item_completed', item: { type: 'AgentMessage', text: LONG } } },
  { type: 'event_msg', payload: { type: 'agent_message', message: LONG } },
  { type: 'compacted', payload: { message: LONG } },
  { type: 'compacted', payload: { message: LONG, latest_token_usage_record: R('b', A, t1, x).payload } },
]
/** Fields that the reader reads from other payloads, and that Codex does not write into these. */
const MORE: Fields = { role: 'assistant', item: { type: 'UserMessage' }, info: null, usage: [], source: 'cli' }

const BEGINNING = '{"timestamp":"2026-11-01T10:00:00.000Z","type":"'
const REST = [
  '',
  ' ',
  '\0\0',
  '{}',
  '[]',
  'null',
  '{"timestamp":"}',
  '{"timestamp":"2026-11-01T10:00:00.000Z"}',
  '{"timestamp":"2026-11-01T10:00:00.000Z","ordinal":}',
  '{"timestamp":"2026-11-01T10:00:00.000Z","ordinal":7}',
  `${BEGINNING}}`,
  `${BEGINNING}token_count"}`,
  `${BEGINNING}event_msg","payload":{"type":"token_count"}}`,
  `${BEGINNING}event_msg","payload":{"type":"token_count","info":[]}}`,
  `${BEGINNING}event_msg","payload":{"type":"token_counts"}}`,
  `${BEGINNING}event_msg","payload":null}`,
  `${BEGINNING}turn_context","payload":[]}`,
  `${BEGINNING}turn_context","payload":"}{"}`,
  `${BEGINNING}session_meta","payload":{bad}}`,
  `${BEGINNING}response_item","payload":{bad}}`,
  `${BEGINNING}response_item","payload":{}}{"type":"turn_context"}`,
  `${BEGINNING}response_item","pay${BEGINNING}turn_context","payload":{"model":"gpt-5.5"}}`,
  `${BEGINNING}response_item","payload":{}}${BEGINNING}turn_context","payload":{"model":"gpt-5.5"}}`,
  `${BEGINNING}response_item","payload":{"type":"message","text":"}{\\"t"}}`,
  `${BEGINNING}compacted","payload":{"latest_token_usage_record"}}`,
  // With two objects under one key, nothing of the first may remain.
  `${BEGINNING}turn_context","payload":{"model":"gpt-5.5","turn_id":"t9"},"payload":{"turn_id":"t9"}}`,
  `${BEGINNING}event_msg","payload":{"type":"token_count","info":{"last_token_usage":{"input_tokens":5}},"info":{"last_token_usage":{"output_tokens":7}}}}`,
  '{"type":"event_msg","payload":{"type":"token_count"}}',
]

/** As in paginated rollouts. */
function numbered(line: string, random: Random): string {
  const ordinal = random.pick(['0', '7', '1234567890123', '', '-1', '1.5', '"1"'])
  return line.replace(',"type"', `,"ordinal":${ordinal},"type"`)
}

const WANTED =
  /"(?:timestamp|type|payload|id|cwd|model|source|subagent|cli_version|history_mode|history_base|forked_from_id|parent_thread_id|turn_id|thread_id|response_id|usage|thread_token_usage|latest_token_usage_record|info|\w+_tokens|\w+_token_usage|thread_settings|service_tier|role|item)"(?=\s*:)/g
