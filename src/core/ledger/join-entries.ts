// Joins the rows of a batch into entries: page by page, because there are half a million in a first pass, and with one
// lookup for each string of the batch.
import { COLUMN, USAGE_WORDS } from '../schema.js'
import { ROWS_PER_PAGE } from '../tables/rows.js'
import type { StringTable } from '../tables/strings.js'
import type { Batch } from './batch.js'
import { NO_DETAIL, detailsOf } from './details.js'
import type { Entries } from './entries.js'
import type { ModelNames } from './model-names.js'
import { FLAG, rowView } from './usage.js'

export interface JoinTarget {
  readonly entries: Entries
  readonly models: ModelNames
  readonly strings: StringTable
}

/**
 * Returns the entry of each row.
 * @param changing called with each entry that is about to change
 */
export function joinEntries(
  { entries: { pages, count }, details: told, strings: texts }: Batch,
  { entries, models: modelNames, strings }: JoinTarget,
  changing: (entry: number) => void,
): Int32Array {
  const entryOf = new Int32Array(count)
  const details = detailsOf(told)
  // By the numbers that the batch uses; a string is interned when a row refers to it.
  const models = new Int32Array(texts.length).fill(-1)
  const sessions = new Int32Array(texts.length).fill(-1)
  const numberOf = (numbers: Int32Array, text: number): number =>
    (numbers[text] = numbers === models ? modelNames.number(texts[text]!) : strings.intern(texts[text]!))
  for (const [page, words] of pages.entries()) {
    const row = rowView(words)
    const rows = Math.min(ROWS_PER_PAGE, count - page * ROWS_PER_PAGE)
    for (let number = 0; number < rows; number += 1) {
      row.base = number * USAGE_WORDS
      let model = models[row.words[row.base + COLUMN.model]!]!
      let session = sessions[row.words[row.base + COLUMN.session]!]!
      if (model < 0) model = numberOf(models, row.words[row.base + COLUMN.model]!)
      if (session < 0) session = numberOf(sessions, row.words[row.base + COLUMN.session]!)
      const inBatch = page * ROWS_PER_PAGE + number
      const isDetailed = details !== undefined && (row.words[row.base + COLUMN.flags]! & FLAG.detailed) !== 0
      const detail = isDetailed ? details.get(inBatch) : NO_DETAIL
      entryOf[inBatch] = entries.join(row, model, session, changing, detail)
    }
  }
  return entryOf
}
