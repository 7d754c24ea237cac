// Responses that stand for several requests, or whose log holds a cost: what is booked, and from which source.
// laws.test.ts, totals.test.ts and state.test.ts check the laws with such lines, too.
import { describe, expect, it } from 'vitest'
import { absorb } from '../../../src/core/absorb.js'
import { NO_DETAIL, plausibleDetail } from '../../../src/core/ledger/details.js'
import { MODIFIER } from '../../../src/core/ledger/modifiers.js'
import { MEASURE } from '../../../src/core/schema.js'
import { DrivenState } from '../driven-state.js'
import { PLAIN, type MadeLine } from '../made-lines.js'
import { OTHER_PRICES } from '../pricing/made-prices.js'

const UNPRICED: MadeLine = { ...PLAIN, model: 'model-without-price', costNanos: 900 }
const SNAPSHOT: MadeLine = { ...PLAIN, requests: 5 }

function told(...lines: readonly MadeLine[]): DrivenState {
  const driven = new DrivenState()
  driven.tell(lines)
  driven.book()
  return driven
}

describe('the requests of a response', () => {
  it('are counted as often as the log says', () => {
    expect(told(SNAPSHOT, { ...PLAIN, key: 'm2' }).total[MEASURE.requests]).toBe(6)
  })

  it('grow with a larger snapshot, and stay when a snapshot with fewer requests wins', () => {
    const driven = told(SNAPSHOT)
    driven.tell([{ ...SNAPSHOT, output: 2, requests: 8 }])
    driven.book()
    expect(driven.total[MEASURE.requests]).toBe(8)
    expect(driven.corrections).toEqual({})
    driven.tell([{ ...SNAPSHOT, output: 3, requests: 2 }])
    driven.book()
    expect(driven.total[MEASURE.requests]).toBe(8)
    expect(driven.corrections).toEqual({ smaller: 1 })
  })

  it('are 1 when the winning line does not report them', () => {
    const driven = new DrivenState()
    driven.tell([SNAPSHOT, { ...PLAIN, output: 2 }])
    driven.book()
    expect(driven.total[MEASURE.requests]).toBe(1)
  })

  it('are not added again after a restart', () => {
    const driven = told(SNAPSHOT)
    driven.commit()
    driven.restart()
    driven.tell([SNAPSHOT])
    driven.book()
    expect(driven.total[MEASURE.requests]).toBe(5)
  })
})

describe('a cost in the log', () => {
  const seriesOf = (driven: DrivenState) => driven.series.get('agent|one|model-without-price')!

  it('counts for a model without a price, which is then not unpriced', () => {
    const driven = new DrivenState()
    driven.tell([UNPRICED])
    expect([...driven.book().unpriced]).toEqual([])
    expect(seriesOf(driven).unpriced).toBe(0)
    expect(driven.total[MEASURE.cost]).toBe(900)
  })

  it('of 0 is ignored', () => {
    const driven = new DrivenState()
    driven.tell([{ ...UNPRICED, costNanos: 0 }])
    expect([...driven.book().unpriced]).toEqual(['model-without-price'])
    expect(seriesOf(driven).unpriced).toBe(3)
  })

  it('is ignored for a model with a price', () => {
    expect(told({ ...PLAIN, costNanos: 1 }).total).toEqual(told(PLAIN).total)
  })

  it('is replaced by a price that becomes known, also after a restart, and the counter does not fall', () => {
    const driven = told({ ...UNPRICED, costNanos: 7 })
    driven.commit()
    driven.restart()
    driven.pricer = OTHER_PRICES
    driven.state.totals.repriceAll()
    driven.book()
    expect(driven.total[MEASURE.cost]).toBe(10 + 50 + 1)
    expect(driven.corrections).toEqual({})
    const dearer = told(UNPRICED)
    dearer.pricer = OTHER_PRICES
    dearer.state.totals.repriceAll()
    dearer.book()
    expect(dearer.total[MEASURE.cost]).toBe(900)
    expect(dearer.corrections).toEqual({ price: 1 })
  })

  it('takes precedence over any price if it was billed', () => {
    const billed: MadeLine = { ...PLAIN, costNanos: 1, flags: MODIFIER.billed }
    const driven = told(billed)
    expect(driven.total[MEASURE.cost]).toBe(1)
    driven.commit()
    driven.restart()
    driven.pricer = OTHER_PRICES
    driven.state.totals.repriceAll()
    driven.book()
    expect([driven.total[MEASURE.cost], driven.corrections]).toEqual([1, {}])
    expect(told({ ...billed, costNanos: 0 }).total).toEqual(told(PLAIN).total)
  })

  it('adds to the logged cost of its series as far as it counted', () => {
    const logged = (driven: DrivenState, model = 'model-without-price') =>
      driven.series.get(`agent|one|${model}`)!.loggedCost
    const driven = told(UNPRICED, { ...PLAIN, key: 'm9', costNanos: 5 })
    expect([logged(driven), logged(driven, 'model-a')]).toEqual([900, 0])
    driven.tell([{ ...UNPRICED, output: 2, costNanos: 950 }])
    driven.book()
    expect(logged(driven)).toBe(950)
    driven.commit()
    driven.restart()
    driven.tell([{ ...UNPRICED, output: 2, costNanos: 950 }])
    driven.book()
    expect(logged(driven)).toBe(950)
    // The part of a price above the logged cost is not logged cost.
    driven.tell([{ ...UNPRICED, key: 'm2', costNanos: 7 }])
    driven.book()
    driven.pricer = OTHER_PRICES
    driven.state.totals.repriceAll()
    driven.book()
    expect([logged(driven), seriesOf(driven).amounts[MEASURE.cost]]).toEqual([957, 950 + 61])
    const billed: MadeLine = { ...PLAIN, costNanos: 10_000, flags: MODIFIER.billed }
    expect(logged(told(PLAIN, billed), 'model-a')).toBe(10_000)
  })

  it('is part of the cost of a period', () => {
    expect(told({ ...UNPRICED, time: 0 }).periodCosts).toEqual({ 'agent|one|model-without-price': [900, 900] })
  })
})

describe('details', () => {
  it('are absorbed with another state, except those of lines that lost', () => {
    const other = told(SNAPSHOT, { ...SNAPSHOT, key: 'm2' })
    other.tell([{ ...PLAIN, key: 'm2', output: 2 }])
    other.book()
    const driven = told({ ...PLAIN, key: 'm3' })
    absorb(driven.state, other.state)
    driven.book()
    expect(driven.total[MEASURE.requests]).toBe(1 + 5 + 1)
  })

  it('take no rows for lines without details', () => {
    expect(told(PLAIN, { ...PLAIN, key: 'm2' }).state.ledger.entries.details.rows.count).toBe(0)
  })

  it.each([
    [{}, undefined],
    [NO_DETAIL, undefined],
    [{ requests: 0, costNanos: Number.NaN }, undefined],
    [{ requests: -3, costNanos: -1 }, undefined],
    [{ requests: 2.4 }, { requests: 2, costNanos: 0 }],
    [{ costNanos: 0.7 }, { requests: 1, costNanos: 1 }],
    [
      { requests: 1e12, costNanos: Infinity },
      { requests: 2 ** 32 - 1, costNanos: Number.MAX_SAFE_INTEGER },
    ],
  ])('%j in a log becomes %j', (detail, taken) => {
    expect(plausibleDetail(detail)).toEqual(taken)
  })
})
