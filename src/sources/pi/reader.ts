// The meaning of the lines of a session (other-agents 1.2, 1.3). Entries with usage count, wherever they are in the
// session's tree: rewound responses were billed, too. Copies inside other entries do not count.
import { MAX_MODEL, bounded } from '../../core/labels/bounded.js'
import type { Name } from '../../core/ledger/keys.js'
import type { LineReader } from '../../decode/decoder.js'
import type { UsageSink } from '../source.js'
import { fields, text, type Fields } from '../json.js'
import { isTuple, restored } from '../saved.js'
import { parseTimestamp } from '../timestamp.js'
import { NAME } from './names.js'
import { openAiTier, takesTier } from './tier.js'
import { faultOf, usageOf, type Usage } from './usage.js'

type Saved = readonly [model: string, tier: number]

function isSaved(value: unknown): value is Saved {
  return isTuple(value, 'string', 'number')
}

export class SessionReader implements LineReader {
  readonly #sink: UsageSink
  /** The current model: it makes the summaries, which do not name it. */
  #model: string
  /** Bits of MODIFIER, for OpenAI's models. */
  #tier: number

  constructor(sink: UsageSink, saved: string | undefined) {
    this.#sink = sink
    const [model, tier] = saved === undefined ? (['', 0] as const) : restored(saved, isSaved)
    this.#model = model
    this.#tier = tier
  }

  save(): string {
    const saved: Saved = [this.#model, this.#tier]
    return JSON.stringify(saved)
  }

  read(value: unknown): void {
    const line = fields(value)
    switch (line?.type) {
      case 'session':
        this.#sink.cwd(text(line.cwd))
        break
      case 'model_change':
        this.#changeModel(line)
        break
      case 'service_tier_change':
        this.#tier = openAiTier(line.serviceTier)
        break
      case 'message':
        this.#message(line, fields(line.message))
        break
      case 'compaction':
        this.#summary(line, NAME.compaction)
        break
      case 'branch_summary':
        this.#summary(line, NAME.branchSummary)
        break
      case 'model_usage':
        this.#modelUsage(line)
        break
    }
  }

  #changeModel({ modelId, model, role }: Fields): void {
    // Oh My Pi writes `provider/model`, and has models for other tasks, which do not replace the session's own.
    if (role === undefined || role === 'default') this.#remember(text(modelId) || text(model).replace(/^[^/]*\//, ''))
  }

  #message(line: Fields, message: Fields | undefined): void {
    if (message?.role !== 'assistant') return
    const model = text(message.model)
    // The second is Oh My Pi's name.
    const answered = text(message.responseModel) || text(message.upstreamModel) || model
    this.#remember(model || answered)
    const usage = usageOf(message.usage)
    if (usage === undefined) return
    const start = timeOf(message.timestamp)
    // Not the entry's id, which is unique only in its file, and not the session: forks copy entries (other-agents 1.3).
    const name = [text(message.responseId), moment(start, message.timestamp), ...this.#entryName(line, usage)]
    const modifiers = takesTier(text(message.provider)) ? this.#tier : 0
    this.#count([NAME.message, ...name], answered, line, usage, { start, modifiers })
  }

  /** A compaction, or the summary of an abandoned branch: the call that made it. */
  #summary(line: Fields, kind: number): void {
    const usage = usageOf(line.usage)
    if (usage !== undefined) this.#count([kind, ...this.#entryName(line, usage)], this.#model, line, usage)
  }

  /** A call beside the conversation, for example for a title; only Oh My Pi writes these. */
  #modelUsage(line: Fields): void {
    const usage = usageOf(line.usage)
    const model = text(line.model)
    if (usage !== undefined)
      this.#count([NAME.modelUsage, model, ...this.#entryName(line, usage)], model || this.#model, line, usage)
  }

  #entryName({ timestamp }: Fields, { counts }: Usage): readonly (string | number)[] {
    return [moment(timeOf(timestamp), timestamp), ...counts]
  }

  /** @param start of the response, if the entry has no time */
  #count(key: Name, model: string, line: Fields, usage: Usage, { start = Number.NaN, modifiers = 0 } = {}): void {
    const fault = faultOf(usage)
    if (fault !== undefined) {
      this.#sink.skip(fault)
      return
    }
    const { tokens, searches, costNanos } = usage
    const written = timeOf(line.timestamp)
    this.#sink.response({
      key,
      model,
      timeMs: Number.isNaN(written) ? start : written,
      tokens,
      searches,
      modifiers,
      ...(costNanos > 0 && { costNanos }),
    })
  }

  #remember(model: string): void {
    if (model !== '') this.#model = bounded(model, MAX_MODEL)
  }
}

/** Later than any log: the year 10000, in milliseconds. */
const END_OF_TIME = 253_402_300_800_000

/** Entries have times as text, messages in milliseconds since the epoch; NaN for anything else. */
function timeOf(value: unknown): number {
  if (typeof value !== 'number') return parseTimestamp(value)
  return value >= 0 && value < END_OF_TIME ? Math.trunc(value) : Number.NaN
}

/** A time as part of a name: the same, however it is written. */
function moment(timeMs: number, value: unknown): string {
  return Number.isNaN(timeMs) ? text(value) : String(timeMs)
}
