// The sums of a report add up for any grouping and selection, and equal the counters once corrections are added.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseGlob } from '../../../src/core/labels/glob.js'
import type { Group, GroupName } from '../../../src/core/report/groups.js'
import { makeReport, type Report, type Selection } from '../../../src/core/report/report.js'
import { sessionNumbers } from '../../../src/core/report/session-numbers.js'
import { MEASURE, TOKENS } from '../../../src/core/schema.js'
import type { CountedResponse } from '../../../src/core/totals/responses.js'
import { DrivenState } from '../driven-state.js'
import { specOf } from '../ledger/ledger-spec.js'
import { PLAIN, madeLines, retold } from '../made-lines.js'
import { amountsOf, isLogged } from '../totals/booking-spec.js'
import { PRICES } from '../pricing/made-prices.js'

const ALL: Selection = { match: {}, fromMs: -Infinity, toMs: Infinity }
const RUNS = { numRuns: 300 }

/** The groupings of these tests. */
const NAMES = {
  time: ({ timeMs }) => (Number.isNaN(timeMs) ? null : timeMs),
  series: ({ series }) => series,
  session: ({ session }) => session,
  parity: ({ output }) => (output % 2 === 0 ? 'even' : 'odd'),
} satisfies Record<string, (response: Readonly<CountedResponse>) => GroupName>

type Name = keyof typeof NAMES

function reportOf({ state, nowMs }: DrivenState, by: readonly Name[] = [], selection = ALL): Report {
  return makeReport(state, { selection, names: by.map((name) => NAMES[name]), pricer: PRICES, nowMs })
}

const told = madeLines.chain((lines) => retold(lines).map((batches) => ({ lines, batches })))
const groupings = fc.uniqueArray(fc.constantFrom<Name>('time', 'series', 'session', 'parity'))

function driven(batches: Parameters<DrivenState['tell']>[0][]): DrivenState {
  const made = new DrivenState()
  for (const batch of batches) {
    made.tell(batch)
    made.book()
  }
  return made
}

/** The groups of the innermost level, by their names from the outermost inwards. */
function leavesOf(group: Group, path: readonly GroupName[] = []): Map<string, Group['sums']> {
  if (group.groups.size === 0) return new Map([[JSON.stringify(path), group.sums]])
  return new Map([...group.groups.values()].flatMap((below) => [...leavesOf(below, [...path, below.name])]))
}

function added(all: Iterable<Group['sums']>): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const sums of all) for (const [key, value] of Object.entries(sums)) sum[key] = (sum[key] ?? 0) + value
  return sum
}

function addsUp(group: Group): void {
  if (group.groups.size === 0) return
  expect(added([...group.groups.values()].map(({ sums }) => sums))).toEqual(group.sums)
  const times = (of: (below: Group) => number): number[] =>
    [...group.groups.values()].map(of).filter((time) => !Number.isNaN(time))
  const [first, last] = [times(({ firstMs }) => firstMs), times(({ lastMs }) => lastMs)]
  expect(group.firstMs).toBe(first.length === 0 ? Number.NaN : Math.min(...first))
  expect(group.lastMs).toBe(last.length === 0 ? Number.NaN : Math.max(...last))
  group.groups.forEach(addsUp)
}

describe('the groups of a report', () => {
  it('have the sums of the groups within them', () => {
    fc.assert(
      fc.property(told, groupings, ({ batches }, by) => addsUp(reportOf(driven(batches), by).all)),
      RUNS,
    )
  })

  it('are the same in any order of nesting', () => {
    fc.assert(
      fc.property(told, groupings, ({ batches }, by) => {
        const made = driven(batches)
        const [there, back] = [leavesOf(reportOf(made, by).all), leavesOf(reportOf(made, [...by].reverse()).all)]
        const reversed = [...back].map(([path, sums]) => [
          JSON.stringify((JSON.parse(path) as unknown[]).reverse()),
          sums,
        ])
        expect(new Map(reversed as [string, Group['sums']][])).toEqual(there)
      }),
      RUNS,
    )
  })

  it('have the sums of the specification', () => {
    fc.assert(
      fc.property(told, ({ lines, batches }) => {
        const { all, withoutTime } = reportOf(driven(batches), ['time'])
        const counted = [...specOf(lines).counted().values()]
        const amounts = counted.map((each) => ({ each, amounts: amountsOf(each, PRICES) }))
        const total = (index: number, of = amounts): number => of.reduce((sum, each) => sum + each.amounts[index]!, 0)
        for (const { name } of TOKENS) expect(all.sums[name]).toBe(total(MEASURE[name]))
        expect(all.sums.nanos).toBe(total(MEASURE.cost))
        expect(all.sums.requests).toBe(total(MEASURE.requests))
        expect(all.sums.webSearches).toBe(total(MEASURE.searches))
        const logged = amounts.filter(({ each }) => isLogged(each, PRICES))
        expect(all.sums.loggedNanos).toBe(total(MEASURE.cost, logged))
        const timeless = amounts.filter(({ each }) => Number.isNaN(each.time))
        expect(withoutTime.requests).toBe(total(MEASURE.requests, timeless))
        expect(all.groups.get(null)?.sums.nanos ?? 0).toBe(total(MEASURE.cost, timeless))
      }),
      RUNS,
    )
  })
})

