// The key of a usage line: the cases of claude-code-logs 3.3, as in names.ts and reader.ts.
import { isSameText } from '../../../decode/walker/text'
import {
  FLAG_REQUEST_ONLY,
  ROW_CACHE_READ,
  ROW_CACHE_WRITE_1H,
  ROW_CACHE_WRITE_5M,
  ROW_INPUT,
  TAG_LINE,
  TAG_MESSAGE,
  TAG_MESSAGE_AND_REQUEST,
  TAG_REQUEST,
} from './generated'
import { MESSAGE_ID, RECORD, REQUEST_ID, UUID } from './layout'
import * as hash from '../../../decode/walker/hash'

/** Keys of the last line, 64 bits each; `request` is 0 if there is nothing to link. */
export let key: u64 = 0
export let request: u64 = 0
/** The row flag that the last line's key requires. */
export let keyFlag: u32 = 0

// Lines of one response follow each other, so the keys of the last ids are cached while the ids stay in memory.
let lastMessage: usize = 0
let lastMessageLength: u32 = 0
let lastMessageKey: u64 = 0
let lastRequest: usize = 0
let lastRequestLength: u32 = 0
let lastRequestKey: u64 = 0

/** Unfinished hash of the session. */
let sessionLow: u32 = 0
let sessionHigh: u32 = 0

export function setSession(low: u32, high: u32): void {
  sessionLow = low
  sessionHigh = high
}

/** Must be called whenever the memory has new bytes. */
export function forgetIds(): void {
  lastMessageLength = 0
  lastRequestLength = 0
}

/**
 * Sets the keys of the line in RECORD; its tokens must already be in the row. Returns false if nothing identifies it.
 */
export function setKeys(row: usize): bool {
  const id = <usize>load<u32>(RECORD, MESSAGE_ID)
  const idLength = load<u32>(RECORD, MESSAGE_ID + 4)
  const requestId = <usize>load<u32>(RECORD, REQUEST_ID)
  const requestLength = load<u32>(RECORD, REQUEST_ID + 4)
  const uuid = <usize>load<u32>(RECORD, UUID)
  const uuidLength = load<u32>(RECORD, UUID + 4)
  keyFlag = 0
  request = requestLength == 0 ? 0 : requestKey(requestId, requestLength)
  if (isMessageId(id, idLength)) {
    key = messageKey(id, idLength)
    return true
  }
  if (idLength != 0 && requestLength != 0) {
    if (isSameText(id, idLength, uuid, uuidLength)) {
      key = request
      request = 0
      keyFlag = FLAG_REQUEST_ONLY
      return true
    }
    hash.start(TAG_MESSAGE_AND_REQUEST)
    hash.text(id, idLength)
    hash.text(requestId, requestLength)
  } else {
    request = 0
    if (idLength != 0) {
      hash.resume(sessionLow, sessionHigh)
      hash.text(id, idLength)
      hash.number(load<u32>(row, ROW_INPUT))
      hash.number(<u64>load<u32>(row, ROW_CACHE_WRITE_5M) + <u64>load<u32>(row, ROW_CACHE_WRITE_1H))
      hash.number(load<u32>(row, ROW_CACHE_READ))
    } else if (uuidLength != 0) {
      hash.start(TAG_LINE)
      hash.text(uuid, uuidLength)
    } else return false
  }
  key = hash.finish()
  return true
}

function messageKey(id: usize, length: u32): u64 {
  if (!isSameText(id, length, lastMessage, lastMessageLength)) {
    lastMessage = id
    lastMessageLength = length
    lastMessageKey = hash.ofText(TAG_MESSAGE, id, length)
  }
  return lastMessageKey
}

function requestKey(id: usize, length: u32): u64 {
  if (!isSameText(id, length, lastRequest, lastRequestLength)) {
    lastRequest = id
    lastRequestLength = length
    lastRequestKey = hash.ofText(TAG_REQUEST, id, length)
  }
  return lastRequestKey
}

/** Whether a text begins like the ids of Claude's messages. */
function isMessageId(text: usize, length: u32): bool {
  return length >= 4 && load<u32>(text) == 0x5f67736d // msg_
}
