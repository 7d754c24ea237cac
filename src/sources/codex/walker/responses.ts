// Token counts and records: what reader.ts and worker/file-sink.ts make of them, where nothing is odd. Each function answers
// false before it has changed anything.
import {
  AT_INFO,
  AT_LAST,
  AT_RESPONSE_ID,
  AT_THREAD_ID,
  AT_TIME,
  AT_TOTAL,
  AT_TURN_ID,
  AT_USAGE,
  CHANGE_MODEL_BEFORE,
  CHANGE_RECORDED,
  CHANGE_TOTAL,
  FIELD_BYTES,
  FIELD_FROM,
  FIELD_KIND,
  FIELD_NUMBER,
  FIELD_TO,
  KIND_NUMBER,
  KIND_OBJECT,
  KIND_TEXT,
  MOST_OUTPUT_TOKENS,
  MOST_PROMPT_TOKENS,
  ROW_BYTES,
  ROW_CACHE_READ,
  ROW_CACHE_WRITE_5M,
  ROW_FLAGS,
  ROW_INPUT,
  ROW_KEY_LOW,
  ROW_MODEL,
  ROW_OUTPUT,
  ROW_SESSION,
  ROW_TIME,
  THREAD_CHANGES,
  THREAD_COUNT_HIGH,
  THREAD_COUNT_LOW,
  THREAD_FLAGS,
  THREAD_HAS_MODEL_BEFORE,
  THREAD_HAS_TOTAL,
  THREAD_ID,
  THREAD_MODEL,
  THREAD_PASSED,
  THREAD_RECORDED,
  THREAD_RECORD_HIGH,
  THREAD_RECORD_LOW,
  THREAD_SESSION,
  THREAD_TOTAL,
  THREAD_TURN,
} from './generated'
import { FIELDS } from '../../../decode/walker/fields'
import * as hash from '../../../decode/walker/hash'
import { byte, isDigit } from '../../../decode/walker/json'
import { timeOf } from '../../../decode/walker/time'
import { ROWS, THREAD, change, isTold, keepRow, rows } from './thread'

// Five counts each, in the order of counts.ts, as doubles.
const COUNTS_BYTES: usize = 5 * 8
const INPUT: usize = 0
const CACHED: usize = 8
const WRITTEN: usize = 16
const OUTPUT: usize = 24
const USAGE: usize = memory.data(<i32>COUNTS_BYTES, 8)
const LAST: usize = memory.data(<i32>COUNTS_BYTES, 8)
const BEFORE: usize = THREAD + THREAD_TOTAL

export function readCount(): bool {
  if (load<u32>(FIELDS + AT_INFO, FIELD_KIND) != KIND_OBJECT) return false
  if (!readCounts(AT_TOTAL, USAGE) || !readCounts(AT_LAST, LAST)) return false
  if (load<u32>(THREAD, THREAD_HAS_TOTAL) != 0 && isSame(USAGE, BEFORE)) return true
  if (load<u32>(THREAD, THREAD_RECORDED) == 0 && load<u32>(THREAD, THREAD_PASSED) == 0) {
    if (isHidden()) return false
    if (hasTokens(LAST)) {
      hash.resume(load<u32>(THREAD, THREAD_COUNT_LOW), load<u32>(THREAD, THREAD_COUNT_HIGH))
      for (let count: usize = 0; count < COUNTS_BYTES; count += 8) hash.number(<u64>load<f64>(USAGE + count))
      if (!addRow(LAST)) return false
    }
  }
  memory.copy(BEFORE, USAGE, COUNTS_BYTES)
  store<u32>(THREAD, 1, THREAD_HAS_TOTAL)
  store<u32>(THREAD, 0, THREAD_RECORDED)
  store<u32>(THREAD, 0, THREAD_HAS_MODEL_BEFORE)
  store<u32>(THREAD, load<u32>(THREAD, THREAD_CHANGES) & ~CHANGE_MODEL_BEFORE, THREAD_CHANGES)
  change(CHANGE_TOTAL)
  return true
}

