// The map from response key to best line: lookups at any size, and a callback before each change.
import { describe, expect, it } from 'vitest'
import { Entries } from '../../../src/core/ledger/entries.js'
import { StringTable } from '../../../src/core/tables/strings.js'
import { COLUMN } from '../../../src/core/schema.js'
import { rowView, type RowView } from '../../../src/core/ledger/usage.js'
import { PLAIN, batchOf, keyOf, type MadeLine } from '../made-lines.js'

describe('entries', () => {
  it('are found by their keys among 1,500, also after loading', () => {
    const texts = new StringTable()
    const entries = new Entries(texts)
    const names = Array.from({ length: 1_500 }, (_, number) => `k${number}`)
    for (const [number, key] of names.entries()) expect(join(entries, texts, { ...PLAIN, key })).toBe(number)
    const loaded = new Entries(texts)
    for (const [page, bytes] of entries.rows.changes()) loaded.rows.load(page, bytes)
    loaded.reindex()
    for (const each of [entries, loaded]) {
      for (const [number, key] of names.entries()) expect(find(each, key)).toBe(number)
      expect(find(each, 'none')).toBe(-1)
      expect(each.count).toBe(1_500)
    }
  })

  it('report each change before it is made, and nothing else', () => {
    const texts = new StringTable()
    const entries = new Entries(texts)
    const told: number[] = []
    const output = (entry: number): number => entries.rows.word(entry, COLUMN.output)
    const tell = (line: MadeLine): number => join(entries, texts, line, (entry) => told.push(output(entry)))
    tell(PLAIN)
    expect(told).toEqual([])
    tell(PLAIN)
    tell({ ...PLAIN, output: 0 })
    expect(told).toEqual([])
    const entry = tell({ ...PLAIN, output: 5 })
    expect([told, output(entry)]).toEqual([[1], 5])
    tell({ ...PLAIN, output: 0, time: 0 })
    tell({ ...PLAIN, output: 0, searches: 1 })
    expect(told).toEqual([1, 5, 5])
  })

  it('mark only the changed row', () => {
    const texts = new StringTable()
    const entries = new Entries(texts)
    for (let number = 0; number < 600; number += 1) join(entries, texts, { ...PLAIN, key: `k${number}` })
    entries.rows.saved()
    join(entries, texts, { ...PLAIN, key: 'k599' })
    expect([...entries.rows.changes()]).toEqual([])
    join(entries, texts, { ...PLAIN, key: 'k599', output: 2 })
    expect([...entries.rows.changes()].map(([row]) => row)).toEqual([599])
  })

  it('take the usage from the winning line and the origin from the first line', () => {
    const texts = new StringTable()
    const entries = new Entries(texts)
    join(entries, texts, { ...PLAIN, time: 5, output: 9, model: 'winner', place: 'late' })
    const entry = join(entries, texts, { ...PLAIN, time: 1, output: 3, model: 'loser', place: 'early' })
    const { words, base } = entries.view(entry)
    expect(texts.get(words[base + COLUMN.model]!)).toBe('winner')
    expect(texts.get(words[base + COLUMN.session]!)).toBe('early')
    expect(words[base + COLUMN.output]).toBe(9)
  })
})

function join(entries: Entries, texts: StringTable, line: MadeLine, before?: (entry: number) => void): number {
  const row: RowView = rowView(batchOf([line]).entries.pages[0]!)
  return entries.join(row, texts.intern(line.model), texts.intern(line.place), before)
}

function find(entries: Entries, name: string): number {
  const { low, high } = keyOf(name)
  return entries.find(low, high)
}
