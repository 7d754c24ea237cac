// Writes the rows of usage lines, as reader.ts and worker/file-sink.ts would. Consecutive lines of one response share a
// row.
import {
  FALLBACK_NO_ID,
  FALLBACK_ODD_TEXT,
  FLAG_SIDECHAIN,
  FLAG_SUBAGENT_ORIGIN,
  LINK_BYTES,
  REPORT_API_ERRORS,
  REPORT_ASKED,
  REPORT_ASKED_BYTES,
  REPORT_ASKS,
  REPORT_LINKS,
  REPORT_NO_TOKENS,
  REPORT_REPEATS,
  REPORT_ROWS,
  REPORT_SYNTHETIC,
  ROW_BYTES,
  ROW_CACHE_READ,
  ROW_CACHE_WRITE_1H,
  ROW_CACHE_WRITE_5M,
  ROW_FLAGS,
  ROW_INPUT,
  ROW_KEY_LOW,
  ROW_MODEL,
  ROW_OUTPUT,
  ROW_SEARCHES,
  ROW_SESSION,
  ROW_TIME,
  WINNER_FLAGS,
  WINNER_MODIFIERS,
} from './generated'
import { giveUp } from '../../../decode/walker/give-up'
import { meaningOf } from '../../../decode/walker/names'
import { forgetIds, key, keyFlag, request, setKeys, setSession } from './keys'
import {
  API_ERROR,
  CACHE_CREATION,
  CACHE_CREATION_1H,
  CACHE_CREATION_5M,
  CACHE_READ,
  FLAGS,
  INPUT,
  LINKS,
  MODEL,
  OUTPUT,
  RECORD,
  REPORT,
  ROWS,
  TIME,
  WEB_SEARCHES,
} from './layout'
import { MAX_MODEL_BYTES, learn, numberOf } from './models'
import { MODELS, SYNTHETIC } from './names'

/** Number of rows that this call of `scan` wrote. */
export let rows: i32 = 0
/** Whether the scan waits for a model's number. */
export let asks = false

let place: u32 = 0
let originFlag: u32 = 0
/** Number of the first row in the batch. */
let firstRow: u32 = 0
let lastRequest: u64 = 0

/**
 * Starts the lines of another file.
 * @param inBatch number of its session in the batch
 * @param nested whether it is a sub-agent's file
 * @param sessionLow, sessionHigh unfinished hash of its session
 */
export function open(inBatch: u32, nested: bool, sessionLow: u32, sessionHigh: u32): void {
  place = inBatch
  originFlag = nested ? FLAG_SUBAGENT_ORIGIN : 0
  setSession(sessionLow, sessionHigh)
}

/** Takes the number of the model that the last scan asked for. */
export function answer(number: u32): void {
  learn(load<u32>(REPORT, REPORT_ASKED), load<u32>(REPORT, REPORT_ASKED_BYTES), number)
}

export function startRows(first: u32): void {
  firstRow = first
  rows = 0
  asks = false
  forgetIds()
}

/**
 * Adds the row of RECORD, unless it does not count or its model's number must be asked for. Returns false if it gave
 * up.
 */
export function addRow(): bool {
  const flags = load<u32>(RECORD, FLAGS)
  const name = <usize>load<u32>(RECORD, MODEL)
  const nameBytes = load<u32>(RECORD, MODEL + 4)
  if (meaningOf(MODELS, name, nameBytes) == SYNTHETIC) {
    count(REPORT_SYNTHETIC)
    return true
  }
  if ((flags & API_ERROR) != 0) {
    count(REPORT_API_ERRORS)
    return true
  }
  // The row's last words belong to the ledger. They are never written, and stay 0.
  const row = ROWS + <usize>rows * ROW_BYTES
  if (!setTokens(row)) {
    count(REPORT_NO_TOKENS)
    return true
  }
  if (nameBytes > MAX_MODEL_BYTES) return giveUp(FALLBACK_ODD_TEXT) != 0
  const model = numberOf(name, nameBytes)
  if (model < 0) {
    asks = true
    store<u32>(REPORT, 1, REPORT_ASKS)
    store<u32>(REPORT, name, REPORT_ASKED)
    store<u32>(REPORT, nameBytes, REPORT_ASKED_BYTES)
    return true
  }
  if (!setKeys(row)) return giveUp(FALLBACK_NO_ID) != 0
  store<u64>(row, key, ROW_KEY_LOW)
  store<u32>(row, <u32>model, ROW_MODEL)
  store<u32>(row, (flags & WINNER_FLAGS) | originFlag | keyFlag, ROW_FLAGS)
  store<u32>(row, load<u32>(RECORD, WEB_SEARCHES), ROW_SEARCHES)
  store<f64>(row, load<f64>(RECORD, TIME), ROW_TIME)
  store<u32>(row, place, ROW_SESSION)
  if (rows > 0 && joins(row, row - ROW_BYTES)) count(REPORT_REPEATS)
  else keep()
  return true
}

