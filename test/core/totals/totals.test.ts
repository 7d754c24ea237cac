// Booking: totals never fall, nothing is added twice, and after a single booking the totals equal the logs in any order.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MEASURE } from '../../../src/core/schema.js'
import { ProjectLabels } from '../../../src/core/labels/projects.js'
import { MODIFIER } from '../../../src/core/ledger/modifiers.js'
import { FLAG } from '../../../src/core/ledger/usage.js'
import { BookingSpec, amountsOf, isLogged, sum, type Amounts } from './booking-spec.js'
import { DrivenState, shownBy } from '../driven-state.js'
import { specOf, type Counted } from '../ledger/ledger-spec.js'
import { PLAIN, cut, madeLines, madeLinesOfOneRequest, retold, type Made, type MadeLine } from '../made-lines.js'
import { OTHER_PRICES, PRICES } from '../pricing/made-prices.js'

const RUNS = { numRuns: 1_000 }
const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
/** Projects of sessions learnt from main transcripts or sub-agents' files; each file always names the same. */
const LEARNT = [
  { place: 'agent/one/s1', project: '/w/app', nested: false, file: 'b' },
  { place: 'agent/one/s1', project: '/w/other', nested: true, file: 'a' },
  { place: 'agent/one/s2', project: '/v/app', nested: true, file: 'c' },
  { place: 'agent/one/s2', project: '/w/app', nested: true, file: 'd' },
] as const
/** The project of a main transcript, else of the sub-agents' file that is first by path. */
const PROJECTS: Readonly<Record<string, string>> = { 'agent/one/s1': '/w/app', 'agent/one/s2': '/v/app' }

describe('one booking at the end', () => {
  it('adds up the amounts of responses by their labels', () => {
    fc.assert(
      fc.property(madeLines, (lines) => {
        const counted = [...specOf(lines).counted().values()]
        for (const learnt of [[], LEARNT]) {
          const driven = booked([lines], learnt)
          const series = Object.fromEntries([...driven.series].map(([name, { amounts }]) => [name, amounts]))
          expect(series).toEqual(bySeries(counted, learnt))
          expect(driven.corrections).toEqual({})
          const logged = counted
            .filter((each) => isLogged(each, PRICES))
            .reduce((cost, each) => cost + each.costNanos, 0)
          expect([...driven.series.values()].reduce((cost, { loggedCost }) => cost + loggedCost, 0)).toBe(logged)
        }
      }),
      RUNS,
    )
  })

  it('shows the same for any order, repetition and batching of the lines', () => {
    fc.assert(
      fc.property(
        madeLines.chain((lines) => fc.tuple(fc.constant(lines), retold(lines))),
        fc.shuffledSubarray([...LEARNT], { minLength: LEARNT.length }),
        ([lines, batches], learnt) => {
          expect(shownBy(booked(batches, learnt))).toEqual(shownBy(booked([lines], LEARNT)))
        },
      ),
      RUNS,
    )
  })

  it('assigns the cost of a response to the time of its first line', () => {
    const notCopies = madeLines.map((lines) =>
      lines.filter((line) => line.kind === 'result' || (line.flags & FLAG.requestOnly) === 0),
    )
    fc.assert(
      fc.property(notCopies, (lines) => {
        const counted = [...specOf(lines).counted().values()]
        const within = (toMs: number): number =>
          counted
            .filter(({ time }) => time >= 0 && time < toMs)
            .reduce((cost, each) => cost + amountsOf(each, PRICES)[MEASURE.cost]!, 0)
        expect(spanCosts(booked([lines]))).toEqual([within(1000), within(86_400_000)])
      }),
      RUNS,
    )
  })

  it('assigns the cost of a response to the time of a copy without message id if that is the first line', () => {
    const copy = { ...PLAIN, key: 'r1', flags: FLAG.requestOnly, time: 0, output: 0 }
    const driven = booked([[copy, { ...PLAIN, request: 'r1', time: 2000 }]])
    expect(spanCosts(driven)).toEqual([driven.total[MEASURE.cost], driven.total[MEASURE.cost]])
  })
})

