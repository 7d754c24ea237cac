// The walker's state of a thread, and the rows of its lines.
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

/** Maximum number of rows. */
export const MAX_ROWS: u32 = 128
export const ROWS: usize = memory.data(<i32>(ROW_BYTES * MAX_ROWS), 8)
/** Ends with the bytes that a comparison may read beyond a text. */
export const THREAD: usize = memory.data(<i32>THREAD_BYTES + 16, 8)
/** Number of rows written since the program last took them. */
export let rows: u32 = 0

export function startRows(): void {
  rows = 0
  store<u32>(THREAD, 0, THREAD_ROWS)
  store<u32>(THREAD, 0, THREAD_CHANGES)
}

/** Keeps the row that was written after the last one. */
export function keepRow(): void {
  rows += 1
  store<u32>(THREAD, rows, THREAD_ROWS)
}

/** Records a change of the thread. */
export function change(what: u32): void {
  store<u32>(THREAD, load<u32>(THREAD, THREAD_CHANGES) | what, THREAD_CHANGES)
}

/** Whether a field is a text equal to one of the thread's. */
export function isTold(field: usize, told: usize): bool {
  const row = FIELDS + field
  if (load<u32>(row, FIELD_KIND) != KIND_TEXT) return false
  const from = load<u32>(row, FIELD_FROM) + 1
  const length = load<u32>(row, FIELD_TO) - 1 - from
  return isSameText(from, length, THREAD + told + 4, load<u32>(THREAD + told))
}
