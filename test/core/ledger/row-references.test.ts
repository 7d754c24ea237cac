// References from rows to other rows.
import { expect, it } from 'vitest'
import { RowReferences } from '../../../src/core/ledger/row-references.js'

it('returns the reference that was set last, and -1 for all other rows', () => {
  const references = new RowReferences()
  expect([references.any, references.get(0)]).toEqual([false, -1])
  references.set(5, 0)
  references.set(100_000, 7)
  references.set(3, 1)
  references.set(3, -1)
  expect([5, 100_000, 3, 4, 99_999, 1_000_000].map((row) => references.get(row))).toEqual([0, 7, -1, -1, -1, -1])
  expect(references.any).toBe(true)
})
