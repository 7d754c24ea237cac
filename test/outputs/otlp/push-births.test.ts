// The law of births for pushes: through any answers, losses and kills, the increase that a receiver sees is the usage since
// the first push. For a receiver of deltas, as for increase(), a series grows from its first point and never falls.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MEASURE } from '../../../src/core/schema.js'
import { createPushBirths } from '../../../src/outputs/otlp/push-births.js'
import { DrivenState } from '../../core/driven-state.js'
import { PLAIN } from '../../core/made-lines.js'

type Step =
  | { readonly kind: 'spend'; readonly project: number }
  | { readonly kind: 'push'; readonly arrives: boolean; readonly answered: boolean }
  | { readonly kind: 'kill' }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('spend' as const), project: fc.nat(5) }),
  fc.record({ kind: fc.constant('push' as const), arrives: fc.boolean(), answered: fc.boolean() }),
  fc.constant({ kind: 'kill' as const }),
)

/** The first and the last value of each series at a receiver. */
class Seen {
  readonly #series = new Map<number, { readonly first: number; last: number }>()

  take(values: readonly number[]): void {
    for (const [row, value] of values.entries()) {
      const known = this.#series.get(row)
      if (known === undefined) this.#series.set(row, { first: value, last: value })
      else {
        expect(value, 'a counter never falls').toBeGreaterThanOrEqual(known.last)
        known.last = value
      }
    }
  }
  get increase(): number {
    return [...this.#series.values()].reduce((sum, { first, last }) => sum + last - first, 0)
  }
}

function run(history: number, story: readonly Step[]): void {
  const driven = new DrivenState()
  let responses = 0
  let spent = 0
  const spend = (project: number): void => {
    driven.tell([{ ...PLAIN, key: `m${responses++}`, place: `agent/p${project}/s1` }])
    driven.book()
    // As in the program, booking and commit are one step.
    driven.commit()
  }
  for (let project = 0; project < history; project += 1) spend(project)
  const seen = new Seen()
  let commits = 0
  const start = () => {
    const births = createPushBirths({
      state: driven.state,
      commits: () => commits,
      commit() {
        driven.commit()
        commits += 1
      },
    })
    if (driven.state.pushed === undefined) births.showAll()
    return births
  }
  let births = start()
  const push = (arrives: boolean, answered: boolean): void => {
    const { series } = driven.state.totals
    const { isUnborn, acknowledged } = births.begin()
    const values = Array.from({ length: series.count }, (_, row) =>
      isUnborn(row) ? 0 : series.total(row, MEASURE.requests),
    )
    if (arrives) seen.take(values)
    if (arrives && answered) acknowledged()
  }
  push(true, true)
  for (const one of story) {
    if (one.kind === 'spend') {
      spend(one.project)
      spent += 1
    } else if (one.kind === 'push') push(one.arrives, one.answered)
    else {
      driven.restart()
      births = start()
    }
  }
  push(true, true)
  push(true, true)
  expect(seen.increase).toBe(spent)
}

it('a receiver sees the usage since the first push as increase, across lost answers, outages and kills', () => {
  fc.assert(fc.property(fc.nat(3), fc.array(step, { maxLength: 60, size: 'max' }), run), { numRuns: 300 })
})

it('a new series stays unborn until the acknowledgement is committed', () => {
  const driven = new DrivenState()
  let commits = 0
  let stores = false
  const births = createPushBirths({
    state: driven.state,
    commits: () => commits,
    commit: () => void (commits += stores ? 1 : 0),
  })
  births.showAll()
  driven.tell([{ ...PLAIN, key: 'm', place: 'agent/p/s1' }])
  driven.book()
  births.begin().acknowledged()
  expect(births.begin().isUnborn(0)).toBe(true)
  stores = true
  commits += 1
  expect(births.begin().isUnborn(0)).toBe(false)
})