describe('a copy with a later time and another tier (codex-logs 8, case 20)', () => {
  const original: MadeLine = { ...PLAIN, time: 500 }
  const copy: MadeLine = { ...PLAIN, time: 80_000_000, place: 'agent/two/s1', flags: MODIFIER.priority }
  const cost = amountsOf(specOf([original]).counted().get(PLAIN.key)!, PRICES)[5]!

  it('is priced with the tier, day and project of the original', () => {
    expect(cost).toBe(6_100)
    for (const lines of [
      [original, copy],
      [copy, original],
    ]) {
      const driven = booked([lines])
      expect([...driven.series.keys()]).toEqual(['agent|one|model-a'])
      expect(driven.total[5]).toBe(cost)
      expect(spanCosts(driven)).toEqual([cost, cost])
    }
  })

  it('is corrected when it was booked before the original was read', () => {
    const driven = booked([[copy], [original]])
    expect(driven.corrections).toEqual({ project: 1 })
    expect(driven.total[5]).toBe(2 * cost)
    expect(spanCosts(driven)).toEqual([cost, cost])
    expect(booked([[{ ...copy, place: PLAIN.place }], [original]]).corrections).toEqual({ price: 1 })
  })
})

describe('bookings in between', () => {
  it('keep for each response the most that was ever booked', () => {
    fc.assert(
      fc.property(madeLinesOfOneRequest, sizes, (lines, batches) => {
        const driven = new DrivenState()
        const spec = new BookingSpec()
        const told: Made[] = []
        for (const batch of cut(lines, batches)) {
          driven.tell(batch)
          driven.book()
          told.push(...batch)
          spec.book(specOf(told), PRICES)
          expect(driven.total).toEqual(spec.total)
        }
      }),
      RUNS,
    )
  })

  it('never make a total fall or leave it below the logs', () => {
    fc.assert(
      fc.property(madeLines, sizes, (lines, batches) => {
        const driven = new DrivenState()
        let before = driven.series
        for (const batch of cut(lines, batches)) {
          driven.tell(batch)
          driven.book()
          for (const [name, { amounts, unpriced, loggedCost }] of before) {
            const now = driven.series.get(name)!
            expect(now.loggedCost).toBeGreaterThanOrEqual(loggedCost)
            expect(now.loggedCost).toBeLessThanOrEqual(now.amounts[MEASURE.cost]!)
            for (const [index, amount] of amounts.entries()) expect(now.amounts[index]).toBeGreaterThanOrEqual(amount)
            expect(now.unpriced).toBeGreaterThanOrEqual(unpriced)
          }
          before = driven.series
        }
        const least = sum([...specOf(lines).counted().values()].map((counted) => amountsOf(counted, PRICES)))
        for (const [index, amount] of driven.total.entries()) expect(amount).toBeGreaterThanOrEqual(least[index]!)
      }),
      RUNS,
    )
  })

  it('add nothing when nothing is new', () => {
    fc.assert(
      fc.property(madeLines, sizes, (lines, batches) => {
        const driven = booked(cut(lines, batches))
        const before = shownBy(driven)
        for (const batch of cut(lines, batches)) driven.tell(batch)
        expect(driven.state.totals.waiting).toBe(false)
        driven.book()
        expect(shownBy(driven)).toEqual(before)
      }),
      RUNS,
    )
  })
})

describe('a booking that fails', () => {
  it('adds nothing twice when the next one succeeds', () => {
    const lines = Array.from({ length: 9 }, (_, n) => ({ ...PLAIN, key: `m${n}` }))
    const driven = booked([lines.slice(0, 3)])
    driven.tell([{ ...PLAIN, key: 'm0', output: 5 }, ...lines.slice(3)])
    let calls = 0
    driven.pricer = {
      ...PRICES,
      cost(response, nowMs) {
        calls += 1
        if (calls === 4) throw new Error('broken')
        return PRICES.cost(response, nowMs)
      },
    }
    expect(() => driven.book()).toThrow('broken')
    driven.commit()
    driven.book()
    const whole = booked([lines])
    whole.tell([{ ...PLAIN, key: 'm0', output: 5 }])
    whole.book()
    expect(driven.total).toEqual(whole.total)
  })
})