/** Of the turn that goes on, and of this thread. */
export function readRecord(): bool {
  if (!isTold(AT_TURN_ID, THREAD_TURN) || !isTold(AT_THREAD_ID, THREAD_ID)) return false
  if (!readCounts(AT_USAGE, USAGE) || !hasTokens(USAGE)) return false
  const id = <usize>load<u32>(FIELDS + AT_RESPONSE_ID, FIELD_FROM) + 1
  const end = <usize>load<u32>(FIELDS + AT_RESPONSE_ID, FIELD_TO) - 1
  if (load<u32>(FIELDS + AT_RESPONSE_ID, FIELD_KIND) != KIND_TEXT || !isResponseId(id, end)) return false
  hash.resume(load<u32>(THREAD, THREAD_RECORD_LOW), load<u32>(THREAD, THREAD_RECORD_HIGH))
  hash.text(id, <u32>(end - id))
  if (!addRow(USAGE)) return false
  store<u32>(THREAD, 1, THREAD_RECORDED)
  change(CHANGE_RECORDED)
  return true
}

/** As OpenAI gives them: `resp_`, and 16 letters and digits or more. */
function isResponseId(p: usize, end: usize): bool {
  if (end < p + 21 || load<u32>(p) != 0x70736572 || byte(p + 4) != 0x5f) return false
  for (p += 5; p < end; p += 1) {
    const letter = byte(p) | 0x20
    if (!isDigit(byte(p)) && (letter < 0x61 || letter > 0x7a)) return false
  }
  return true
}

/** The counts of the usage object in that field. False: there is none, or one of its counts is odd. */
function readCounts(field: usize, into: usize): bool {
  let row = FIELDS + field
  if (load<u32>(row, FIELD_KIND) != KIND_OBJECT) return false
  for (let count: usize = 0; count < COUNTS_BYTES; count += 8) {
    row += FIELD_BYTES
    const kind = load<u32>(row, FIELD_KIND)
    if (kind != KIND_NUMBER && kind != 0) return false
    store<f64>(into + count, kind == 0 ? 0 : load<f64>(row, FIELD_NUMBER))
  }
  return true
}

function isSame(a: usize, b: usize): bool {
  for (let count: usize = 0; count < COUNTS_BYTES; count += 8) {
    if (load<f64>(a + count) != load<f64>(b + count)) return false
  }
  return true
}

function hasTokens(counts: usize): bool {
  return load<f64>(counts, INPUT) > 0 || load<f64>(counts, OUTPUT) > 0
}

/** Whether the total has risen by more tokens than the last response has, and by no less of any count. */
function isHidden(): bool {
  let more = false
  for (let count: usize = 0; count < COUNTS_BYTES; count += 8) {
    const rise = load<f64>(USAGE + count) - load<f64>(BEFORE + count)
    const hidden = rise - load<f64>(LAST + count)
    if (rise < 0 || hidden < 0) return false
    more = more || (hidden > 0 && (count == INPUT || count == OUTPUT))
  }
  return more
}

/** A row of these counts; its key is what was hashed. False: they are not plausible, or the time is odd. */
function addRow(counts: usize): bool {
  const prompt = load<f64>(counts, INPUT)
  const output = load<f64>(counts, OUTPUT)
  if (prompt > <f64>MOST_PROMPT_TOKENS || output > <f64>MOST_OUTPUT_TOKENS) return false
  if (load<u32>(FIELDS + AT_TIME, FIELD_KIND) != KIND_TEXT) return false
  const time = timeOf(
    <usize>load<u32>(FIELDS + AT_TIME, FIELD_FROM) + 1,
    <usize>load<u32>(FIELDS + AT_TIME, FIELD_TO) - 1,
  )
  if (isNaN(time)) return false
  const cached = min<f64>(load<f64>(counts, CACHED), prompt)
  const written = min<f64>(load<f64>(counts, WRITTEN), prompt - cached)
  // What is not written here is 0 in every row.
  const row = ROWS + <usize>rows * ROW_BYTES
  store<u64>(row, hash.finish(), ROW_KEY_LOW)
  store<u32>(row, <u32>(prompt - cached - written), ROW_INPUT)
  store<u32>(row, <u32>output, ROW_OUTPUT)
  store<u32>(row, <u32>cached, ROW_CACHE_READ)
  store<u32>(row, <u32>written, ROW_CACHE_WRITE_5M)
  store<u32>(row, load<u32>(THREAD, THREAD_MODEL), ROW_MODEL)
  store<u32>(row, load<u32>(THREAD, THREAD_FLAGS), ROW_FLAGS)
  store<f64>(row, time, ROW_TIME)
  store<u32>(row, load<u32>(THREAD, THREAD_SESSION), ROW_SESSION)
  keepRow()
  return true
}