describe('a report with corrections', () => {
  it('equals the counters, over all series and for each model', () => {
    fc.assert(
      fc.property(told, ({ batches }) => {
        const made = driven(batches)
        const { totals } = made.state
        const labels = Array.from({ length: totals.series.count }, (_, row) => totals.series.labels(row))
        for (const model of [undefined, ...new Set(labels.map((each) => each.model))]) {
          const match = model === undefined ? {} : { model: [parseGlob(model)] }
          const { all, surplus } = reportOf(made, [], { ...ALL, match })
          const rows = labels.flatMap((each, row) => (model === undefined || each.model === model ? [row] : []))
          const counter = (measure: number): number =>
            rows.reduce((sum, row) => sum + totals.series.total(row, measure), 0)
          expect(all.sums.nanos + surplus.nanos).toBe(counter(MEASURE.cost))
          expect(all.sums.output + surplus.output).toBe(counter(MEASURE.output))
          expect(all.sums.requests + surplus.requests).toBe(counter(MEASURE.requests))
        }
      }),
      RUNS,
    )
  })

  it('shows by how much the counters are higher, and why', () => {
    const made = new DrivenState()
    made.tell([{ ...PLAIN, model: 'model-b', input: 100, output: 1 }])
    made.book()
    made.tell([{ ...PLAIN, model: 'model-a', input: 10, output: 2 }])
    made.book()
    const { all, surplus, corrections } = reportOf(made)
    expect(corrections).toEqual(new Map([['model', 1]]))
    expect(all.sums).toMatchObject({ input: 10, output: 2, requests: 1 })
    expect(surplus).toMatchObject({ input: 90, requests: 0 })
    expect(surplus.nanos).toBeGreaterThan(0)
    // The response that moved there had been counted in the other series.
    const match = { model: [parseGlob('model-a')] }
    expect(reportOf(made, [], { ...ALL, match }).surplus).toMatchObject({ input: -10, requests: -1 })
  })
})

describe('the selection of a report', () => {
  const times = [Number.NaN, 0, 1000, 2000]
  const made = new DrivenState()
  made.tell(times.map((time, n) => ({ ...PLAIN, key: `k${n}`, time, place: n === 3 ? 'agent/two/s9' : PLAIN.place })))
  made.book()
  const requests = (selection: Partial<Selection>): number =>
    reportOf(made, [], { ...ALL, ...selection }).all.sums.requests

  it('limits the time, and includes responses without a timestamp only without limits', () => {
    expect(requests({})).toBe(4)
    expect(requests({ fromMs: 0 })).toBe(3)
    expect(requests({ fromMs: 1, toMs: 2000 })).toBe(1)
    expect(requests({ toMs: 2001 })).toBe(3)
  })

  it('limits the series to those that match', () => {
    const { model, project } = made.state.totals.series.labels(0)
    expect(requests({ match: { project: [parseGlob(project)] } })).toBe(3)
    expect(requests({ match: { project: [parseGlob('nobody'), parseGlob('*')], model: [parseGlob(model)] } })).toBe(4)
    expect(requests({ match: { model: [parseGlob('nobody')] } })).toBe(0)
  })

  it('does not change the numbers of sessions', () => {
    const { strings } = made.state.ledger
    const numbers = [...sessionNumbers(made.state, made.nowMs)].map(([session, number]) => [
      strings.get(session),
      number,
    ])
    expect(numbers).toEqual([
      [PLAIN.place, 1],
      ['agent/two/s9', 2],
    ])
  })
})

it('sessions are numbered by their first response, in any order of reading', () => {
  fc.assert(
    fc.property(madeLines, (lines) => {
      const numbersOf = (told: typeof lines): string[] => {
        const made = driven([[...told]])
        const { strings } = made.state.ledger
        return [...sessionNumbers(made.state, made.nowMs)].map(([session, n]) => `${n} ${strings.get(session)}`).sort()
      }
      expect(numbersOf([...lines].reverse())).toEqual(numbersOf(lines))
    }),
    RUNS,
  )
})
