// A pass ends in steps. Each books a bounded number of responses and makes a small commit; scrapes are answered in
// between, and a kill after any step leaves a state that names the prices it was computed with.
import { describe, expect, it } from 'vitest'
import { TOKENS } from '../../src/core/schema.js'
import type { Rates } from '../../src/core/pricing/price-table.js'
import { createPricer, type Pricer } from '../../src/core/pricing/pricing.js'
import { createPublisher } from '../../src/app/publisher.js'
import type { Series } from '../../src/core/totals/series.js'
import { createBirths, type Births } from '../../src/outputs/births.js'
import { NOW_MS } from '../core/totals/booking-spec.js'
import { DrivenState, shownBy } from '../core/driven-state.js'
import { PLAIN, type Made } from '../core/made-lines.js'
import { OTHER_PRICES, PLAIN_NAMES, PRICES } from '../core/pricing/made-prices.js'

const COUNT = 20_500
/** 20,500 responses in steps of 2,000. */
const STEPS = 11
/** Bytes that a cold disk writes without a noticeable delay. */
const MOST_BYTES = 4 * 1024 * 1024
/** The second price table raises the price of `model-a` and lowers that of `model-b`. */
const MODELS = ['model-a', 'model-b', 'model-without-price']

const LINES = Array.from({ length: COUNT }, (_, n): Made => ({
  ...PLAIN,
  key: `k${n}`,
  model: MODELS[n % 3]!,
  place: `agent/p${n % 7}/s`,
  time: 1000 + n,
}))

interface Prices {
  readonly name: string
  readonly pricer: Pricer
}
const FIRST: Prices = { name: 'first', pricer: PRICES }
const SECOND: Prices = { name: 'second', pricer: OTHER_PRICES }

describe('new prices', () => {
  it('are applied in steps of at most 2,000 rows and 4 MB, with turns of the event loop in between', async () => {
    const driven = await priced(FIRST)
    const commits: { readonly bytes: number; readonly rows: number; readonly turns: number }[] = []
    let rows = 0
    let turns = 0
    const counting: Pricer = {
      ...OTHER_PRICES,
      cost(response, nowMs) {
        rows += 1
        return OTHER_PRICES.cost(response, nowMs)
      },
    }
    const ended = new AbortController()
    const turn = (): void => {
      turns += 1
      if (!ended.signal.aborted) setImmediate(turn)
    }
    setImmediate(turn)
    await settle(driven, {
      prices: () => ({ name: 'second', pricer: counting }),
      committed(bytes) {
        commits.push({ bytes, rows, turns })
        rows = 0
      },
    })
    ended.abort()
    expect(commits).toHaveLength(STEPS)
    for (const [index, commit] of commits.entries()) {
      expect(commit.bytes).toBeLessThan(MOST_BYTES)
      expect(commit.rows).toBeLessThanOrEqual(2_000)
      if (index > 0) expect(commit.turns).toBeGreaterThan(commits[index - 1]!.turns)
    }
    expect(shownBy(driven)).toEqual(shownBy(await atOnce(FIRST, SECOND)))
  })

  it('give the same result if the process is killed after any step', async () => {
    const whole = shownBy(await atOnce(FIRST, SECOND))
    for (let step = 0; step <= STEPS; step += 1) {
      const driven = await priced(FIRST)
      await killed(driven, SECOND, step)
      await settle(driven, { prices: () => SECOND })
      expect(shownBy(driven), `killed after step ${step}`).toEqual(whole)
    }
  })

  it('leave no trace if the former prices return after a kill at any step', async () => {
    const { periodCosts } = await priced(FIRST)
    for (let step = 0; step <= STEPS; step += 1) {
      const driven = await priced(FIRST)
      await killed(driven, SECOND, step)
      const before = driven.total
      await settle(driven, { prices: () => FIRST })
      expect(driven.periodCosts, `killed after step ${step}`).toEqual(periodCosts)
      for (const [amount, total] of driven.total.entries()) expect(total).toBeGreaterThanOrEqual(before[amount]!)
    }
  })

  it('do not delay scrapes after a start: known totals are shown while they are applied', async () => {
    const driven = await priced(FIRST)
    const shown: boolean[] = []
    const { settle, complete } = settler(driven, { prices: () => SECOND, committed: () => shown.push(complete()) })
    expect(complete()).toBe(false)
    await settle()
    expect(shown).toEqual([false, ...Array.from({ length: STEPS - 1 }, () => true)])
  })

  it('are replaced by newer ones between two steps', async () => {
    const driven = await priced(FIRST)
    let commits = 0
    await settle(driven, { prices: () => (commits < 3 ? SECOND : FIRST), committed: () => (commits += 1) })
    expect(commits).toBe(3 + STEPS)
    expect(driven.periodCosts).toEqual((await priced(FIRST)).periodCosts)
    expect(driven.state.prices).toBe('first')
  })

  it('price new responses in the first step, before repricing ends', async () => {
    const driven = await priced(FIRST)
    driven.tell([{ ...PLAIN, key: 'new', model: 'model-b', place: 'agent/fresh/s' }])
    const requests: (number | undefined)[] = []
    await settle(driven, {
      prices: () => SECOND,
      committed: () => requests.push(driven.series.get('agent|fresh|model-b')?.amounts[6]),
    })
    expect(requests[0]).toBe(1)
    expect(new Set(requests)).toEqual(new Set([1]))
  })
})

