// The meaning of a session's events (other-agents 5.2). Usage is logged only at a clean exit, as a snapshot: the sums
// of the session so far. The next exit of a resumed session logs a larger snapshot, which replaces it.
import { MODIFIER } from '../../core/ledger/modifiers.js'
import type { LineReader } from '../../decode/decoder.js'
import { fields, name, text, type Fields } from '../json.js'
import type { Transcript, UsageSink } from '../source.js'
import { parseTimestamp } from '../timestamp.js'
import { arePlausible, metricsOf } from './metrics.js'
import { modelName } from './model-name.js'
import { Snapshots } from './snapshots.js'

/** The kind of names. It is part of every stored key and must never change. */
const NAME = { snapshot: 1 } as const

/** Maximum number of models in a snapshot; sessions use a few. */
const MOST_MODELS = 1_000

export class EventsReader implements LineReader {
  readonly #sink: UsageSink
  readonly #snapshots: Snapshots

  constructor(file: Transcript, sink: UsageSink, saved?: string) {
    this.#sink = sink
    this.#snapshots = Snapshots.restored(saved) ?? new Snapshots(file.session)
  }

  save(): string | undefined {
    return this.#snapshots.save()
  }

  read(value: unknown): void {
    const line = fields(value)
    const data = fields(line?.data)
    if (line === undefined || data === undefined) return
    if (line.type === 'session.start' || line.type === 'session.resume') this.#begin(data)
    else if (line.type === 'session.shutdown') this.#shutdown(line, data)
  }

  /** The event of a resume names no session. */
  #begin({ sessionId, context }: Fields): void {
    this.#snapshots.session = name(sessionId) || this.#snapshots.session
    const place = fields(context)
    this.#sink.cwd(text(place?.cwd) || text(place?.gitRoot))
  }

  #shutdown({ id, timestamp }: Fields, { sessionStartTime, modelMetrics }: Fields): void {
    const snapshots = this.#snapshots
    // A log may contain copies of its own earlier blocks.
    if (snapshots.hasSeen(text(id))) return
    let hasTokens = false
    const models = Object.entries(fields(modelMetrics) ?? {})
    if (models.length > MOST_MODELS) {
      this.#sink.skip('implausible')
      return
    }
    for (const [model, logged] of models) {
      const { requests, tokens, costNanos } = metricsOf(fields(logged) ?? {})
      const start = typeof sessionStartTime === 'number' ? sessionStartTime : name(sessionStartTime)
      const epoch = snapshots.epochOf(model, { requests, start })
      if (tokens === undefined) continue
      hasTokens = true
      if (!arePlausible(tokens, requests)) {
        this.#sink.skip('implausible')
        continue
      }
      this.#sink.response({
        // By the name as logged: one snapshot may contain two names for the same model.
        key: [NAME.snapshot, snapshots.session, model, epoch],
        model: modelName(model),
        timeMs: parseTimestamp(timestamp),
        tokens,
        requests,
        ...(costNanos > 0 && { costNanos, modifiers: MODIFIER.billed }),
      })
    }
    if (!hasTokens) this.#sink.skip('no_tokens')
  }
}
