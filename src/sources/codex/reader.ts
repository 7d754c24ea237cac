// What the lines of Codex's rollouts mean (codex-logs 2 to 4). A response is told by a record, from 0.153 on, and by the
// token count behind it; older logs have the count alone, repeated on many occasions. What a count means, the lines before
// it say (thread.ts).
import { MAX_SAVED } from '../../core/cursor.js'
import type { Name } from '../../core/ledger/keys.js'
import type { LineReader } from '../../decode/decoder.js'
import { fields, name, text, type Fields } from '../json.js'
import { restored } from '../saved.js'
import { tierModifier } from '../service-tier.js'
import type { Transcript, UsageSink } from '../source.js'
import { parseTimestamp } from '../timestamp.js'
import { NOTHING, countsOf, difference, hasTokens, isPlausible, isSame, tokensOf, type Counts } from './counts.js'
import { headerOf } from './header.js'
import { NAME } from './names.js'
import { isSpokenEvent, isSpokenItem } from './spoken.js'
import { begunThread, isInherited, isThread, modelOfTurn, withTurnModel, type Thread } from './thread.js'

export class RolloutReader implements LineReader {
  readonly #sink: UsageSink
  readonly #session: string
  /** What the walker decides by itself changes it, too. */
  thread: Thread

  constructor(file: Transcript, sink: UsageSink, saved: string | undefined) {
    this.#sink = sink
    this.#session = file.session
    this.thread = saved === undefined ? begunThread(undefined, this.#session) : { ...restored(saved, isThread) }
  }

  save(): string | undefined {
    const saved = JSON.stringify(this.thread)
    return saved.length <= MAX_SAVED ? saved : undefined
  }

  /** Until a derived rollout's first count, it matters whether the model has spoken. */
  get wantsEveryLine(): boolean {
    const { derived, hasRecords, total, spoken } = this.thread
    return derived && !hasRecords && total === undefined && !spoken
  }

  read(value: unknown): void {
    const line = fields(value)
    const payload = fields(line?.payload)
    if (line === undefined || payload === undefined) return
    const { type, timestamp } = line
    if (type === 'event_msg') this.#event(payload, timestamp)
    else if (type === 'turn_context') this.#turnContext(payload)
    else if (type === 'token_usage_record') this.#record(payload, timestamp)
    else if (type === 'session_meta') this.#header(payload)
    else if (type === 'compacted') this.#copiedRecord(fields(payload.latest_token_usage_record), timestamp)
    else if (type === 'response_item') this.thread.spoken ||= isSpokenItem(payload)
  }

  #event(payload: Fields, timestamp: unknown): void {
    const thread = this.thread
    const { type } = payload
    if (type === 'token_count') this.#count(fields(payload.info), timestamp)
    else if (type === 'task_started' || type === 'turn_started') this.#startTurn(name(payload.turn_id))
    else if (type === 'turn_aborted') thread.aborted = true
    else if (type === 'thread_settings_applied') {
      // A fork's rollout holds its parent's, too.
      const whose = name(payload.thread_id)
      if (whose === '' || whose === thread.id) thread.tier = tierModifier(fields(payload.thread_settings)?.service_tier)
    } else thread.spoken ||= isSpokenEvent(payload)
  }

  #header(meta: Fields): void {
    const thread = this.thread
    const header = headerOf(meta, this.#session)
    if (thread.headed && (thread.derived || header.id === thread.id)) {
      thread.lineage = header.id
      if (header.id !== thread.id) thread.parentHasRecords ||= header.hasRecords
      return
    }
    // The file's own; in a file that is not derived, another is that of a session that a tool has joined into it.
    this.thread = begunThread(header, this.#session)
    this.#sink.cwd(text(meta.cwd))
  }

  #startTurn(turn: string): void {
    this.thread.turn = turn
    this.thread.spoken = false
  }

  #turnContext(context: Fields): void {
    const thread = this.thread
    if (this.#sink.wantsCwd) this.#sink.cwd(text(context.cwd))
    const turn = name(context.turn_id)
    if (turn !== '' && turn !== thread.turn) this.#startTurn(turn)
    thread.modelBefore ??= thread.model
    const model = name(context.model)
    if (model === '') return
    thread.model = model
    if (turn !== '') thread.turnModels = withTurnModel(thread, turn, model)
  }

