// Reads one line of Claude Code along its structure: takes values only at their exact paths, never look-alikes
// elsewhere (claude-code-logs 2). Knows the paths that reader.ts reads, and gives up if reader.ts could get more from a
// line than a row can hold. differential.test.ts compares the two.
import {
  FALLBACK_ITERATION,
  FALLBACK_KEY_TWICE,
  FALLBACK_MALFORMED,
  FALLBACK_TOO_DEEP,
  FALLBACK_WEB_SEARCH,
  FLAG_SIDECHAIN,
  MAX_SEARCHES,
  MAX_TOKENS,
} from './generated'
import { giveUp } from '../../../decode/walker/give-up'
import {
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COMMA,
  MAX_DEPTH,
  QUOTE,
  byte,
  skipColon,
  skipKey,
  skipPlainText,
  skipSpace,
  skipValue,
} from '../../../decode/walker/json'
import { Meaning, Names, meaningOf } from '../../../decode/walker/names'
import {
  API_ERROR,
  CACHE_CREATION,
  CACHE_CREATION_1H,
  CACHE_CREATION_5M,
  CACHE_READ,
  COUNTS,
  CWD,
  FLAGS,
  HAS_USAGE,
  INPUT,
  MESSAGE_ID,
  MODEL,
  OUTPUT,
  RECORD,
  RECORD_BYTES,
  REQUEST_ID,
  SEEN,
  TIME,
  TYPE,
  UUID,
  WEB_SEARCHES,
} from './layout'
import { takeCount, takeFlag, takeText, takeTime } from './values'
import * as names from './names'

const ECHO: usize = RECORD + RECORD_BYTES
/** The record being filled: that of the line, or that of its echo. */
let record: usize = RECORD
/** If false, `cwd` is skipped. On Windows it contains backslashes, for which every line would be given up. */
let wantsCwd = false

/** Fills RECORD from the JSON object at `p`, which must end at `end`. Returns false if it gave up. */
export function readLine(p: usize, end: usize, withCwd: bool): bool {
  wantsCwd = withCwd
  // Clears the echo of the previous line.
  store<u32>(ECHO, 0, TYPE)
  start(RECORD)
  p = readObject(p, names.LINE_KEYS, 1)
  if (p == 0) return false
  if (p != end) return giveUp(FALLBACK_MALFORMED) != 0
  const type = load<u32>(RECORD, TYPE)
  if (type == names.ASSISTANT) store<u32>(RECORD, u32(hasUsage(RECORD)), COUNTS)
  else if (type == names.PROGRESS && load<u32>(ECHO, TYPE) == names.ASSISTANT && hasUsage(ECHO)) adoptEcho()
  return true
}

function start(at: usize): void {
  memory.fill(at, 0, RECORD_BYTES)
  store<f64>(at, NaN, TIME)
  record = at
}

function hasUsage(at: usize): bool {
  return (load<u32>(at, FLAGS) & HAS_USAGE) != 0
}

/**
 * An echo counts as a line of a side chain. It inherits the line's error flag and, if it has no time, the line's time.
 */
function adoptEcho(): void {
  const flags = load<u32>(ECHO, FLAGS) | FLAG_SIDECHAIN | (load<u32>(RECORD, FLAGS) & API_ERROR)
  const time = load<f64>(ECHO, TIME)
  const lineTime = load<f64>(RECORD, TIME)
  const cwd = load<u64>(RECORD, CWD)
  memory.copy(RECORD, ECHO, RECORD_BYTES)
  store<u32>(RECORD, 1, COUNTS)
  store<u32>(RECORD, flags, FLAGS)
  store<f64>(RECORD, isNaN(time) ? lineTime : time, TIME)
  store<u64>(RECORD, cwd, CWD)
}

