// A new series is shown at 0 until one scrape has seen it there and a commit has stored that.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StringTable } from '../../src/core/tables/strings.js'
import { Series } from '../../src/core/totals/series.js'
import { createBirths, type Births } from '../../src/outputs/births.js'
import { DrivenState } from '../core/driven-state.js'
import { PLAIN } from '../core/made-lines.js'

const LABELS = { agent: 'agent', project: 'app', model: 'model-a' }

interface Nursery {
  readonly births: Births
  readonly series: Series
  /** Milliseconds of a monotonic clock. */
  readonly at: { nowMs: number; holdMs: number; commits: number }
  readonly unborn: () => readonly number[]
}

function nursery(count = 1, series = new Series(new StringTable())): Nursery {
  for (let row = 0; row < count; row += 1) series.add({ ...LABELS, project: `p${row}` })
  const at = { nowMs: 0, holdMs: 0, commits: 0 }
  const births = createBirths({
    series,
    commits: () => at.commits,
    monotonic: () => at.nowMs,
    holdMs: () => at.holdMs,
  })
  return { births, series, at, unborn: () => [...births.unborn()] }
}

describe('the birth of a series', () => {
  it('ends once one scrape has seen the series at 0 and a commit has ended since', () => {
    const { births, at, unborn } = nursery()
    expect(unborn()).toEqual([0])
    expect(births.saw([0])).toBe(true)
    expect(unborn()).toEqual([0])
    at.commits += 1
    expect(unborn()).toEqual([])
  })

  it('lasts for the configured hold after a scrape', () => {
    const { births, at, unborn } = nursery()
    at.nowMs = 100
    births.saw([0])
    Object.assign(at, { commits: 1, holdMs: 10, nowMs: 109 })
    expect(unborn()).toEqual([0])
    at.nowMs = 110
    expect(unborn()).toEqual([])
  })

  it('is over permanently once the value was shown, for any later clock and hold', () => {
    const { births, at, unborn } = nursery()
    births.saw([0])
    Object.assign(at, { commits: 1, holdMs: 10, nowMs: 10 })
    const looks = [10, 0, 60_000].map((holdMs) => {
      Object.assign(at, { holdMs, nowMs: holdMs })
      return unborn()
    })
    at.nowMs = -5
    expect([...looks, unborn()]).toEqual([[], [], [], []])
  })

  it('has to be stored once', () => {
    const { births } = nursery()
    expect([births.saw([0]), births.saw([0]), births.saw([])]).toEqual([true, false, false])
  })

  it('ends at once with showAll', () => {
    const { births, unborn } = nursery()
    births.showAll()
    expect(unborn()).toEqual([])
    expect(births.saw([0])).toBe(false)
  })

  it('survives restarts while unseen, and its end survives once committed', () => {
    const driven = new DrivenState()
    driven.tell([PLAIN])
    driven.book()
    driven.commit()
    const restarted = (): Nursery => {
      driven.restart()
      return nursery(0, driven.state.totals.series)
    }
    const unseen = restarted()
    expect(unseen.unborn()).toEqual([0])
    unseen.births.saw([0])
    expect(restarted().unborn()).toEqual([0])
    restarted().births.saw([0])
    driven.commit()
    expect(restarted().unborn()).toEqual([])
  })
})

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('new', 'commit', 'print', 'print and send', 'restart' as const) },
    fc.record({ wait: fc.nat({ max: 20 }) }),
    fc.record({ holdMs: fc.nat({ max: 30 }) }),
  ),
  { maxLength: 60, size: 'max' },
)

it('every series is at 0 in one sent scrape, then always at its value, for any sequence of events', () => {
  fc.assert(
    fc.property(steps, (story) => {
      const { series, ...first } = nursery(0)
      let { births, at } = first
      /** Series sent to a scraper, and series whose value was printed. */
      const sent = new Set<number>()
      const shown = new Set<number>()
      /** Births as of the last commit. */
      let stored: readonly number[] = []
      for (const step of story) {
        if (step === 'new') series.add({ ...LABELS, project: `p${series.count}` })
        else if (step === 'commit') {
          stored = Array.from({ length: series.count }, (_, row) => series.birth(row))
          at.commits += 1
        } else if (step === 'restart') {
          // Uncommitted series are read again from the logs.
          for (let row = 0; row < series.count; row += 1) series.setBirth(row, stored[row] ?? 0)
          const holdMs = at.holdMs
          ;({ births, at } = nursery(0, series))
          at.holdMs = holdMs
        } else if (typeof step === 'string') {
          const unborn = births.unborn()
          for (let row = 0; row < series.count; row += 1) {
            if (unborn.has(row)) expect(shown.has(row)).toBe(false)
            else {
              expect(sent.has(row)).toBe(true)
              shown.add(row)
            }
            if (step === 'print and send') sent.add(row)
          }
          if (step === 'print and send') births.saw(unborn)
        } else if ('wait' in step) at.nowMs += step.wait
        else at.holdMs = step.holdMs
      }
    }),
    { numRuns: 300 },
  )
})
