// A random response of a hostile log: any kind of key, snapshots in any state, usage with every field of the format
// (claude-code-logs 2.2, 3, 5).
import { RawNumber } from './json-style.js'
import type { Fields } from './line.js'
import type { Random } from './random.js'

export interface Spoken {
  /** Snapshots in the order in which they were written. */
  readonly lines: readonly Fields[]
  /** Result lines of the web searches, if any. */
  readonly results: readonly Fields[]
}

const MODELS = [
  'claude-opus-4-8',
  'claude-opus-4-8',
  'claude-sonnet-5',
  'claude-sonnet-4-6',
  'claude-opus-4-6',
  'claude-haiku-5-5',
  'claude-sonnet-5-5',
  'claude-fable-5',
  'claude-fable-5-1',
  'claude-fable-5-2',
  'claude-mythos-5',
  'claude-opus-5',
  'claude-opus-5-5',
  'claude-opus-4-1',
  'claude-opus-4-20250514',
  'claude-opus-4-0',
  'claude-sonnet-4-5-20250929',
  'claude-sonnet-4-20250514',
  'claude-3-5-haiku-20241022',
  'claude-3-haiku-20240307',
  'claude-3-7-sonnet-latest',
  'claude-haiku-4-5-20251001',
  'us.anthropic.claude-opus-4-5-20251101-v1:0',
  'anthropic/claude-opus-4.5',
  'claude-opus-4-6-fast',
  'CLAUDE-OPUS-4-7[1m]',
  '  claude-opus-4-8 ',
  'claude-4-5-sonnet',
  'anthropic--claude-4.6-opus',
  'openrouter/anthropic/claude-opus-4.5:thinking',
  'claude-sonnet-4-5@20250929',
  'glm-4.7',
  'claude-opus-9-1',
  'claude-opus-4',
  'claude-opus-4-9',
  'quo"ted\\model',
  'модель',
  '',
  '   ',
  null,
  7,
  undefined,
  '<synthetic>',
]

/** Days before and after every change of price. */
const DAYS = [
  '2025-06-08',
  '2026-03-11',
  '2026-03-12',
  '2026-03-13',
  '2026-04-28',
  '2026-05-03',
  '2026-10-06',
  '2026-10-07',
  '2026-11-01',
  '2026-11-02',
]

const ODD_NUMBERS = [
  '1e3',
  '5.7',
  '0.4',
  '-3',
  '1e999',
  '-1e999',
  '5e9',
  '4294967295',
  '4294967296',
  '16777216',
  '16777217',
  '100000000',
  '100000001',
  '1E+2',
  '-0',
].map((text) => new RawNumber(text))

export function hostileResponse(
  random: Random,
  shared: { readonly cwd: string | undefined; readonly sessionId: string },
): Spoken {
  const key = hostileKey(random)
  const model = random.pick(MODELS)
  const full = hostileUsage(random, model)
  const day = random.pick(DAYS)
  const startMs = random.int(86_390_000)
  const sidechain = random.chance(0.1)
  const call = random.chance(0.12) ? random.fresh('toolu_') : undefined
  const stop = random.chance(0.04) && typeof model === 'string' && model.startsWith('claude-') ? 'refusal' : undefined
  const snapshots = 1 + random.int(random.chance(0.5) ? 1 : 4)

  const lines = Array.from({ length: snapshots }, (_, index) => {
    const last = index === snapshots - 1
    const uuid = random.fresh('u-')
    return {
      parentUuid: null,
      isSidechain: sidechain || undefined,
      cwd: shared.cwd,
      sessionId: shared.sessionId,
      version: '2.1.290',
      message: {
        model: last && random.chance(0.04) ? random.pick(MODELS) : model,
        id: key.shadow ? uuid : key.id,
        type: 'message',
        role: 'assistant',
        content: content(random, call),
        stop_reason: stop ?? (last ? 'end_turn' : null),
        usage: last ? full : early(random, full),
      },
      requestId: key.requestId,
      type: 'assistant',
      uuid: key.noUuid ? undefined : (key.sameUuid ?? uuid),
      timestamp: timestamp(random, day, startMs + index * random.int(3000)),
    }
  })
  const results =
    call === undefined ? [] : Array.from({ length: 1 + random.int(2) }, () => searchResult(random, call, day))
  return { lines: random.chance(0.1) ? random.shuffled(lines) : lines, results }
}

/** RFC 3339 in various spellings, sometimes an invalid timestamp. */
export function timestamp(random: Random, day: string, ms: number): unknown {
  const iso = new Date(Date.parse(day) + ms).toISOString()
  if (random.chance(0.9)) return iso
  const local = iso.replace('Z', '')
  return random.pick([
    undefined,
    null,
    '',
    'yesterday',
    Date.parse(iso),
    '2026-02-30T10:00:00Z',
    day,
    `${local}+02:00`,
    `${local}-05:30`,
    local,
    iso.replace(/\.\d+/, ''),
    iso.replace('Z', '999Z'),
  ])
}

interface HostileKey {
  readonly id?: unknown
  readonly requestId?: unknown
  readonly shadow?: true
  readonly sameUuid?: string
  readonly noUuid?: true
}

