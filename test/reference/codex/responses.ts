// The responses in a session (codex-logs 4). No state is carried along: the meaning of a line is derived from all lines before
// it, each time again.
import { isObject, type JsonObject } from '../objects.js'
import { timestampMs } from '../timestamp.js'
import { idOf, isDerived, logsRecords, type Session } from './rollouts.js'

export interface Told {
  readonly key: string
  readonly session: Session
  /** Empty if unknown. */
  readonly model: string
  readonly tier: string
  readonly timeMs: number
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
}

export interface Tale {
  readonly told: readonly Told[]
  /** Responses that no line reports and no interruption explains. */
  readonly unexplained: number
}

/** Input, cached, cache write, output, reasoning. */
type Five = readonly number[]

export function responsesOf(session: Session): Tale {
  const told: Told[] = []
  let unexplained = 0
  session.lines.forEach((line, at) => {
    const payload = isObject(line.payload) ? line.payload : {}
    const past = new Past(session, at)
    const tell = (key: unknown[], model: string, [input, cached, written, output]: Five): void => {
      const cacheRead = Math.min(cached!, input!)
      const cacheWrite = Math.min(written!, input! - cacheRead)
      const timeMs = timestampMs(line.timestamp) ?? Number.NaN
      const counts = { input: input! - cacheRead - cacheWrite, output: output!, cacheRead, cacheWrite }
      if (input! + output! > 0)
        told.push({ key: JSON.stringify(key), session, model, tier: past.tier(), timeMs, ...counts })
    }
    if (line.type === 'token_usage_record')
      tell(recordKey(payload), past.modelOf(payload.turn_id) ?? past.model(), five(payload.usage))
    if (line.type === 'compacted' && isObject(payload.latest_token_usage_record)) {
      const record = payload.latest_token_usage_record
      tell(recordKey(record), past.modelOf(record.turn_id) ?? '', five(record.usage))
    }
    if (line.type === 'event_msg' && payload.type === 'token_count') {
      const hidden = tokenCount(payload.info, line, past, tell)
      if (hidden) unexplained += 1
    }
  })
  return { told, unexplained }
}

/** The steps of codex-logs 4.2. Returns whether a response is missing without an explanation. */
function tokenCount(
  info: unknown,
  line: JsonObject,
  past: Past,
  tell: (key: unknown[], model: string, counts: Five) => void,
): boolean {
  if (!isObject(info)) return false
  const total = isObject(info.total_token_usage) ? five(info.total_token_usage) : undefined
  const last = isObject(info.last_token_usage) ? five(info.last_token_usage) : undefined
  if (total === undefined && last === undefined) return false
  const { header } = past.session
  const derived = isDerived(header)
  const { at: since, total: before } = past.lastChange()
  if (total !== undefined && before !== undefined && same(total, before)) return false
  if (past.some(since, isOwnRecord) || (derived && logsRecords(header))) return false
  const first = total !== undefined && before === undefined
  if (first && derived && (last === undefined || !past.some(past.turnStart(), isOutput))) return false
  if (past.hasForeignRecords() && past.isInherited()) return false

  const place = past.turn() === '' ? ['thread', past.lineage()] : ['turn', past.turn()]
  const key = total !== undefined ? [...place, total] : [...place, line.timestamp, last]
  const spare = typeof info.model === 'string' ? info.model : ''
  const model = (past.modelOf(past.turn()) ?? past.model()) || spare
  const zero = [0, 0, 0, 0, 0]
  if (last === undefined) {
    const rise = minus(total!, before ?? zero)
    tell(key, model, rise.every((each) => each >= 0) ? rise : total!)
    return false
  }
  tell(key, model, last)
  if (total === undefined || (first && derived)) return false
  const rest = minus(minus(total, before ?? zero), last)
  if (rest.some((each) => each < 0) || rest[0]! + rest[3]! === 0) return false
  if (!past.some(since, isAbort) || header.history_mode === 'paginated') return true
  tell([...key, 'gap'], past.modelBeforeContexts(since) || spare, rest)
  return false
}

/** What is known from the lines before a line. */
class Past {
  readonly session: Session
  readonly #before: readonly JsonObject[]

  constructor(session: Session, at: number) {
    this.session = session
    this.#before = session.lines.slice(0, at)
  }

  some(from: number, is: (line: JsonObject, session: Session) => boolean): boolean {
    return this.#before.slice(from).some((line) => is(line, this.session))
  }

