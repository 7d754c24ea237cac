// Reads the wanted fields of a line: follows its structure, and records the kind and the address of each value.
// Look-alikes elsewhere are ignored. Gives up on a field with more than one value.
import {
  FALLBACK_KEY_TWICE,
  FALLBACK_MALFORMED,
  FALLBACK_TOO_DEEP,
  FIELD_BYTES,
  FIELD_FROM,
  FIELD_KIND,
  FIELD_NUMBER,
  FIELD_TEXT,
  FIELD_TO,
  KIND_NUMBER,
  KIND_OBJECT,
  KIND_OTHER,
  KIND_TEXT,
  MAX_FIELDS,
} from './generated'
import { giveUp } from './give-up'
import {
  BRACE_CLOSE,
  BRACE_OPEN,
  COMMA,
  MAX_DEPTH,
  QUOTE,
  byte,
  isDigit,
  skipColon,
  skipKey,
  skipPlainText,
  skipSpace,
  skipText,
  skipValue,
} from './json'
import { Meaning, Names, addName, meaningOf, nextName } from './names'
import { isSameText } from './text'

/** A row for each field, by its number; the first row is unused. */
export const FIELDS: usize = memory.data(<i32>(FIELD_BYTES * MAX_FIELDS), 8)
/** For each field, the set of names wanted of an object there; 0: none. */
const BELOW: usize = memory.data(<i32>MAX_FIELDS)
/** For each field, its last text: length, number, and the text itself, up to this length. */
const MAX_KNOWN: u32 = 64
const KNOWN_NUMBER: usize = 4
const KNOWN_TEXT: usize = 8
const KNOWN_BYTES: usize = KNOWN_TEXT + MAX_KNOWN
/** Ends with the bytes that a comparison may read beyond the last text. */
const KNOWN: usize = memory.data(<i32>(KNOWN_BYTES * MAX_FIELDS) + 16, 8)
/** Number of texts numbered so far. */
let texts: u32 = 0

/** Names of the line's own fields. */
const LINE: Names = 0
/** Integers with more digits may not be exact as doubles. */
const MAX_DIGITS: usize = 15

let fields: Meaning = 0

/** Address at which to write the name of the next field. */
export function fieldName(): usize {
  return nextName
}

/**
 * Adds a field, whose name must be at `fieldName()`.
 * @param set the set that its name belongs to
 * @param below the set of names below it, or 0
 * @returns its number
 */
export function addField(set: Names, length: i32, below: Names): Meaning {
  fields += 1
  if (<usize>fields >= MAX_FIELDS) unreachable()
  addName(set, length, fields)
  store<u8>(BELOW + fields, <u8>below)
  return fields
}

/** Fills FIELDS from the JSON object at `p`, which must end at `end`. Returns false if it gave up. */
export function readFields(p: usize, end: usize): bool {
  memory.fill(FIELDS, 0, (fields + 1) * FIELD_BYTES)
  p = readObject(p, LINE, 1)
  if (p == 0) return false
  return p == end || giveUp(FALLBACK_MALFORMED) != 0
}

/** Reads the object at `p`, with the names to take. */
function readObject(p: usize, wanted: Names, depth: i32): usize {
  if (depth > MAX_DEPTH) return giveUp(FALLBACK_TOO_DEEP)
  p = skipSpace(p + 1)
  if (byte(p) == BRACE_CLOSE) return p + 1
  while (true) {
    const key = p + 1
    p = skipKey(p)
    if (p == 0) return 0
    const field = meaningOf(wanted, key, <i32>(p - key) - 1)
    p = skipColon(p)
    if (p == 0) return 0
    p = field == 0 ? skipValue(p, depth) : readField(p, field, depth)
    if (p == 0) return 0
    p = skipSpace(p)
    const c = byte(p)
    if (c == BRACE_CLOSE) return p + 1
    if (c != COMMA) return giveUp(FALLBACK_MALFORMED)
    p = skipSpace(p + 1)
  }
}

function readField(p: usize, field: Meaning, depth: i32): usize {
  const row = FIELDS + <usize>field * FIELD_BYTES
  // JSON.parse takes the last of repeated keys; that is left to it.
  if (load<u32>(row, FIELD_KIND) != 0) return giveUp(FALLBACK_KEY_TWICE)
  const first = byte(p)
  if (first == QUOTE) return readText(p, row, KNOWN + <usize>field * KNOWN_BYTES)
  const below = load<u8>(BELOW + field)
  if (first == BRACE_OPEN && below != 0) {
    store<u32>(row, KIND_OBJECT, FIELD_KIND)
    return readObject(p, below, depth + 1)
  }
  const end = isDigit(first) ? countEnd(p, row) : 0
  return end != 0 ? end : keep(row, KIND_OTHER, p, skipValue(p, depth))
}

function readText(p: usize, row: usize, known: usize): usize {
  const end = skipPlainText(p)
  if (end == 0) return keep(row, KIND_OTHER, p, skipText(p))
  const length = <u32>(end - p) - 2
  if (!isSameText(p + 1, length, known + KNOWN_TEXT, load<u32>(known))) {
    texts += 1
    store<u32>(known, texts, KNOWN_NUMBER)
    // No text equals one that is too long.
    store<u32>(known, length <= MAX_KNOWN ? length : u32.MAX_VALUE, 0)
    for (let done: usize = 0; done < MAX_KNOWN; done += 16) v128.store(known + done, v128.load(p + done, 1), KNOWN_TEXT)
  }
  store<u32>(row, load<u32>(known, KNOWN_NUMBER), FIELD_TEXT)
  return keep(row, KIND_TEXT, p, end)
}

/** Records the range of a value, including quotes, and its kind. */
function keep(row: usize, kind: u32, from: usize, to: usize): usize {
  store<u32>(row, kind, FIELD_KIND)
  store<u32>(row, <u32>from, FIELD_FROM)
  store<u32>(row, <u32>to, FIELD_TO)
  return to
}

/** Address after a count of decimal digits, whose value is recorded; 0 for any other number. */
function countEnd(p: usize, row: usize): usize {
  const first = p
  let value: u64 = 0
  do {
    value = value * 10 + <u64>(byte(p) - 0x30)
    p += 1
  } while (isDigit(byte(p)))
  if (p - first > MAX_DIGITS || byte(p) == 0x2e || (byte(p) | 0x20) == 0x65) return 0
  if (byte(first) == 0x30 && p - first > 1) return 0
  store<u32>(row, KIND_NUMBER, FIELD_KIND)
  store<f64>(row, <f64>value, FIELD_NUMBER)
  return p
}