/** Increments a number of the report. */
export function count(what: usize): void {
  store<u32>(REPORT + what, load<u32>(REPORT + what) + 1)
}

/** Keeps the row that was written, and its link. */
function keep(): void {
  if (request != 0) {
    const link = LINKS + <usize>load<u32>(REPORT, REPORT_LINKS) * LINK_BYTES
    store<u64>(link, request)
    store<u32>(link, firstRow + rows, 8)
    count(REPORT_LINKS)
  }
  lastRequest = request
  rows += 1
  count(REPORT_ROWS)
}

/**
 * Writes a row's token columns; returns whether it has tokens. Tokens that the split does not cover were written for 5
 * minutes.
 */
function setTokens(row: usize): bool {
  const hour = load<u32>(RECORD, CACHE_CREATION_1H)
  const fiveMinutes = max<u32>(load<u32>(RECORD, CACHE_CREATION), load<u32>(RECORD, CACHE_CREATION_5M) + hour) - hour
  store<u32>(row, load<u32>(RECORD, INPUT), ROW_INPUT)
  store<u32>(row, load<u32>(RECORD, OUTPUT), ROW_OUTPUT)
  store<u32>(row, load<u32>(RECORD, CACHE_READ), ROW_CACHE_READ)
  store<u32>(row, fiveMinutes, ROW_CACHE_WRITE_5M)
  store<u32>(row, hour, ROW_CACHE_WRITE_1H)
  return tokenSum(row) > 0
}

/** Joins a row into the previous one if both have the same key, model and request. Returns whether it did. */
function joins(row: usize, into: usize): bool {
  if (load<u64>(row, ROW_KEY_LOW) != load<u64>(into, ROW_KEY_LOW) || request != lastRequest) return false
  if (load<u32>(row, ROW_MODEL) != load<u32>(into, ROW_MODEL)) return false
  if (isBetter(row, into)) {
    memory.copy(into + ROW_INPUT, row + ROW_INPUT, ROW_MODEL - ROW_INPUT)
    const others = load<u32>(into, ROW_FLAGS) & ~WINNER_FLAGS
    store<u32>(into, (load<u32>(row, ROW_FLAGS) & WINNER_FLAGS) | others, ROW_FLAGS)
  }
  // Both rows have the same session, so the earlier time is the origin; no time counts as later.
  const time = load<f64>(row, ROW_TIME)
  const known = load<f64>(into, ROW_TIME)
  if (time < known || (isNaN(known) && !isNaN(time))) store<f64>(into, time, ROW_TIME)
  store<u32>(into, max<u32>(load<u32>(row, ROW_SEARCHES), load<u32>(into, ROW_SEARCHES)), ROW_SEARCHES)
  return true
}

/** Whether `a` wins over `b` under `compareUsage`, for rows with the same model. */
function isBetter(a: usize, b: usize): bool {
  const aFlags = load<u32>(a, ROW_FLAGS)
  const bFlags = load<u32>(b, ROW_FLAGS)
  if (((aFlags ^ bFlags) & FLAG_SIDECHAIN) != 0) return (bFlags & FLAG_SIDECHAIN) != 0
  if (load<u32>(a, ROW_OUTPUT) != load<u32>(b, ROW_OUTPUT)) return load<u32>(a, ROW_OUTPUT) > load<u32>(b, ROW_OUTPUT)
  if (tokenSum(a) != tokenSum(b)) return tokenSum(a) > tokenSum(b)
  if (((aFlags ^ bFlags) & WINNER_MODIFIERS) != 0) return (aFlags & WINNER_MODIFIERS) > (bFlags & WINNER_MODIFIERS)
  if (load<u32>(a, ROW_INPUT) != load<u32>(b, ROW_INPUT)) return load<u32>(a, ROW_INPUT) > load<u32>(b, ROW_INPUT)
  if (load<u32>(a, ROW_CACHE_READ) != load<u32>(b, ROW_CACHE_READ)) {
    return load<u32>(a, ROW_CACHE_READ) > load<u32>(b, ROW_CACHE_READ)
  }
  return load<u32>(a, ROW_CACHE_WRITE_1H) > load<u32>(b, ROW_CACHE_WRITE_1H)
}

function tokenSum(row: usize): u64 {
  return (
    <u64>load<u32>(row, ROW_INPUT) +
    load<u32>(row, ROW_OUTPUT) +
    load<u32>(row, ROW_CACHE_READ) +
    load<u32>(row, ROW_CACHE_WRITE_5M) +
    load<u32>(row, ROW_CACHE_WRITE_1H)
  )
}
