// Joins another state into this one. The ledger is a grow-only map, so overlaps do no harm; new entries are booked as
// if they had just been read.
import type { PackedRows } from './tables/row-list.js'
import type { Rows } from './tables/rows.js'
import type { State } from './state.js'
import { COLUMN, DOUBLE_COLUMN } from './schema.js'

/** @param from must not be used afterwards */
export function absorb(into: State, from: State): void {
  const { entries, requests: links, toolCounts: searches } = from.ledger
  for (let entry = 0; entry < entries.count; entry += 1) {
    entries.rows.setDouble(entry, DOUBLE_COLUMN.cost, 0)
    entries.rows.setWord(entry, COLUMN.series, 0)
  }
  into.ledger.join(
    {
      entries: packed(entries.rows),
      requests: packed(links.rows),
      details: packed(entries.details.rows),
      toolUses: packed(searches.uses),
      toolResults: packed(searches.results),
      strings: Array.from({ length: from.strings.count }, (_, number) => from.strings.get(number)),
      duplicates: 0,
    },
    (entry) => into.totals.remember(entry),
  )
  for (const { name, project, nested, file } of from.sessions.learnt()) into.sessions.learn(name, project, nested, file)
}

function packed(rows: Rows): PackedRows {
  return { pages: rows.pages(), count: rows.count }
}