  #record(record: Fields, timestamp: unknown): void {
    const thread = this.thread
    const model = modelOfTurn(thread, name(record.turn_id)) ?? thread.model
    this.#respond(recordName(record), model, countsOf(fields(record.usage) ?? {}), timestamp)
    const whose = name(record.thread_id)
    if (whose === '' || whose === thread.id) thread.recorded = true
  }

  /** Compaction copies the last record before it, whose turn may stand in another file. */
  #copiedRecord(record: Fields | undefined, timestamp: unknown): void {
    if (record === undefined) return
    const model = modelOfTurn(this.thread, name(record.turn_id)) ?? ''
    this.#respond(recordName(record), model, countsOf(fields(record.usage) ?? {}), timestamp)
  }

  /** The steps of codex-logs 4.2, in its order. */
  #count(told: Fields | undefined, timestamp: unknown): void {
    const thread = this.thread
    const totalFields = fields(told?.total_token_usage)
    const lastFields = fields(told?.last_token_usage)
    if (told === undefined || (totalFields === undefined && lastFields === undefined)) return
    const total = totalFields && countsOf(totalFields)
    const last = lastFields && countsOf(lastFields)

    const { total: before, recorded, aborted, modelBefore = thread.model } = thread
    if (total !== undefined) {
      if (before !== undefined && isSame(total, before)) return
      thread.total = total
      thread.recorded = thread.aborted = false
      thread.modelBefore = undefined
    }
    if (recorded || (thread.derived && thread.hasRecords)) return
    const isFirst = total !== undefined && before === undefined
    // A total to go on with, or a parent's.
    if (isFirst && thread.derived && (!thread.spoken || last === undefined)) return
    if (thread.parentHasRecords && isInherited(thread, thread.turn)) return

    const name = countName(thread, total, last, timestamp)
    const fallback = text(told.model)
    const model = (modelOfTurn(thread, thread.turn) ?? thread.model) || fallback
    const counts = last ?? (total && (difference(total, before ?? NOTHING) ?? total)) ?? NOTHING
    if (hasTokens(counts)) this.#respond(name, model, counts, timestamp)

    // What the total has beyond: of a response whose own count an interruption has swallowed.
    if (total === undefined || last === undefined || (isFirst && thread.derived)) return
    const rise = difference(total, before ?? NOTHING)
    const hidden = rise && difference(rise, last)
    if (hidden === undefined || !hasTokens(hidden)) return
    if (aborted && !thread.paginated) this.#respond([NAME.hidden, name], modelBefore || fallback, hidden, timestamp)
    else this.#sink.skip('unlogged')
  }

  #respond(key: Name, model: string, counts: Counts, timestamp: unknown): void {
    if (!hasTokens(counts)) this.#sink.skip('no_tokens')
    else if (!isPlausible(counts)) this.#sink.skip('implausible')
    else {
      const timeMs = parseTimestamp(timestamp)
      this.#sink.response({ key, model, timeMs, tokens: tokensOf(counts), modifiers: this.thread.tier })
    }
  }
}

/** Gateways answer with ids of their own, or with one for all: those tell nothing without the place in their thread. */
function recordName(record: Fields): Name {
  const id = text(record.response_id)
  if (/^resp_[A-Za-z0-9]{16,}$/.test(id)) return [NAME.response, id]
  const total = countsOf(fields(record.thread_token_usage) ?? {})
  return [NAME.record, text(record.thread_id), text(record.turn_id), id, ...total]
}

/** Not by its time, which copies do not keep, nor by its place in the file (codex-logs 4.1). */
function countName(thread: Thread, total: Counts | undefined, last: Counts | undefined, timestamp: unknown): Name {
  const { turn, lineage } = thread
  if (total !== undefined) return turn === '' ? [NAME.threadCount, lineage, ...total] : [NAME.count, turn, ...total]
  const parts = [text(timestamp), ...(last ?? NOTHING)] as const
  return turn === '' ? [NAME.timedThreadCount, lineage, ...parts] : [NAME.timedCount, turn, ...parts]
}
