// Finds rows by a hash that many of them may share.
import { expect, it } from 'vitest'
import { RowChains } from '../../../src/core/ledger/row-chains.js'

function rowsWith(chains: RowChains, hash: number): number[] {
  const rows: number[] = []
  for (let row = chains.first(hash); row >= 0; row = chains.next(row)) rows.push(row)
  return rows
}

it('lists each row of a hash once, the latest first, as the chains grow', () => {
  const hashOf = (row: number): number => row % 3
  const chains = new RowChains(hashOf)
  for (const count of [0, 1, 5, 64, 65, 1_000]) {
    chains.upTo(count)
    for (const hash of [0, 1, 2]) {
      const expected = Array.from({ length: count }, (_, row) => count - 1 - row).filter((row) => hashOf(row) === hash)
      expect(rowsWith(chains, hash)).toEqual(expected)
    }
  }
})

it('accepts any 32-bit word as a hash', () => {
  const hashes = [0, 1, 0xffff_ffff, -1, 0x8000_0000, 63]
  const chains = new RowChains((row) => hashes[row]!)
  chains.upTo(hashes.length)
  for (const [row, hash] of hashes.entries()) expect(rowsWith(chains, hash)).toContain(row)
  expect(rowsWith(chains, 2)).toEqual([])
})

it('is empty after clear, and can be filled again', () => {
  const chains = new RowChains((row) => row)
  for (const rows of [3, 200]) {
    chains.upTo(rows).clear()
  }
  expect(chains.first(0)).toBe(-1)
  chains.upTo(1)
  expect(rowsWith(chains, 0)).toEqual([0])
})