describe('a response far ahead of the clock', () => {
  const DAY = 86_400_000
  const RAISED_FROM = 2000 * DAY
  const AT = 3000 * DAY
  const dated: Prices = { name: 'dated', pricer: datedPricer(RAISED_FROM) }
  const lines: readonly Made[] = [{ ...PLAIN, time: AT }]
  const started = (): DrivenState => {
    const driven = new DrivenState()
    driven.state.prices = ''
    driven.tell(lines)
    return driven
  }

  it.each(['keeps running', 'restarts'])(
    'has the current price, and the price of its own time once the clock is corrected and the program %s',
    async (then) => {
      const driven = started()
      let nowMs = 0
      let { settle } = settler(driven, { prices: () => dated, now: () => nowMs })
      const costAt = async (atMs: number): Promise<number> => {
        nowMs = atMs
        await settle()
        return driven.total[5]!
      }
      const early = await costAt(0)
      expect(early).toBeGreaterThan(0)
      expect(await costAt(RAISED_FROM - 1)).toBe(early)
      if (then === 'restarts') {
        driven.restart()
        ;({ settle } = settler(driven, { prices: () => dated, now: () => nowMs }))
      }
      expect(await costAt(AT - DAY)).toBe(3 * early)
      expect(driven.corrections).toEqual({})
      expect(driven.state.prices).toBe('dated')
    },
  )

  it('is not priced again if its own time has the same price', async () => {
    const driven = started()
    await settle(driven, { prices: () => dated, now: () => RAISED_FROM })
    expect(driven.state.prices).toBe('dated')
    expect(driven.state.totals.repriceAtMs).toBe(Infinity)
  })
})

/** Triples the price of `model-a` from `fromMs` on. */
function datedPricer(fromMs: number): Pricer {
  const rates = (rate: number) => Object.fromEntries(TOKENS.map(({ name }) => [name, rate])) as Rates
  const rows = [
    { fromMs: -Infinity, rates: rates(1) },
    { fromMs, rates: rates(3) },
  ]
  return createPricer({
    models: new Map([['model-a', { rows, factors: {} }]]),
    aliases: new Map(),
    names: PLAIN_NAMES,
    webSearchNanos: 0,
    factors: {},
    pricedByModel: [],
    fingerprint: 'dated',
  })
}

interface Settled {
  readonly prices: () => Prices
  readonly now?: () => number
  readonly committed?: (bytes: number) => void
  readonly signal?: AbortSignal
}

/** Ends one pass over everything. */
async function settle(driven: DrivenState, settled: Settled): Promise<void> {
  await settler(driven, settled).settle()
}

/** Ends passes over everything, as the program does after one start. */
function settler(
  driven: DrivenState,
  { prices, now = () => NOW_MS, committed, signal = new AbortController().signal }: Settled,
) {
  const { publish: settle, complete } = createPublisher({
    state: driven.state,
    commit() {
      const bytes = driven.commit()
      committed?.(bytes)
    },
    liveConfig: {
      config: { maxSeries: 1_000 },
      get prices() {
        return { fingerprint: prices().name }
      },
      get pricer() {
        return prices().pricer
      },
    },
    now,
    serving: true,
    watched: true,
    historyBooked: () => birthsOf(driven.state.totals.series).showAll(),
    pool: undefined,
    responsesBooked: () => undefined,
    signal,
  })
  return { settle: () => settle(true), complete }
}

const birthsOf = (series: Series): Births =>
  createBirths({ series, commits: () => 0, monotonic: () => 0, holdMs: () => 0 })

/** A state that was priced, committed and loaded again. */
async function priced(prices: Prices): Promise<DrivenState> {
  const driven = new DrivenState()
  driven.state.prices = ''
  driven.tell(LINES)
  await settle(driven, { prices: () => prices })
  driven.restart()
  return driven
}

/** Kills the program after `afterCommits` commits, and loads the stored state. */
async function killed(driven: DrivenState, prices: Prices, afterCommits: number): Promise<void> {
  const abort = new AbortController()
  let commits = 0
  if (afterCommits > 0) {
    await settle(driven, {
      prices: () => prices,
      committed() {
        commits += 1
        if (commits === afterCommits) abort.abort()
      },
      signal: abort.signal,
    })
    expect(commits).toBe(afterCommits)
  }
  driven.restart()
}

/** The state after booking everything in one step. */
async function atOnce(first: Prices, then: Prices): Promise<DrivenState> {
  const driven = await priced(first)
  driven.pricer = then.pricer
  driven.state.totals.repriceAll()
  driven.book()
  return driven
}
