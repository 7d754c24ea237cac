// The number of model names is bounded: new names beyond the bound become one, and known ones stay.
import { expect, it } from 'vitest'
import { MAX_MODELS, OTHER_MODEL } from '../../../src/core/ledger/model-names.js'
import { State } from '../../../src/core/state.js'
import { COLUMN } from '../../../src/core/schema.js'
import { batchOf, PLAIN, type Made } from '../made-lines.js'

function joined(state: State, lines: readonly Made[]): void {
  state.ledger.join(batchOf(lines), () => undefined)
}

function modelOf(state: State, entry: number): string {
  const { entries, strings: texts } = state.ledger
  const { words, base } = entries.view(entry)
  return texts.get(words[base + COLUMN.model]!)
}

/** A few more models than the bound. */
const lines = Array.from({ length: MAX_MODELS + 5 }, (_, number): Made => ({
  ...PLAIN,
  key: `k${number}`,
  model: `m${number}`,
}))

it('models beyond the bound share one name, in the same batch, a later one and after a restart', () => {
  const state = new State()
  joined(state, lines)
  expect([MAX_MODELS - 1, MAX_MODELS, MAX_MODELS + 4].map((entry) => modelOf(state, entry))).toEqual([
    `m${MAX_MODELS - 1}`,
    OTHER_MODEL,
    OTHER_MODEL,
  ])
  const again = new State()
  again.load(
    state.heading,
    [...state.everything()].map((change) => ({ ...change, bytes: change.bytes.slice() })),
  )
  joined(again, [
    { ...PLAIN, key: 'new', model: 'one more' },
    { ...PLAIN, key: 'old', model: 'm7' },
  ])
  expect([0, 1].map((more) => modelOf(again, again.ledger.count - 2 + more))).toEqual([OTHER_MODEL, 'm7'])
})

it('models beyond the bound do not change when the same lines are read again', () => {
  const state = new State()
  joined(state, lines)
  state.saved()
  joined(state, [...lines].reverse())
  expect([...state.changes()]).toEqual([])
})
