// A timestamp more than a day ahead of the clock is ignored until the clock comes within a day of it. That must hold at
// any later reading of the clock, whatever it read when the response was booked.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MEASURE } from '../../../src/core/schema.js'
import { Horizon, isAhead } from '../../../src/core/ledger/horizon.js'
import { DrivenState } from '../driven-state.js'
import { PLAIN, type Made } from '../made-lines.js'

const DAY = 86_400_000
const NOW = Date.parse('2026-11-25T12:00:00Z')
const YEAR_1 = Date.parse('0001-01-01T00:00:00Z')
const YEAR_9999 = Date.parse('9999-12-31T23:59:59.999Z')
const TIMES = [
  Number.NaN,
  YEAR_1,
  -1,
  0,
  NOW - 400 * DAY,
  NOW - 1,
  NOW,
  NOW + DAY,
  NOW + DAY + 1,
  NOW + 40 * DAY,
  YEAR_9999,
]
/** Readings of a clock that is unset, behind, right or ahead. */
const CLOCKS = [0, YEAR_1, NOW - 400 * DAY, NOW - DAY, NOW, NOW + 1, NOW + 39 * DAY, NOW + 400 * DAY, YEAR_9999]

describe('a timestamp', () => {
  it.each([
    [NOW, false],
    [NOW + DAY, false],
    [NOW + DAY + 1, true],
    [YEAR_9999, true],
    [YEAR_1, false],
    [-1, false],
    [Number.NaN, false],
  ])('%d is ahead of the clock: %s', (time, ahead) => {
    expect(isAhead(time, NOW)).toBe(ahead)
  })
})

describe('a horizon', () => {
  it('holds exactly while the same timestamps are ahead of the clock', () => {
    const horizon = new Horizon()
    expect([0, NOW, YEAR_9999].map((now) => horizon.holds(now))).toEqual([true, true, true])
    for (const time of [NOW + DAY, Number.NaN, NOW - 1, NOW + 40 * DAY, YEAR_9999]) horizon.note(time, NOW)
    expect([NOW - 1, NOW, NOW + 39 * DAY - 1, NOW + 39 * DAY].map((now) => horizon.holds(now))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
})

describe('at any reading of the clock', () => {
  const line = fc.record({ time: fc.constantFrom(...TIMES), place: fc.constantFrom('agent/one/s', 'agent/two/s') })
  const batch = fc.record({
    lines: fc.array(line, { maxLength: 6 }),
    bookedAt: fc.constantFrom(...CLOCKS),
    restart: fc.boolean(),
  })
  const looks = fc.array(fc.constantFrom(...CLOCKS), { minLength: 1, maxLength: 4 })

  it('last activity and period costs include only responses that are not ahead', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ batch, looks }), { maxLength: 4 }), (steps) => {
        const driven = new DrivenState()
        const told: (Made & { readonly time: number; readonly place: string })[] = []
        for (const {
          batch: { lines, bookedAt, restart },
          looks,
        } of steps) {
          const made = lines.map((each, n) => ({ ...PLAIN, ...each, key: `k${told.length + n}` }))
          told.push(...made)
          driven.tell(made)
          driven.nowMs = bookedAt
          driven.book()
          driven.commit()
          if (restart) driven.restart()
          for (const now of looks) {
            driven.nowMs = now
            for (const [name, { lastActivity }] of driven.series) {
              const times = told
                .filter(
                  ({ place, time }) => name === `${place.slice(0, -2)}|model-a`.replace('/', '|') && time <= now + DAY,
                )
                .map(({ time }) => time)
              expect([name, lastActivity]).toEqual([name, String(times.length === 0 ? Number.NaN : Math.max(...times))])
            }
            const spans = [
              { fromMs: -Infinity, toMs: Infinity },
              { fromMs: NOW, toMs: NOW + 30 * DAY },
            ]
            const [ever, month] = driven.state.totals
              .costsOf(spans, now)
              .map((costs) => costs.reduce((sum, cost) => sum + cost, 0))
            const each = told.length === 0 ? 0 : driven.total[MEASURE.cost]! / told.length
            expect(ever).toBe(each * told.filter(({ time }) => time <= now + DAY).length)
            expect(month).toBe(
              each * told.filter(({ time }) => time >= NOW && time < NOW + 30 * DAY && time <= now + DAY).length,
            )
          }
        }
        // The counters include every response, whatever its timestamp.
        expect(driven.total[MEASURE.requests]).toBe(told.length)
      }),
      { numRuns: 1_000 },
    )
  })

  it('the version of the totals changes exactly when a timestamp comes into reach or leaves it', () => {
    const driven = new DrivenState()
    driven.nowMs = NOW
    driven.tell([PLAIN, { ...PLAIN, key: 'm2', time: NOW + 40 * DAY }])
    driven.book()
    const { totals } = driven.state
    const version = totals.version(NOW)
    expect([0, NOW, NOW + 39 * DAY - 1].map((now) => totals.version(now))).toEqual([version, version, version])
    expect(totals.version(NOW + 39 * DAY)).toBeGreaterThan(version)
    const later = totals.version(NOW + 39 * DAY)
    expect(totals.version(NOW)).toBeGreaterThan(later)
  })
})
