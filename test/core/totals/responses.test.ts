// The responses of `visitResponses` add up to the booked totals, and equal the specification for any bookings in between.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MEASURE, MEASURES, TOKENS } from '../../../src/core/schema.js'
import { visitResponses, type CountedResponse } from '../../../src/core/totals/responses.js'
import { DrivenState } from '../driven-state.js'
import { specOf } from '../ledger/ledger-spec.js'
import { PLAIN, madeLines, retold } from '../made-lines.js'

const RUNS = { numRuns: 500 }
const DAY_MS = 86_400_000

function responsesOf({ state, nowMs }: DrivenState): CountedResponse[] {
  const found: CountedResponse[] = []
  visitResponses(state, nowMs, (response) => void found.push({ ...response }))
  return found
}

/** Sums of the measures by series. */
function sumsOf(driven: DrivenState): number[][] {
  const sums = Array.from({ length: driven.state.totals.series.count }, () => new Array<number>(MEASURES).fill(0))
  for (const response of responsesOf(driven)) {
    const sum = sums[response.series]!
    for (const { name } of TOKENS) sum[MEASURE[name]]! += response[name]
    sum[MEASURE.cost]! += response.nanos
    sum[MEASURE.requests]! += response.requests
    sum[MEASURE.searches]! += response.webSearches
  }
  return sums
}

function totalsOf({ state: { totals } }: DrivenState): number[][] {
  return Array.from({ length: totals.series.count }, (_, series) =>
    Array.from({ length: MEASURES }, (__, measure) => totals.series.total(series, measure)),
  )
}

describe('visited responses', () => {
  it('add up to the totals if there were no corrections', () => {
    fc.assert(
      fc.property(madeLines, (lines) => {
        const driven = new DrivenState()
        driven.tell(lines)
        driven.book()
        expect(sumsOf(driven)).toEqual(totalsOf(driven))
      }),
      RUNS,
    )
  })

  it('equal the specification for any order of bookings', () => {
    const told = madeLines.chain((lines) => retold(lines).map((batches) => ({ lines, batches })))
    fc.assert(
      fc.property(told, ({ lines, batches }) => {
        const driven = new DrivenState()
        for (const batch of batches) {
          driven.tell(batch)
          driven.book()
          driven.commit()
        }
        driven.restart()
        const { strings } = driven.state
        const seen = responsesOf(driven).map((response) => [
          response.output,
          response.timeMs,
          strings.get(response.model),
          strings.get(response.session),
        ])
        const counted = [...specOf(lines).counted().values()]
        const told = counted.map(({ output, time, model, place }) => [output, time, model, place])
        const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((row) => row.map(String).join()).sort()
        expect(sorted(seen)).toEqual(sorted(told))
      }),
      RUNS,
    )
  })
})

it('a visited response has no time if it is more than a day ahead of the clock', () => {
  const driven = new DrivenState()
  const times = [Number.NaN, 0, driven.nowMs + DAY_MS, driven.nowMs + DAY_MS + 1]
  driven.tell(times.map((time, n) => ({ ...PLAIN, key: `k${n}`, time })))
  driven.book()
  expect(responsesOf(driven).map(({ timeMs }) => timeMs)).toEqual([Number.NaN, 0, driven.nowMs + DAY_MS, Number.NaN])
})
