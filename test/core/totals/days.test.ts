// A day's cost is what the same span of time has, whatever the lengths of the days, to the millisecond.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MEASURE } from '../../../src/core/schema.js'
import { dailyCosts } from '../../../src/core/totals/days.js'
import { DrivenState } from '../driven-state.js'
import { PLAIN } from '../made-lines.js'

const HOUR = 3_600_000
/** Clocks skip an hour or take one twice; Samoa once skipped a whole day. */
const lengths = fc.array(fc.constantFrom(24, 24, 24, 23, 25, 23.5, 24.5, 0), { minLength: 1, maxLength: 31 })

it('adds up the responses of each day', () => {
  fc.assert(
    fc.property(
      lengths,
      fc.array(fc.tuple(fc.nat(40 * 24), fc.constantFrom(-1, 0, 1)), { maxLength: 40 }),
      (hours, times) => {
        let next = 5 * HOUR
        const days = hours.map((length) => ({ fromMs: next, toMs: (next += length * HOUR) }))
        const driven = new DrivenState()
        driven.tell(
          times.map(([hour, off], n) => ({
            ...PLAIN,
            key: `k${n}`,
            time: (hour * 24 * HOUR) / 24 + off,
            model: n % 3 === 0 ? 'model-b' : 'model-a',
          })),
        )
        driven.book()
        const { totals } = driven.state
        expect(dailyCosts(totals, days, Infinity)).toEqual(totals.costsOf(days, Infinity))
      },
    ),
    { numRuns: 500 },
  )
})

it('leaves out what has no time, came before, or is of tomorrow', () => {
  const driven = new DrivenState()
  driven.tell([Number.NaN, -1, 0, 24 * HOUR - 1, 24 * HOUR].map((time, n) => ({ ...PLAIN, key: `k${n}`, time })))
  driven.book()
  const [day] = dailyCosts(driven.state.totals, [{ fromMs: 0, toMs: 24 * HOUR }], 24 * HOUR)
  expect(day).toEqual(Float64Array.of((driven.total[MEASURE.cost]! / 5) * 2))
})