function hostileKey(random: Random): HostileKey {
  const requestId = random.pick<unknown>([undefined, null, '', random.fresh('req_')])
  const kind = random.pick(['A', 'A', 'A', 'A', 'A', 'B', 'B', 'shadow', 'C', 'constant', 'D', 'E'] as const)
  switch (kind) {
    case 'A':
      return { id: random.fresh('msg_'), requestId: random.chance(0.8) ? random.fresh('req_') : requestId }
    case 'B':
      return { id: random.pick([random.fresh('resp-'), 'ocgo']), requestId: random.fresh('req_') }
    case 'shadow':
      return { shadow: true, requestId: random.fresh('req_') }
    case 'C':
      return { id: ` ${random.fresh('resp-')}`, requestId: random.pick([undefined, null, '  ']) }
    case 'constant':
      return { id: 'ocgo' }
    case 'D':
      return { id: random.pick([undefined, null, '', 5]), requestId, sameUuid: random.fresh('u-') }
    case 'E':
      return { id: undefined, requestId, noUuid: true }
  }
}

function hostileUsage(random: Random, model: unknown): Fields {
  const nothing = random.chance(0.04)
  const counts = nothing ? '0' : undefined
  const base = tokenFields(random, counts)
  const fastModel = typeof model === 'string' && !model.includes('mythos')
  return {
    ...base,
    service_tier: random.pick(['standard', 'standard', 'batch', 'priority', null, undefined]),
    speed: fastModel ? random.pick(['fast', 'standard', null, undefined]) : undefined,
    inference_geo: random.pick(['us', 'global', 'not_available', '', null, undefined]),
    server_tool_use: random.chance(0.2)
      ? { web_search_requests: random.pick([0, 0, 1, 2, null]), web_fetch_requests: 1 }
      : random.pick([null, undefined]),
    iterations: iterations(random),
  }
}

function tokenFields(random: Random, fixed?: string): Fields {
  const n = (below: number) =>
    fixed !== undefined
      ? 0
      : random.chance(0.04)
        ? random.pick<unknown>([...ODD_NUMBERS, '12', null, undefined])
        : random.int(below)
  const write5m = n(5000)
  const write1h = n(5000)
  const plain = (value: unknown) => (typeof value === 'number' ? value : 0)
  return {
    input_tokens: n(random.chance(0.1) ? 200_000 : 3000),
    cache_creation_input_tokens: random.pick<unknown>([
      plain(write5m) + plain(write1h),
      plain(write5m) + plain(write1h),
      0,
      n(8000),
      undefined,
    ]),
    cache_read_input_tokens: n(random.pick([100, 90_000, 300_000])),
    cache_creation: random.pick<unknown>([
      { ephemeral_5m_input_tokens: write5m, ephemeral_1h_input_tokens: write1h },
      { ephemeral_1h_input_tokens: write1h, ephemeral_5m_input_tokens: write5m },
      null,
      undefined,
    ]),
    output_tokens: n(2000),
  }
}

function iterations(random: Random): unknown {
  if (random.chance(0.8))
    return random.pick<unknown>([undefined, null, [], [{ type: 'message', model: null, input_tokens: 3 }]])
  return Array.from({ length: 1 + random.int(4) }, () => ({
    type: random.pick(['message', 'advisor_message', 'advisor_message', 'fallback_message', 'compaction']),
    model: random.pick(['claude-opus-4-8', 'claude-opus-5', 'glm-4.7', null, undefined]),
    speed: random.pick(['fast', 'standard', null, undefined, undefined]),
    ...tokenFields(random, random.chance(0.1) ? '0' : undefined),
  }))
}

/** An early snapshot with the same prompt and less output; some writers begin with empty usage. */
function early(random: Random, full: Fields): Fields {
  if (random.chance(0.1)) return { input_tokens: 0, output_tokens: 0 }
  return { ...full, output_tokens: random.int(10), iterations: random.chance(0.5) ? undefined : full.iterations }
}

function content(random: Random, call: string | undefined): unknown {
  const texts = [
    'ok',
    'she said "usage":{"input_tokens":5}',
    '{"type":"assistant","message":{"usage":{',
    'back\\slash\\',
    'line\nbreak',
    'ünï 💡 \u2028',
    '\ud83d',
    '}'.repeat(5),
    'x'.repeat(random.chance(0.02) ? 150_000 : 500),
  ]
  const decoy = {
    type: 'assistant',
    usage: { input_tokens: 9 },
    message: { id: 'msg_decoy', usage: { output_tokens: 9 } },
  }
  return [
    { type: 'text', text: random.pick(texts) },
    ...(random.chance(0.1) ? [{ type: 'tool_use', id: random.fresh('toolu_'), name: 'Edit', input: decoy }] : []),
    ...(random.chance(0.05)
      ? [{ type: 'tool_use', id: random.fresh('toolu_'), name: 'mcp__web__WebSearch', input: {} }]
      : []),
    ...(call === undefined ? [] : [{ type: 'tool_use', id: call, name: 'WebSearch', input: { query: 'x' } }]),
  ]
}

function searchResult(random: Random, call: string, day: string): Fields {
  const own = { tool_use_id: call, type: 'tool_result', content: 'x' }
  const other = { tool_use_id: random.fresh('toolu_'), type: 'tool_result', content: 'x' }
  return {
    type: 'user',
    message: { role: 'user', content: random.chance(0.1) ? [own, other] : [own] },
    uuid: random.fresh('u-'),
    timestamp: timestamp(random, day, random.int(86_390_000)),
    toolUseResult: { query: 'x', searchCount: 1 + random.int(4), usage: { input_tokens: 99, output_tokens: 99 } },
  }
}
