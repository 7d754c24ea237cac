// Past values of counters, compared with a plain recomputation at each step: for any lines, any order of booking, and
// any windows.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { History, type HistoryOptions } from '../../src/core/history/history.js'
import { MODIFIER } from '../../src/core/ledger/modifiers.js'
import { TOKENS } from '../../src/core/schema.js'
import { sessionId } from '../../src/core/sessions.js'
import { visitResponses, type CountedResponse } from '../../src/core/totals/responses.js'
import { createPastCounters, type PastCounters } from '../../src/metrics/past-counters.js'
import { usageMetrics } from '../../src/metrics/usage.js'
import { DrivenState } from '../core/driven-state.js'
import { readAll } from './read.js'
import { PLAIN, madeLines, retold, type Made } from '../core/made-lines.js'
import { OTHER_PRICES } from '../core/pricing/made-prices.js'

const RUNS = { numRuns: 300 }
const STEP_MS = 300_000
const WINDOW = 24
/** The current step. */
const LAST = 110

/** Lines within eight hours, so that several fall into one step, and some on its edge. */
const linesInTime = madeLines.chain((lines) =>
  fc
    .array(
      fc.oneof(
        fc.integer({ min: -1, max: 1_000 }),
        fc.integer({ min: 0, max: 100 }).map((n) => n * 10),
      ),
      {
        minLength: lines.length,
        maxLength: lines.length,
      },
    )
    .map((tenths) =>
      lines.map((line, n): Made => ({ ...line, time: tenths[n]! < 0 ? Number.NaN : (tenths[n]! * STEP_MS) / 10 })),
    ),
)

interface Asked extends Partial<Pick<HistoryOptions, 'includes' | 'sinceMs'>> {
  readonly first?: number
  readonly last?: number
}

function pastOf(driven: DrivenState, { first = -Infinity, last = LAST, ...asked }: Asked = {}): PastCounters {
  const { state, pricer, nowMs } = driven
  const history = new History({ state, pricer, nowMs, stepMs: STEP_MS, sinceMs: -Infinity, ...asked })
  return createPastCounters(history, [], { first, last })
}

function drivenBy(lines: readonly Made[]): DrivenState {
  const driven = new DrivenState()
  driven.nowMs = LAST * STEP_MS
  driven.tell(lines)
  driven.book()
  return driven
}

/** The values at each step from birth on, by the name and labels of the series. */
function played(
  past: PastCounters,
  last: number,
  windows: readonly number[] = [WINDOW],
): Map<string, Map<number, number>> {
  const all = new Map(
    past.series.map((series) => [keyOf(series.definition.name, series.labels), new Map<number, number>()] as const),
  )
  for (let from = past.first, n = 0; from <= last; n += 1) {
    const until = Math.min(from + windows[n % windows.length]!, last + 1)
    past.window(until)
    for (const series of past.series) {
      const values = all.get(keyOf(series.definition.name, series.labels))!
      series.runs((value, since, end) => {
        for (let step = since; step < end; step += 1) {
          if (values.has(step)) throw new Error(`two values of step ${step}`)
          values.set(step, value)
        }
      })
    }
    from = until
  }
  return all
}

const keyOf = (name: string, labels: Readonly<Record<string, string>>): string =>
  JSON.stringify([name, ...Object.entries(labels).sort()])

/** The value of each series if these were the only responses. */
function plainSums(driven: DrivenState, responses: readonly CountedResponse[]): Map<string, number> {
  const { state, pricer } = driven
  const known = responsesOf(driven).filter(({ timeMs }) => !Number.isNaN(timeMs))
  const timed = new Set(known.map((response) => sessionOf(driven, response)))
  const sums = new Map<string, number>()
  const sessions = new Set<string>()
  const add = (name: string, labels: Readonly<Record<string, string>>, value: number): void => {
    const key = keyOf(name, labels)
    sums.set(key, (sums.get(key) ?? 0) + value)
  }
  for (const response of responses) {
    const labels = state.totals.series.labels(response.series)
    const { agent, project, model } = labels
    for (const { name, type } of TOKENS)
      add('agent_usage_tokens_total', { ...labels, token_type: type }, response[name])
    add('agent_usage_cost_usd_total', labels, response.nanos)
    add('agent_usage_requests_total', labels, response.requests)
    add('agent_usage_web_search_requests_total', labels, response.webSearches)
    const priced = pricer.knows(state.strings.get(response.model))
    const isLogged = response.loggedNanos > 0 && (!priced || (response.modifiers & MODIFIER.billed) !== 0)
    if (isLogged) add('agent_usage_logged_cost_usd_total', { agent, model }, response.nanos)
    const tokens = TOKENS.reduce((sum, { name }) => sum + response[name], 0)
    if (!isLogged && !priced) add('agent_usage_unpriced_tokens_total', { model }, tokens)
    const session = sessionOf(driven, response)
    // A session starts with its first response of known time.
    const later = Number.isNaN(response.timeMs) && timed.has(session)
    if (later || sessions.has(session)) continue
    sessions.add(session)
    add('agent_usage_sessions_total', { agent, project }, 1)
  }
  return sums
}