  /** Index after the line that last changed the running total; 0 if there is none. */
  lastChange(): { readonly at: number; readonly total?: Five } {
    let change: { at: number; total?: Five } = { at: 0 }
    this.#before.forEach((line, index) => {
      const payload = payloadOf(line)
      if (line.type !== 'event_msg' || payload.type !== 'token_count' || !isObject(payload.info)) return
      const { total_token_usage: usage } = payload.info
      if (!isObject(usage)) return
      if (change.total === undefined || !same(five(usage), change.total)) change = { at: index + 1, total: five(usage) }
    })
    return change
  }

  #contexts(lines = this.#before): readonly JsonObject[] {
    return lines.filter(({ type }) => type === 'turn_context').map(payloadOf)
  }

  model(): string {
    return textOf(this.#contexts().findLast(({ model }) => textOf(model) !== '')?.model)
  }

  modelOf(turn: unknown): string | undefined {
    if (textOf(turn) === '') return undefined
    const context = this.#contexts().findLast(({ turn_id: id, model }) => id === turn && textOf(model) !== '')
    return context && textOf(context.model)
  }

  modelBeforeContexts(from: number): string {
    const next = this.#before.findIndex(({ type }, index) => index >= from && type === 'turn_context')
    return new Past(this.session, next < 0 ? this.#before.length : next).model()
  }

  /** Start and id of the turn. */
  #turn(): { readonly at: number; readonly id: string } {
    let turn = { at: 0, id: '' }
    this.#before.forEach((line, index) => {
      const payload = payloadOf(line)
      const id = textOf(payload.turn_id)
      if (isStart(line)) turn = { at: index, id }
      else if (line.type === 'turn_context' && id !== '' && id !== turn.id) turn = { at: index, id }
    })
    return turn
  }

  turn(): string {
    return this.#turn().id
  }

  turnStart(): number {
    return this.#turn().at
  }

  #headers(): readonly JsonObject[] {
    return this.#before.filter(({ type }) => type === 'session_meta').map(payloadOf)
  }

  lineage(): string {
    const header = this.#headers().at(-1)
    return (header && idOf(header)) || this.session.file.thread
  }

  hasForeignRecords(): boolean {
    return this.#headers().some((header) => idOf(header) !== this.session.id && logsRecords(header))
  }

  isInherited(): boolean {
    const born = (id: string): number =>
      id[14] === '7' ? Number.parseInt(id.slice(0, 13).replace('-', ''), 16) : Number.NaN
    return isDerived(this.session.header) && born(this.turn()) < born(this.session.id)
  }

  tier(): string {
    const settings = this.#before
      .map(payloadOf)
      .findLast(
        ({ type, thread_id: thread }) =>
          type === 'thread_settings_applied' && (thread === undefined || thread === this.session.id),
      )?.thread_settings
    return isObject(settings) ? textOf(settings.service_tier) : ''
  }
}

function isStart(line: JsonObject): boolean {
  const { type } = payloadOf(line)
  return line.type === 'event_msg' && (type === 'task_started' || type === 'turn_started')
}

function isAbort(line: JsonObject): boolean {
  return line.type === 'event_msg' && payloadOf(line).type === 'turn_aborted'
}

function isOwnRecord(line: JsonObject, { id }: Session): boolean {
  return line.type === 'token_usage_record' && [id, undefined].includes(payloadOf(line).thread_id as string | undefined)
}

function isOutput(line: JsonObject): boolean {
  const { type = '', role, item } = payloadOf(line) as { type?: string; role?: unknown; item?: unknown }
  if (line.type === 'response_item')
    return type === 'message' ? role === 'assistant' : type === 'reasoning' || /_call$/.test(type)
  if (line.type !== 'event_msg') return false
  if (type === 'item_completed') return !(isObject(item) && item.type === 'UserMessage')
  return /^agent_(message|reasoning.*)$/.test(type)
}

function recordKey(record: JsonObject): unknown[] {
  const id = textOf(record.response_id)
  if (/^resp_[a-z0-9]{16,}$/i.test(id)) return ['response', id]
  return ['record', record.thread_id, record.turn_id, id, five(record.thread_token_usage)]
}

const FIELDS = [
  'input_tokens',
  'cached_input_tokens',
  'cache_write_input_tokens',
  'output_tokens',
  'reasoning_output_tokens',
]

function five(usage: unknown): Five {
  const counts = isObject(usage) ? usage : {}
  return FIELDS.map((field) => {
    const count = counts[field]
    return typeof count === 'number' && Number.isFinite(count) && count > 0 ? Math.floor(count) : 0
  })
}

const same = (a: Five, b: Five): boolean => a.join() === b.join()
const minus = (a: Five, b: Five): number[] => a.map((each, index) => each - b[index]!)
const payloadOf = ({ payload }: JsonObject): JsonObject => (isObject(payload) ? payload : {})
const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')
