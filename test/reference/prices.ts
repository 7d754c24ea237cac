// The price table of claude-code-logs 5.1-5.5, typed in by hand a second time, and the cost of one response.
// Without floats: rates are nano-dollars per token (USD per million tokens × 1000) and the arithmetic uses BigInt.
import { resolveModel, withoutAccount } from './model-names.js'

export interface Billable {
  readonly model: string
  readonly input: number
  readonly output: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
  readonly cacheRead: number
  readonly fast: boolean
  readonly us: boolean
  readonly batch: boolean
  readonly refused: boolean
}

export interface Cost {
  readonly nanos: bigint
  readonly priced: boolean
}

/** Input, output, write 5m, write 1h, read: USD per million tokens, as in the format page. */
type Usd = readonly [input: number, output: number, write5m: number, write1h: number, read: number]

interface Price {
  readonly base: Usd
  /** Another row that applies from this date on. */
  readonly changed?: { readonly on: string; readonly base: Usd }
  /** A prompt above this number of tokens gives the whole response the other row; with `before`, only until that date. */
  readonly long?: { readonly above: number; readonly base: Usd; readonly before?: string }
  readonly fast?: number
  readonly us?: true
}

const OPUS_OLD: Usd = [15, 75, 18.75, 30, 1.5]
const OPUS: Usd = [5, 25, 6.25, 10, 0.5]
const SONNET: Usd = [3, 15, 3.75, 6, 0.3]
const FABLE_51: Usd = [10, 50, 12.5, 20, 0.25]
const FABLE_5: Usd = [10, 50, 12.5, 20, 1]
const FABLE_52: Usd = [8, 40, 10, 16, 0.2]
const SONNET_LONG: Usd = [6, 22.5, 7.5, 12, 0.6]
const OPUS_46_LONG: Usd = [10, 37.5, 12.5, 20, 1]
const BETA_END = '2026-05-01'
const FLAT_46 = '2026-03-13'

const PRICES: Readonly<Record<string, Price>> = {
  'claude-fable-5-2': { base: FABLE_52, fast: 2, us: true },
  'claude-mythos-5-2': { base: FABLE_52, us: true },
  'claude-fable-5-1': { base: FABLE_51, us: true },
  'claude-mythos-5-1': { base: FABLE_51, us: true },
  'claude-fable-5': { base: FABLE_5, us: true },
  'claude-mythos-5': { base: FABLE_5, us: true },
  'claude-opus-5-5': { base: [4, 20, 5, 8, 0.2], fast: 2, us: true },
  'claude-opus-5': { base: OPUS, fast: 2, us: true },
  'claude-opus-4-8': { base: OPUS, fast: 2, us: true },
  'claude-opus-4-7': { base: OPUS, fast: 6, us: true },
  'claude-opus-4-6': {
    base: OPUS,
    long: { above: 200_000, base: OPUS_46_LONG, before: FLAT_46 },
    fast: 6,
    us: true,
  },
  'claude-opus-4-5': { base: OPUS },
  'claude-opus-4-1': { base: OPUS_OLD },
  'claude-opus-4': { base: OPUS_OLD },
  'claude-sonnet-5-5': {
    base: [2, 10, 2.5, 4, 0.2],
    changed: { on: '2026-10-07', base: [2, 10, 2.5, 4, 0.1] },
    us: true,
  },
  'claude-sonnet-5': { base: [2, 10, 2.5, 4, 0.2], us: true },
  'claude-sonnet-4-6': { base: SONNET, long: { above: 200_000, base: SONNET_LONG, before: FLAT_46 }, us: true },
  'claude-sonnet-4-5': { base: SONNET, long: { above: 200_000, base: SONNET_LONG, before: BETA_END } },
  'claude-sonnet-4': { base: SONNET, long: { above: 200_000, base: SONNET_LONG, before: BETA_END } },
  'claude-3-7-sonnet': { base: SONNET },
  'claude-3-5-sonnet': { base: SONNET },
  'claude-3-sonnet': { base: SONNET },
  'claude-haiku-5-5': {
    base: [0.1, 0.5, 0.125, 0.2, 0.01],
    long: { above: 100_000, base: [0.5, 2.5, 0.625, 1, 0.05] },
    us: true,
  },
  'claude-haiku-4-5': { base: [1, 5, 1.25, 2, 0.1] },
  'claude-3-5-haiku': { base: [0.8, 4, 1, 1.6, 0.08] },
  'claude-3-opus': { base: OPUS_OLD },
  'claude-3-haiku': { base: [0.25, 1.25, 0.3, 0.5, 0.03] },
}

const NANOS_PER_SEARCH = 10_000_000n

export const pricedModels: readonly string[] = Object.keys(PRICES)

/** Canonical name of a model with a price, else the logged name; `unknown` if there is none. */
export function modelLabel(raw: string): string {
  if (raw === '') return 'unknown'
  return resolveModel(raw, pricedModels)?.canonical ?? withoutAccount(raw)
}

export function costOf(use: Billable, searches: number, timestampMs: number): Cost {
  const name = resolveModel(use.model, pricedModels)
  if (!name) return { nanos: 0n, priced: false }
  if (use.refused && use.output === 0) return { nanos: 0n, priced: true }

  const price = PRICES[name.canonical]!
  const rates = ratesFor(price, use, timestampMs)
  const counts = [use.input, use.output, use.cacheWrite5m, use.cacheWrite1h, use.cacheRead]
  let twentieths = 20n * counts.reduce((sum, count, i) => sum + BigInt(count) * rates[i]!, 0n)
  if (use.fast || name.fast) twentieths *= BigInt(price.fast ?? 1)
  if (use.us && price.us) twentieths = (twentieths * 11n) / 10n
  if (use.batch) twentieths /= 2n
  return { nanos: (twentieths + 10n) / 20n + BigInt(searches) * NANOS_PER_SEARCH, priced: true }
}

function ratesFor(price: Price, use: Billable, timestampMs: number): bigint[] {
  const prompt = use.input + use.cacheWrite5m + use.cacheWrite1h + use.cacheRead
  const { long, changed } = price
  let row = price.base
  if (changed && timestampMs >= Date.parse(changed.on)) row = changed.base
  if (long && prompt > long.above && !(long.before && timestampMs >= Date.parse(long.before))) row = long.base
  return row.map((usd) => BigInt(Math.round(usd * 1000)))
}
