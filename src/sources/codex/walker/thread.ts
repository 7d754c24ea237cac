// What the program told of the thread, and the rows that were made of its lines.
import {
  FIELD_FROM,
  FIELD_KIND,
  FIELD_TO,
  KIND_TEXT,
  ROW_BYTES,
  THREAD_BYTES,
  THREAD_CHANGES,
  THREAD_ROWS,
} from './generated'
import { FIELDS } from '../../../decode/walker/fields'
import { isSameText } from '../../../decode/walker/text'

/** Room for so many rows. */
export const MAX_ROWS: u32 = 128
export const ROWS: usize = memory.data(<i32>(ROW_BYTES * MAX_ROWS), 8)
/** And what a comparison may look at behind a text. */
export const THREAD: usize = memory.data(<i32>THREAD_BYTES + 16, 8)
/** Rows that were made since the program took them. */
export let rows: u32 = 0

export function startRows(): void {
  rows = 0
  store<u32>(THREAD, 0, THREAD_ROWS)
  store<u32>(THREAD, 0, THREAD_CHANGES)
}

/** Keeps the row that was written behind the last. */
export function keepRow(): void {
  rows += 1
  store<u32>(THREAD, rows, THREAD_ROWS)
}

/** Notes that the thread was changed. */
export function change(what: u32): void {
  store<u32>(THREAD, load<u32>(THREAD, THREAD_CHANGES) | what, THREAD_CHANGES)
}

/** Whether the field is a text, and the one that the program told. */
export function isTold(field: usize, told: usize): bool {
  const row = FIELDS + field
  if (load<u32>(row, FIELD_KIND) != KIND_TEXT) return false
  const from = load<u32>(row, FIELD_FROM) + 1
  const length = load<u32>(row, FIELD_TO) - 1 - from
  return isSameText(from, length, THREAD + told + 4, load<u32>(THREAD + told))
}