describe('changed prices', () => {
  it('never make a total fall, and book higher costs', () => {
    fc.assert(
      fc.property(madeLines, sizes, (lines, batches) => {
        const driven = booked(cut(lines, batches))
        const before = driven.series
        const counted = [...specOf(lines).counted().values()]
        driven.pricer = OTHER_PRICES
        driven.state.totals.repriceAll()
        driven.book()
        for (const [name, { amounts, unpriced, loggedCost }] of before) {
          const now = driven.series.get(name)!
          expect(now.loggedCost).toBeGreaterThanOrEqual(loggedCost)
          expect(now.loggedCost - loggedCost).toBeLessThanOrEqual(now.amounts[MEASURE.cost]! - amounts[MEASURE.cost]!)
          expect(now.amounts.with(MEASURE.cost, 0)).toEqual(amounts.with(MEASURE.cost, 0))
          expect(now.amounts[MEASURE.cost]).toBeGreaterThanOrEqual(amounts[MEASURE.cost]!)
          expect(now.unpriced).toBe(unpriced)
        }
        const least = sum(counted.map((each) => amountsOf(each, OTHER_PRICES)))
        expect(driven.total[MEASURE.cost]).toBeGreaterThanOrEqual(least[MEASURE.cost]!)
      }),
      RUNS,
    )
  })

  it('give the same totals in steps with restarts and new lines in between as at once', () => {
    let steps = 0
    const most = fc.integer({ min: 1, max: 5 })
    const restartEvery = fc.integer({ min: 1, max: 4 })
    fc.assert(
      fc.property(madeLines, sizes, most, restartEvery, madeLines, (lines, batches, atATime, every, late) => {
        const atOnce = booked(cut(lines, batches))
        const inSteps = booked(cut(lines, batches))
        inSteps.commit()
        for (const driven of [atOnce, inSteps]) driven.pricer = OTHER_PRICES
        atOnce.state.totals.repriceAll()
        atOnce.book()
        inSteps.state.totals.repriceAll()
        for (let step = 1; inSteps.state.totals.waiting; step += 1) {
          inSteps.book(undefined, atATime)
          inSteps.commit()
          steps += 1
          if (step % every !== 0 || step > 3 * every) continue
          inSteps.restart()
          inSteps.state.totals.repriceAll()
        }
        expect(withoutBirths(inSteps)).toEqual(withoutBirths(atOnce))

        for (const driven of [atOnce, inSteps]) driven.pricer = PRICES
        atOnce.state.totals.repriceAll()
        atOnce.book()
        inSteps.state.totals.repriceAll()
        inSteps.book(undefined, atATime)
        for (const driven of [atOnce, inSteps]) driven.tell(late)
        atOnce.book()
        bookAll(inSteps, atATime)
        expect(inSteps.series.size).toBe(atOnce.series.size)
        expect(inSteps.periodCosts).toEqual(atOnce.periodCosts)
        expect(inSteps.total).toEqual(atOnce.total)
      }),
      RUNS,
    )
    expect(steps).toBeGreaterThan(2_000)
  })

  it('are corrected once per response, however often it is repriced', () => {
    const driven = booked([
      [{ ...PLAIN, model: 'model-b' }],
      [{ ...PLAIN, key: 'm2', output: 2 }],
      [{ ...PLAIN, key: 'm2', output: 3, input: 0 }],
    ])
    expect(driven.corrections).toEqual({ smaller: 1 })
    for (const pricer of [OTHER_PRICES, OTHER_PRICES, OTHER_PRICES]) {
      driven.pricer = pricer
      driven.state.totals.repriceAll()
      driven.book()
    }
    expect(driven.corrections).toEqual({ smaller: 1, price: 1 })
  })

  it('book the cost of a model that had no price, and keep its tokens in the unpriced counter', () => {
    const driven = booked([[{ ...PLAIN, model: 'model-without-price' }]])
    expect(driven.series.get('agent|one|model-without-price')).toMatchObject({ unpriced: 3 })
    expect(driven.total[MEASURE.cost]).toBe(0)
    driven.pricer = OTHER_PRICES
    driven.state.totals.repriceAll()
    driven.book()
    expect(driven.series.get('agent|one|model-without-price')).toMatchObject({ unpriced: 3 })
    expect(driven.total[MEASURE.cost]).toBe(10 + 50 + 1)
    expect(driven.corrections).toEqual({})
  })
})

