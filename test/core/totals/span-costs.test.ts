// One scan of the responses gives the cost of all spans of time, equal to one scan for each span.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MEASURE } from '../../../src/core/schema.js'
import { costsOfSpans } from '../../../src/core/totals/span-costs.js'
import { DrivenState } from '../driven-state.js'
import { PLAIN } from '../made-lines.js'

const HOUR = 3_600_000
const START = 5 * HOUR

function totalsOf(times: readonly number[]) {
  const driven = new DrivenState()
  driven.tell(times.map((time, n) => ({ ...PLAIN, key: `k${n}`, time, model: n % 3 === 0 ? 'model-b' : 'model-a' })))
  driven.book()
  return driven.state.totals
}

/** Lengths of days: clock changes skip or repeat an hour, and Samoa once skipped a whole day. */
const lengths = fc.array(fc.constantFrom(24, 24, 24, 23, 25, 23.5, 24.5, 0), { minLength: 1, maxLength: 31 })
/** On the hour, or a millisecond off. */
const times = fc.array(
  fc.tuple(fc.nat(40 * 24), fc.constantFrom(-1, 0, 1)).map(([hour, off]) => hour * HOUR + off),
  { maxLength: 40 },
)
/** Spans of whole hours that may overlap, be equal, or be empty. */
const overlapping = fc.array(
  fc.tuple(fc.nat(40 * 24), fc.nat(20 * 24)).map(([from, length]) => ({
    fromMs: START + from * HOUR,
    toMs: START + (from + length) * HOUR,
  })),
  { minLength: 1, maxLength: 12 },
)

it('adds up the responses of each day, and of all days together', () => {
  fc.assert(
    fc.property(lengths, times, (hours, when) => {
      let next = START
      const days = hours.map((length) => ({ fromMs: next, toMs: (next += length * HOUR) }))
      const all = { fromMs: START, toMs: next }
      const totals = totalsOf(when)
      const costs = costsOfSpans(totals, days, Infinity)
      expect([...days, all].map((span) => costs.bySeries(span))).toEqual(totals.costsOf([...days, all], Infinity))
    }),
    { numRuns: 300 },
  )
})

it('adds up the responses of spans that overlap', () => {
  fc.assert(
    fc.property(overlapping, times, (spans, when) => {
      const totals = totalsOf(when)
      const costs = costsOfSpans(totals, spans, Infinity)
      const expected = totals.costsOf(spans, Infinity)
      expect(spans.map((span) => costs.bySeries(span))).toEqual(expected)
      expect(spans.map((span) => costs.total(span))).toEqual(
        expected.map((each) => each.reduce((sum, n) => sum + n, 0)),
      )
      expect(costs.firstMs).toBe(Math.min(...when))
    }),
    { numRuns: 300 },
  )
})

it('leaves out responses without time, before the span or ahead of the clock; firstMs may be before the span', () => {
  const driven = new DrivenState()
  const when = [Number.NaN, -1, 0, 24 * HOUR - 1, 24 * HOUR, 49 * HOUR]
  driven.tell(when.map((time, n) => ({ ...PLAIN, key: `k${n}`, time })))
  driven.book()
  const [day, both] = [24, 72].map((hours) => ({ fromMs: 0, toMs: hours * HOUR }))
  const costs = costsOfSpans(driven.state.totals, [day!, both!], 24 * HOUR)
  const each = driven.total[MEASURE.cost]! / when.length
  expect(costs.bySeries(day!)).toEqual(Float64Array.of(each * 2))
  expect(costs.total(both!)).toBe(each * 3)
  expect(costs.firstMs).toBe(-1)
})
