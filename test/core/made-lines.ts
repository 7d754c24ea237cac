// Generated lines for the laws of the core. Small domains make keys collide, lines tie and copies find their originals.
// A line is a plain object with names for ids; `batchOf` turns lines into the batch that a source would make.
import fc from 'fast-check'
import { BatchBuilder, type Batch } from '../../src/core/ledger/batch.js'
import { KeyHash } from '../../src/core/ledger/hash.js'
import { MODIFIERS } from '../../src/core/ledger/modifiers.js'
import { COLUMN, DOUBLE_COLUMN } from '../../src/core/schema.js'
import { FLAG, scratchRow } from '../../src/core/ledger/usage.js'

export interface MadeLine {
  readonly kind: 'line'
  /** Name of the response; a copy without message id has its request's name. */
  readonly key: string
  /** Name of the request id; empty when the line has none. */
  readonly request: string
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
  readonly model: string
  readonly place: string
  /** Milliseconds since the epoch, or NaN. */
  readonly time: number
  /** Bits of `FLAG` and `MODIFIER`. */
  readonly flags: number
  readonly searches: number
  readonly tools: readonly string[]
  readonly requests: number
  /** Cost in the log, in nano-dollars; 0: none. */
  readonly costNanos: number
}

/** A later line with the number of searches that a tool made. */
export interface MadeResult {
  readonly kind: 'result'
  readonly tool: string
  readonly count: number
  readonly time: number
}

export type Made = MadeLine | MadeResult

/** A line from which others are derived. */
export const PLAIN: MadeLine = {
  kind: 'line',
  key: 'm1',
  request: '',
  input: 1,
  output: 1,
  cacheRead: 1,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  model: 'model-a',
  place: 'agent/one/s1',
  time: 1000,
  flags: 0,
  searches: 0,
  tools: [],
  requests: 1,
  costNanos: 0,
}

export const MODELS = ['', 'model-a', 'model-b', 'model-without-price']
export const PLACES = ['agent/one/s1', 'agent/one/s2', 'agent/two/s1']
const TIMES = [Number.NaN, 0, 1000, 86_400_000]
const COUNTS = [0, 1, 1, 2, 5, 0xffff_ffff]

/** Messages and the request ids they may carry, with one request under two messages and two requests of one message. */
const RESPONSES = [
  ['m1', ['', 'r1']],
  ['m2', ['', 'r1', 'r2']],
  ['m3', ['r2']],
  ['m4', ['']],
] as const
/** Messages with one request each, so that a response has at most one copy. */
const RESPONSES_OF_ONE_REQUEST = [
  ['m1', ['', 'r1']],
  ['m2', ['', 'r1']],
  ['m3', ['r2']],
  ['m4', ['']],
] as const

type Responses = readonly (readonly [string, readonly string[]])[]

/** The identity of a line: a message, an advisor pass of one (`m1#1`), or a copy that has only its request id. */
function identities(responses: Responses): fc.Arbitrary<Pick<MadeLine, 'key' | 'request'> & { copy: boolean }> {
  const messages = responses.flatMap(([key, requests]) => requests.map((request) => ({ key, request, copy: false })))
  const copies = ['r1', 'r2'].map((key) => ({ key, request: '', copy: true }))
  const advisors = [...messages, ...copies].map(({ key, request, copy }) => ({
    key: `${key}#1`,
    request: request === '' ? '' : `${request}#1`,
    copy,
  }))
  return fc.constantFrom(...messages, ...messages, ...copies, ...copies, ...advisors)
}