/** Reads the object at `p`, with the keys to take. */
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
  // JSON.parse takes the last of repeated keys; that is left to it.
  if (field <= names.ONCE && !isFirst(field)) return giveUp(FALLBACK_KEY_TWICE)
  switch (field) {
    case names.TYPE_FIELD:
      return takeType(p, depth)
    case names.UUID_FIELD:
      return takeText(p, record + UUID, depth)
    case names.CWD_FIELD:
      return wantsCwd ? takeText(p, record + CWD, depth) : skipValue(p, depth)
    case names.DATA_FIELD:
      return readObjectOr(p, names.DATA_KEYS, depth)
    case names.ECHO_FIELD:
      return readEcho(p, depth)
    case names.MESSAGE_FIELD:
      return readObjectOr(p, names.MESSAGE_KEYS, depth)
    case names.REQUEST_FIELD:
      return takeText(p, record + REQUEST_ID, depth)
    case names.TIME_FIELD:
      return takeTime(p, record + TIME, depth)
    case names.SIDECHAIN_FIELD:
      return takeFlag(p, record + FLAGS, FLAG_SIDECHAIN, depth)
    case names.API_ERROR_FIELD:
      return takeFlag(p, record + FLAGS, API_ERROR, depth)
    case names.ID_FIELD:
      return takeText(p, record + MESSAGE_ID, depth)
    case names.MODEL_FIELD:
      return takeText(p, record + MODEL, depth)
    case names.STOP_FIELD:
      return takeWord(p, names.STOP_REASONS, depth)
    case names.USAGE_FIELD:
      if (byte(p) == BRACE_OPEN) setFlag(HAS_USAGE)
      return readObjectOr(p, names.USAGE_KEYS, depth)
    case names.CONTENT_FIELD:
      return readArrayOr(p, names.BLOCK_KEYS, depth)
    case names.INPUT_FIELD:
      return takeCount(p, record + INPUT, MAX_TOKENS, depth)
    case names.OUTPUT_FIELD:
      return takeCount(p, record + OUTPUT, MAX_TOKENS, depth)
    case names.READ_FIELD:
      return takeCount(p, record + CACHE_READ, MAX_TOKENS, depth)
    case names.CREATION_FIELD:
      return takeCount(p, record + CACHE_CREATION, MAX_TOKENS, depth)
    case names.SPLIT_FIELD:
      return readObjectOr(p, names.SPLIT_KEYS, depth)
    case names.CREATION_5M_FIELD:
      return takeCount(p, record + CACHE_CREATION_5M, MAX_TOKENS, depth)
    case names.CREATION_1H_FIELD:
      return takeCount(p, record + CACHE_CREATION_1H, MAX_TOKENS, depth)
    case names.SERVER_TOOLS_FIELD:
      return readObjectOr(p, names.SERVER_TOOL_KEYS, depth)
    case names.SEARCHES_FIELD:
      return takeCount(p, record + WEB_SEARCHES, MAX_SEARCHES, depth)
    case names.SPEED_FIELD:
      return takeWord(p, names.SPEEDS, depth)
    case names.GEO_FIELD:
      return takeWord(p, names.GEOS, depth)
    case names.TIER_FIELD:
      return takeWord(p, names.TIERS, depth)
    case names.ITERATIONS_FIELD:
      return readArrayOr(p, names.ITERATION_KEYS, depth)
    case names.BLOCK_NAME_FIELD:
      return mustMean(p, names.BLOCK_NAMES, 0, FALLBACK_WEB_SEARCH, depth)
    case names.ITERATION_TYPE_FIELD:
      return mustMean(p, names.ITERATION_TYPES, 1, FALLBACK_ITERATION, depth)
    default:
      return unreachable()
  }
}

function isFirst(field: Meaning): bool {
  const seen = load<u32>(record, SEEN)
  store<u32>(record, seen | (1 << field), SEEN)
  return (seen & (1 << field)) == 0
}

function setFlag(flag: u32): void {
  store<u32>(record, load<u32>(record, FLAGS) | flag, FLAGS)
}

/** Reads an object with the keys to take; skips any other value. */
function readObjectOr(p: usize, wanted: Names, depth: i32): usize {
  return byte(p) == BRACE_OPEN ? readObject(p, wanted, depth + 1) : skipValue(p, depth)
}

/** Reads an array of such objects; skips any other value. */
function readArrayOr(p: usize, wanted: Names, depth: i32): usize {
  if (byte(p) != BRACKET_OPEN) return skipValue(p, depth)
  p = skipSpace(p + 1)
  if (byte(p) == BRACKET_CLOSE) return p + 1
  while (true) {
    p = readObjectOr(p, wanted, depth + 1)
    if (p == 0) return 0
    p = skipSpace(p)
    const c = byte(p)
    if (c == BRACKET_CLOSE) return p + 1
    if (c != COMMA) return giveUp(FALLBACK_MALFORMED)
    p = skipSpace(p + 1)
  }
}

function readEcho(p: usize, depth: i32): usize {
  if (byte(p) != BRACE_OPEN) return skipValue(p, depth)
  start(ECHO)
  p = readObject(p, names.ECHO_KEYS, depth + 1)
  record = RECORD
  return p
}

function takeType(p: usize, depth: i32): usize {
  if (byte(p) != QUOTE) return skipValue(p, depth)
  const end = skipPlainText(p)
  if (end == 0) return 0
  store<u32>(record, meaningOf(names.LINE_TYPES, p + 1, <i32>(end - p) - 2), TYPE)
  return end
}

/** Reads a text, and sets the flag that `words` has for it, if any. */
function takeWord(p: usize, words: Names, depth: i32): usize {
  if (byte(p) != QUOTE) return skipValue(p, depth)
  const end = skipPlainText(p)
  if (end == 0) return 0
  setFlag(meaningOf(words, p + 1, <i32>(end - p) - 2))
  return end
}

/** Reads a text, and gives up unless `words` has this meaning for it: other texts need more than a record holds. */
function mustMean(p: usize, words: Names, meaning: Meaning, reason: u32, depth: i32): usize {
  if (byte(p) != QUOTE) return skipValue(p, depth)
  const end = skipPlainText(p)
  if (end == 0) return 0
  return meaningOf(words, p + 1, <i32>(end - p) - 2) == meaning ? end : giveUp(reason)
}