function sessionOf({ state }: DrivenState, { session, series }: CountedResponse): string {
  const { agent, project } = state.totals.series.labels(series)
  return `${sessionId(state.strings.get(session))} ${agent} ${project}`
}

function responsesOf({ state, nowMs }: DrivenState): CountedResponse[] {
  const found: CountedResponse[] = []
  visitResponses(state, nowMs, (response) => void found.push({ ...response }))
  return found
}

const isMoney = (key: string): boolean => key.includes('_usd_')
describe('past counters without corrections', () => {
  it('are the sum of earlier responses at every step, from one step before the first usage on', () => {
    fc.assert(
      fc.property(linesInTime, (lines) => {
        const driven = drivenBy(lines)
        const responses = responsesOf(driven)
        const found = played(pastOf(driven), LAST)
        const births = new Map<string, number>()
        for (const response of responses) {
          if (Number.isNaN(response.timeMs)) continue
          for (const key of touchedBy(driven, response))
            births.set(key, Math.min(births.get(key) ?? Infinity, Math.ceil(response.timeMs / STEP_MS) - 1))
        }
        expect([...found.keys()].sort()).toEqual([...births.keys()].sort())
        for (let step = -1; step <= LAST; step += 1) {
          const sums = plainSums(
            driven,
            responses.filter(({ timeMs }) => !(timeMs > step * STEP_MS)),
          )
          for (const [key, values] of found) {
            const value = isMoney(key) ? (sums.get(key) ?? 0) / 1e9 : (sums.get(key) ?? 0)
            const given = values.get(step) ?? NaN
            if (step < births.get(key)! ? !Number.isNaN(given) : !(Math.abs(given - value) < 1e-12))
              expect([key, step, given]).toEqual([key, step, value])
          }
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('past counters after corrections', () => {
  const retoldInTime = linesInTime.chain((lines) => retold(lines).map((batches) => batches))

  function corrected(batches: readonly (readonly Made[])[]): DrivenState {
    const driven = drivenBy([])
    for (const [n, batch] of batches.entries()) {
      driven.tell(batch)
      driven.book()
      if (n !== 1) continue
      driven.pricer = OTHER_PRICES
      driven.state.totals.repriceAll()
      driven.book()
    }
    driven.commit()
    driven.restart()
    return driven
  }

  it('never fall or start below 0, and end at the value of a scrape', () => {
    fc.assert(
      fc.property(retoldInTime, (batches) => {
        const driven = corrected(batches)
        const shown = shownBy(driven)
        for (const [key, values] of played(pastOf(driven), LAST)) {
          const inOrder = [...values].sort(([a], [b]) => a - b)
          expect(inOrder.map(([step]) => step)).toEqual(inOrder.map((_, n) => inOrder[0]![0] + n))
          expect(inOrder.every(([, value], n) => value >= (inOrder[n - 1]?.[1] ?? 0))).toBe(true)
          expect([key, values.get(LAST)]).toEqual([key, shown.get(key)])
        }
      }),
      RUNS,
    )
  })

  it('do not depend on the windows', () => {
    fc.assert(
      fc.property(retoldInTime, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (batches, windows) => {
        const driven = corrected(batches)
        expect(played(pastOf(driven), LAST, windows)).toEqual(played(pastOf(driven), LAST))
      }),
      { numRuns: 50 },
    )
  })

  it('are the same from any later first step on', () => {
    fc.assert(
      fc.property(retoldInTime, fc.integer({ min: -2, max: LAST + 2 }), (batches, first) => {
        const driven = corrected(batches)
        const whole = played(pastOf(driven), LAST)
        const later = [...whole].map(([key, values]) => [key, new Map([...values].filter(([step]) => step >= first))])
        const born = first > LAST ? later.map(([key]) => [key, new Map()]) : later
        const found = played(pastOf(driven, { first }), LAST)
        expect([...found]).toEqual(born)
      }),
      { numRuns: 100 },
    )
  })
})

const AT = 100 * STEP_MS
const ofRequests = (driven: DrivenState, asked?: Asked): (readonly [number, number])[] => {
  const found = played(pastOf(driven, asked), asked?.last ?? LAST)
  const [values] = [...found]
    .filter(([key]) => key.includes('requests_total') && !key.includes('web'))
    .map(([, v]) => v)
  return [...(values ?? [])]
}
const changesOf = (points: readonly (readonly [number, number])[]) =>
  points.filter(([, value], n) => n === 0 || points[n - 1]![1] !== value)

describe('past counters by time', () => {
  it('count a response from the first step at or after its time', () => {
    const told = [AT, AT + 1, AT + STEP_MS].map((time, n) => ({ ...PLAIN, key: `k${n}`, time }))
    expect(changesOf(ofRequests(drivenBy(told)))).toEqual([
      [99, 0],
      [100, 1],
      [101, 3],
    ])
  })

  it('count a response ahead of the clock at the last step, because scrapes already show it', () => {
    const driven = drivenBy([
      { ...PLAIN, time: AT },
      { ...PLAIN, key: 'k2', time: (LAST + 50) * STEP_MS },
    ])
    driven.nowMs += 1
    expect(changesOf(ofRequests(driven))).toEqual([
      [99, 0],
      [100, 1],
      [LAST, 2],
    ])
  })

  it('include responses without a plausible time from the start, without an increase', () => {
    const times = [Number.NaN, 1_000, driven24h(1), AT]
    const driven = drivenBy(times.map((time, n) => ({ ...PLAIN, key: `k${n}`, time })))
    expect(changesOf(ofRequests(driven, { sinceMs: 2_000 }))).toEqual([
      [99, 3],
      [100, 4],
    ])
  })

  it('are absent for a series without any timestamp', () => {
    expect(ofRequests(drivenBy([{ ...PLAIN, time: Number.NaN }]))).toEqual([])
  })

  it('exclude usage after the last step; a series that starts there is 0', () => {
    const driven = drivenBy([
      { ...PLAIN, time: AT },
      { ...PLAIN, key: 'k2', time: AT + 7 * STEP_MS },
    ])
    expect(changesOf(ofRequests(driven, { last: 103 }))).toEqual([
      [99, 0],
      [100, 1],
    ])
    expect(ofRequests(driven, { last: 99 })).toEqual([[99, 0]])
    expect(ofRequests(driven, { last: 98 })).toEqual([])
  })
})

it('past counters leave out excluded series, also from shared sums', () => {
  const driven = drivenBy([
    { ...PLAIN, time: AT },
    { ...PLAIN, key: 'k2', model: 'model-b', place: 'agent/one/s2', time: AT + STEP_MS },
  ])
  const includes = (row: number): boolean => driven.state.totals.series.labels(row).model === 'model-a'
  const found = played(pastOf(driven, { includes }), LAST)
  expect([...found.keys()].filter((key) => key.includes('model-b'))).toEqual([])
  const sessions = [...found.get(keyOf('agent_usage_sessions_total', { agent: 'agent', project: 'one' }))!]
  expect(changesOf(sessions)).toEqual([
    [99, 0],
    [100, 1],
  ])
})

const driven24h = (more: number): number => LAST * STEP_MS + 86_400_000 + more

function shownBy(driven: DrivenState): Map<string, number> {
  const metrics = usageMetrics({
    totals: driven.state.totals,
    liveConfig: { config: { timeZone: 'UTC', weekStart: 'monday', budgets: [] }, pricer: driven.pricer },
    now: () => driven.nowMs,
    complete: () => true,
  })
  const sums = new Map<string, number>()
  for (const { name, labels, value } of readAll(metrics)) {
    const key = keyOf(name, labels)
    sums.set(key, (sums.get(key) ?? 0) + value)
  }
  return sums
}

/** Every series that a response contributes to. */
function touchedBy(driven: DrivenState, response: CountedResponse): string[] {
  const { series } = driven.state.totals
  const labels = series.labels(response.series)
  const { agent, project, model } = labels
  return [
    ...TOKENS.map(({ type }) => keyOf('agent_usage_tokens_total', { ...labels, token_type: type })),
    ...['cost_usd', 'requests', 'web_search_requests'].map((name) => keyOf(`agent_usage_${name}_total`, labels)),
    // A scrape omits shares of 0.
    ...(series.loggedCost(response.series) > 0 ? [keyOf('agent_usage_logged_cost_usd_total', { agent, model })] : []),
    ...(series.unpriced(response.series) > 0 ? [keyOf('agent_usage_unpriced_tokens_total', { model })] : []),
    keyOf('agent_usage_sessions_total', { agent, project }),
  ]
}
