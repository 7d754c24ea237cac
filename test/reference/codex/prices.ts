// The price table of codex-logs 5, typed in by hand a second time, and the cost of one response. Without floats: rates are
// nano-dollars per token (USD per million tokens × 1000), factors are twentieths, and the arithmetic uses BigInt.

/** USD per million tokens: input, cached, output, and cache write, which defaults to input. */
type Usd = readonly [input: number, cached: number, output: number, write?: number]

interface Price {
  readonly usd: Usd
  /** Another row that applies from this day on. */
  readonly cut?: { readonly on: string; readonly usd: Usd }
  readonly hasLong?: true
  readonly priority?: number
  readonly ultrafast?: readonly (readonly [until: string, factor: number])[]
}

const OF_5: Usd = [1.25, 0.125, 10]
const MINI_5: Usd = [0.25, 0.025, 2]
const OF_52: Usd = [1.75, 0.175, 14]
const EVER = '9999-01-01'

const PRICES: Readonly<Record<string, Price>> = {
  'gpt-5': { usd: OF_5 },
  'gpt-5-codex': { usd: OF_5 },
  'gpt-5.1': { usd: OF_5 },
  'gpt-5.1-codex': { usd: OF_5 },
  'gpt-5.1-codex-max': { usd: OF_5 },
  'gpt-5-mini': { usd: MINI_5, priority: 1.8 },
  'gpt-5.1-codex-mini': { usd: MINI_5 },
  'gpt-5-codex-mini': { usd: MINI_5 },
  'gpt-5.2': { usd: OF_52 },
  'gpt-5.2-codex': { usd: OF_52 },
  'gpt-5.3-codex': { usd: OF_52 },
  'gpt-5.4': { usd: [2.5, 0.25, 15], hasLong: true },
  'gpt-5.4-mini': { usd: [0.75, 0.075, 4.5] },
  'gpt-5.5': { usd: [5, 0.5, 30], hasLong: true, priority: 2.5 },
  'gpt-5.6-sol': { usd: [5, 0.5, 30, 6.25], cut: { on: '2026-08-21', usd: [4, 0.4, 20, 5] }, hasLong: true },
  'gpt-5.6-terra': { usd: [2.5, 0.25, 15, 3.125], cut: { on: '2026-07-30', usd: [2, 0.2, 12, 2.5] }, hasLong: true },
  'gpt-5.6-luna': { usd: [1, 0.1, 6, 1.25], cut: { on: '2026-07-30', usd: [0.2, 0.02, 1.2, 0.25] }, hasLong: true },
  'gpt-6.1-sol': { usd: [2, 0.1, 10, 2.5], hasLong: true, ultrafast: [[EVER, 6]] },
  'gpt-6.2-sol': {
    usd: [2, 0.1, 10, 2.5],
    hasLong: true,
    ultrafast: [
      ['2027-03-01', 3],
      [EVER, 6],
    ],
  },
  'codex-auto-review': { usd: [2.5, 0.25, 15], cut: { on: '2026-07-30', usd: [0.2, 0.02, 1.2, 0.25] }, hasLong: true },
}

export interface Use {
  readonly model: string
  readonly tier: string
  readonly timeMs: number
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
}

export function labelOf(raw: string): string {
  const name = canonical(raw)
  return name in PRICES ? name : raw || 'unknown'
}

/** Nano-dollars; undefined if no price is known. */
export function costOf(use: Use): bigint | undefined {
  const price = PRICES[canonical(use.model)]
  if (price === undefined) return undefined
  const { cut, hasLong } = price
  const [input, cached, output, write = input] = cut && use.timeMs >= Date.parse(cut.on) ? cut.usd : price.usd
  const isLong = hasLong === true && use.input + use.cacheRead + use.cacheWrite > 272_000
  const [up, upOutput] = isLong ? [2, 1.5] : [1, 1]
  const nanos = (tokens: number, usd: number): bigint => BigInt(tokens) * BigInt(Math.round(usd * 1000))
  const sum =
    nanos(use.input, input * up) +
    nanos(use.cacheRead, cached * up) +
    nanos(use.cacheWrite, write * up) +
    nanos(use.output, output * upOutput)
  return (sum * BigInt(Math.round(factor(use, price) * 20)) + 10n) / 20n
}

function factor({ tier, timeMs }: Use, { priority = 2, ultrafast = [] }: Price): number {
  if (tier === 'priority' || tier === 'fast') return priority
  if (tier === 'flex') return 0.5
  if (tier === 'ultrafast') return ultrafast.find(([until]) => timeMs < Date.parse(until))?.[1] ?? 1
  return 1
}

function canonical(raw: string): string {
  return raw
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/-\d{4}-\d\d-\d\d$/, '')
}