function madeLine(responses: Responses): fc.Arbitrary<MadeLine> {
  const count = fc.constantFrom(...COUNTS)
  const counts = { input: count, output: count, cacheRead: count, cacheWrite5m: count, cacheWrite1h: count }
  return fc
    .record({
      identity: identities(responses),
      // Lines with equal tokens must often differ in other columns.
      tokens: fc.oneof(
        fc.record(counts),
        fc.constant({ input: 1, output: 1, cacheRead: 1, cacheWrite5m: 1, cacheWrite1h: 1 }),
      ),
      model: fc.constantFrom(...MODELS),
      place: fc.constantFrom(...PLACES),
      time: fc.constantFrom(...TIMES),
      flags: fc.subarray([...MODIFIERS.map(({ bit }) => bit), FLAG.sidechain, FLAG.subagentOrigin]),
      searches: fc.constantFrom(0, 0, 0, 1, 3),
      tools: fc.subarray(['t1', 't2']),
      requests: fc.constantFrom(1, 1, 1, 3),
      costNanos: fc.constantFrom(0, 0, 0, 7, 900),
    })
    .map(({ identity: { key, request, copy }, tokens, flags, ...line }) => ({
      ...line,
      ...tokens,
      kind: 'line',
      key,
      request,
      flags: [...flags, copy ? FLAG.requestOnly : 0].reduce((all, flag) => all | flag, 0),
    }))
}

const madeResult: fc.Arbitrary<MadeResult> = fc.record({
  kind: fc.constant('result' as const),
  tool: fc.constantFrom('t1', 't2'),
  count: fc.constantFrom(1, 2, 7),
  time: fc.constantFrom(...TIMES),
})

const some = (responses: Responses): fc.Arbitrary<Made[]> =>
  fc.array(fc.oneof({ weight: 6, arbitrary: madeLine(responses) }, { weight: 1, arbitrary: madeResult }), {
    maxLength: 20,
  })

export const oneLine = madeLine(RESPONSES)
export const madeLines = some(RESPONSES)
export const madeLinesOfOneRequest = some(RESPONSES_OF_ONE_REQUEST)

/** The same lines in another order, some of them repeated, cut into batches. */
export function retold(lines: readonly Made[]): fc.Arbitrary<Made[][]> {
  const indices = lines.map((_, index) => index)
  return fc
    .tuple(
      fc.shuffledSubarray(indices, { minLength: indices.length }),
      fc.shuffledSubarray(indices),
      fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 }),
    )
    .map(([order, again, sizes]) =>
      cut(
        [...order, ...again].map((index) => lines[index]!),
        sizes,
      ),
    )
}

/** Cuts into pieces of these sizes, used in rotation. */
export function cut<T>(all: readonly T[], sizes: readonly number[]): T[][] {
  const pieces: T[][] = []
  for (let from = 0, piece = 0; from < all.length; piece += 1) {
    const size = sizes[piece % sizes.length]!
    pieces.push(all.slice(from, from + size))
    from += size
  }
  return pieces
}

export function keyOf(name: string): { readonly low: number; readonly high: number } {
  const hash = new KeyHash().start(1).text(name).finish()
  return { low: hash.low, high: hash.high }
}

/** The batch of one task that reads these lines. */
export function batchOf(lines: readonly Made[]): Batch {
  const batch = new BatchBuilder()
  const row = scratchRow()
  const { words, doubles } = row
  for (const line of lines) {
    if (line.kind === 'result') {
      const tool = keyOf(line.tool)
      batch.toolCounts.result(tool.low, tool.high, line.count, line.time)
      continue
    }
    const key = keyOf(line.key)
    const request = line.request === '' ? { low: 0, high: 0 } : keyOf(line.request)
    words[COLUMN.keyLow] = key.low
    words[COLUMN.keyHigh] = key.high
    words[COLUMN.input] = line.input
    words[COLUMN.output] = line.output
    words[COLUMN.cacheRead] = line.cacheRead
    words[COLUMN.cacheWrite5m] = line.cacheWrite5m
    words[COLUMN.cacheWrite1h] = line.cacheWrite1h
    words[COLUMN.flags] = line.flags
    words[COLUMN.searches] = line.searches
    doubles[DOUBLE_COLUMN.time] = line.time
    const model = batch.strings.intern(line.model)
    const place = batch.strings.intern(line.place)
    // Most sources report neither requests nor cost.
    if (line.requests === 1 && line.costNanos === 0) batch.add(words, model, place, request.low, request.high)
    else batch.add(words, model, place, request.low, request.high, line)
    for (const tool of line.tools.map(keyOf)) batch.toolCounts.use(tool.low, tool.high, key.low, key.high)
  }
  return batch.finish()
}
