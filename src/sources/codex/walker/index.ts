// Goes through Codex's lines and decides those that most responses consist of: contexts that change nothing, token counts and
// records of the turn that goes on. It never guesses: where anything is unlike, reader.ts gets the line, and nothing has changed.
import {
  AT_EVENT,
  AT_MODEL,
  AT_PAYLOAD,
  AT_TURN_ID,
  AT_TYPE,
  CHANGE_MODEL_BEFORE,
  FIELD_FROM,
  FIELD_KIND,
  FIELD_TO,
  FOUND_FIELDS,
  FOUND_NOTHING,
  KIND_OBJECT,
  KIND_TEXT,
  REPORT_FOUND,
  REPORT_LINES,
  THREAD_CONTEXT_MODEL,
  THREAD_HAS_MODEL_BEFORE,
  THREAD_READY,
  THREAD_SETTLED,
  THREAD_TURN,
} from './generated'
import { FIELDS, REPORT, seek as seekLine } from '../../../decode/walker/lines'
import { Meaning, Names, learn, meaningOf } from '../../../decode/walker/names'
import { readCount, readRecord } from './responses'
import { MAX_ROWS, THREAD, change, isTold, rows, startRows } from './thread'

export { LAYOUT } from './generated'
export {
  BEGINNINGS,
  BYTES,
  COUNTING,
  FIELDS,
  REPORT,
  addField,
  fieldName,
  setJoint,
} from '../../../decode/walker/lines'
export { ROWS, THREAD } from './thread'

// Sets of names, behind those of fields.
const TYPES: Names = 30
const EVENTS: Names = 31
const CONTEXT: Meaning = 1
const RECORD: Meaning = 2
const EVENT: Meaning = 3
const COUNT: Meaning = 1
learn(TYPES, 'turn_context', CONTEXT)
learn(TYPES, 'token_usage_record', RECORD)
learn(TYPES, 'event_msg', EVENT)
learn(EVENTS, 'token_count', COUNT)

/** As that of decode/walker/lines.ts, but for lines that are decided here: these are passed over, too. */
export function seek(from: usize, to: usize, every: bool): usize {
  let lines: u32 = 0
  startRows()
  while (true) {
    from = seekLine(from, to, every)
    lines += load<u32>(REPORT, REPORT_LINES)
    if (load<u32>(REPORT, REPORT_FOUND) == FOUND_FIELDS && isDecided()) {
      if (from < to && rows < MAX_ROWS) continue
      store<u32>(REPORT, FOUND_NOTHING, REPORT_FOUND)
    }
    store<u32>(REPORT, lines, REPORT_LINES)
    return from
  }
}

function isDecided(): bool {
  if (load<u32>(THREAD, THREAD_READY) == 0 || load<u32>(FIELDS + AT_PAYLOAD, FIELD_KIND) != KIND_OBJECT) return false
  const type = meaning(AT_TYPE, TYPES)
  if (type == CONTEXT) return isSameContext()
  if (type == RECORD) return readRecord()
  return type == EVENT && meaning(AT_EVENT, EVENTS) == COUNT && readCount()
}

function meaning(field: usize, names: Names): Meaning {
  if (load<u32>(FIELDS + field, FIELD_KIND) != KIND_TEXT) return 0
  const from = <usize>load<u32>(FIELDS + field, FIELD_FROM)
  return meaningOf(names, from + 1, <i32>(<usize>load<u32>(FIELDS + field, FIELD_TO) - from) - 2)
}

/** Most come again for each request of a turn. */
function isSameContext(): bool {
  if (load<u32>(THREAD, THREAD_SETTLED) == 0) return false
  if (!isTold(AT_TURN_ID, THREAD_TURN) || !isTold(AT_MODEL, THREAD_CONTEXT_MODEL)) return false
  if (load<u32>(THREAD, THREAD_HAS_MODEL_BEFORE) == 0) {
    store<u32>(THREAD, 1, THREAD_HAS_MODEL_BEFORE)
    change(CHANGE_MODEL_BEFORE)
  }
  return true
}
