// Reads a ledger into the objects of the specification, so that the two can be compared.
import type { Ledger } from '../../../src/core/ledger/ledger.js'
import { COLUMN, DOUBLE_COLUMN } from '../../../src/core/schema.js'
import { FLAG } from '../../../src/core/ledger/usage.js'
import type { Counted } from './ledger-spec.js'
import { keyOf } from '../made-lines.js'

const NAMES = ['m1', 'm2', 'm3', 'm4', 'r1', 'r2'].flatMap((name) => [name, `${name}#1`])

/**
 * Every response that counts, by key. Copies are part of their originals.
 * @param names the names of all keys that the lines may have
 */
export function countedOf(ledger: Ledger, names: readonly string[] = NAMES): Map<string, Counted> {
  const nameOf = new Map(names.map((name) => [keyText(keyOf(name)), name]))
  const counted = new Map<string, Counted>()
  for (let entry = 0; entry < ledger.count; entry += 1) {
    if (ledger.canonical(entry) !== entry) continue
    const row = ledger.entries.view(entry)
    const key = nameOf.get(
      keyText({ low: row.words[row.base + COLUMN.keyLow]!, high: row.words[row.base + COLUMN.keyHigh]! }),
    )
    if (key === undefined) throw new Error(`no line was made with the key of entry ${entry}`)
    const view = ledger.counted(entry)
    const word = (column: number): number => view.words[view.base + column]!
    counted.set(key, {
      key,
      input: word(COLUMN.input),
      output: word(COLUMN.output),
      cacheRead: word(COLUMN.cacheRead),
      cacheWrite5m: word(COLUMN.cacheWrite5m),
      cacheWrite1h: word(COLUMN.cacheWrite1h),
      model: ledger.strings.get(word(COLUMN.model)),
      place: ledger.strings.get(word(COLUMN.session)),
      time: view.doubles[view.base / 2 + DOUBLE_COLUMN.time]!,
      flags: word(COLUMN.flags) & ~(FLAG.requestOnly | FLAG.detailed),
      searches: ledger.searchesOf(entry, view),
      ...ledger.detailOf(entry),
    })
  }
  return counted
}

/** In a fixed order; times as text, so that NaN and null differ. */
export function comparable(counted: ReadonlyMap<string, Counted>): unknown[] {
  return [...counted.values()]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((each) => ({ ...each, time: String(each.time) }))
}

function keyText({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${low}:${high}`
}