describe('a correction is counted', () => {
  const cases: readonly (readonly [reason: string, first: Made, then: Made])[] = [
    ['model', PLAIN, { ...PLAIN, output: 2, model: 'model-b' }],
    ['project', PLAIN, { ...PLAIN, time: 0, place: 'agent/two/s1' }],
    ['smaller', PLAIN, { ...PLAIN, output: 2, input: 0 }],
    ['copy', { ...PLAIN, key: 'r1', flags: FLAG.requestOnly }, { ...PLAIN, request: 'r1' }],
  ]

  it.each(cases)('with reason "%s"', (reason, first, then) => {
    const driven = new DrivenState()
    driven.tell([first])
    if (reason === 'copy') driven.tell([{ ...then, request: '' } as Made])
    driven.book()
    expect(driven.corrections).toEqual({})
    driven.tell([then])
    driven.book()
    expect(driven.corrections).toEqual({ [reason]: 1 })
  })

  it('with reason "price" for a response that now costs less', () => {
    const driven = booked([[{ ...PLAIN, model: 'model-b' }]])
    driven.pricer = OTHER_PRICES
    driven.state.totals.repriceAll()
    driven.book()
    expect(driven.corrections).toEqual({ price: 1 })
  })

  it('never for a copy that was booked before its original was known', () => {
    const driven = booked([[{ ...PLAIN, key: 'r1', flags: FLAG.requestOnly }], [{ ...PLAIN, request: 'r1' }]])
    expect(driven.total.slice(0, 5)).toEqual([1, 1, 1, 0, 0])
    expect(driven.total[MEASURE.requests]).toBe(1)
    expect(driven.corrections).toEqual({})
  })
})

function bookAll(driven: DrivenState, most: number): void {
  while (driven.state.totals.waiting) driven.book(undefined, most)
}

/** Without births: they are the only difference between a restarted and a running state that were never scraped. */
function withoutBirths(driven: DrivenState): unknown {
  const { series, ...rest } = shownBy(driven)
  return {
    series: series.map(([name, { amounts, unpriced, lastActivity }]) => [name, amounts, unpriced, lastActivity]),
    ...rest,
  }
}

interface Learnt {
  readonly place: string
  readonly project: string
  readonly nested: boolean
  readonly file: string
}

/** A state booked after the last of these batches, or after each one if `learnt` is empty. */
function booked(batches: readonly (readonly Made[])[], learnt: readonly Learnt[] = []): DrivenState {
  const driven = new DrivenState()
  for (const batch of batches) {
    driven.tell(batch)
    if (learnt.length === 0) driven.book()
  }
  for (const { place, project, nested, file } of learnt) driven.state.sessions.learn(place, project, nested, file)
  driven.book()
  return driven
}

/** The costs of the first second and of the first day. */
function spanCosts({ periodCosts }: DrivenState): readonly number[] {
  return [0, 1].map((span) => Object.values(periodCosts).reduce((cost, costs) => cost + costs[span]!, 0))
}

function bySeries(counted: readonly Counted[], learnt: readonly Learnt[]): Record<string, Amounts> {
  const project = (place: string): string => (learnt.length > 0 ? PROJECTS[place] : undefined) ?? place.split('/')[1]!
  const labels = new ProjectLabels()
  labels.label(counted.map(({ place }) => project(place)))
  const series: Record<string, Amounts> = {}
  for (const each of counted) {
    const name = `agent|${labels.get(project(each.place))!}|${PRICES.label(each.model)}`
    series[name] = sum([series[name] ?? sum([]), amountsOf(each, PRICES)])
  }
  return series
}
