// The meaning of the lines of Qwen Code's sessions (other-agents 3.2). Each API call has a line of telemetry. The
// assistant's line after it repeats a main call, and is all that versions without telemetry wrote.
import type { Name } from '../../core/ledger/keys.js'
import type { LineReader } from '../../decode/decoder.js'
import { fields, text, type Fields } from '../json.js'
import { isPlausible } from '../plausible.js'
import type { Transcript, UsageSink } from '../source.js'
import { parseTimestamp } from '../timestamp.js'
import { ofAssistant, ofTelemetry, tokensOf, type Counts } from './counts.js'

/** The kinds of names. They are part of every stored key and must never change. */
const NAME = { response: 1, record: 2, position: 3 } as const

/** The saved state of a file: whether telemetry has stated any tokens, so that assistants' lines only repeat them. */
const SAVED = { yes: 'telemetry', no: 'none' } as const

export class SessionReader implements LineReader {
  readonly #file: Transcript
  readonly #sink: UsageSink
  #hasTelemetry: boolean

  constructor(file: Transcript, sink: UsageSink, saved?: string) {
    this.#file = file
    this.#sink = sink
    if (saved !== undefined && saved !== SAVED.yes && saved !== SAVED.no)
      throw new TypeError(`no state of a session: ${saved}`)
    this.#hasTelemetry = saved === SAVED.yes
  }

  save(): string {
    return this.#hasTelemetry ? SAVED.yes : SAVED.no
  }

  read(value: unknown, offset: number): void {
    const line = fields(value)
    if (line === undefined) return
    if (this.#sink.wantsCwd) this.#sink.cwd(text(line.cwd))
    if (line.type === 'system') this.#telemetry(line, offset)
    else if (line.type === 'assistant') this.#assistant(line, offset)
  }

  #telemetry(line: Fields, offset: number): void {
    const event = fields(fields(line.systemPayload)?.uiEvent)
    if (event?.['event.name'] !== 'qwen-code.api_response') return
    const counts = ofTelemetry(event)
    const id = text(event.response_id)
    const at = text(event['event.timestamp'])
    // A branch copies lines with their uuids; one response has also been seen under two.
    const key: Name = id === '' ? this.#record(line, offset) : [NAME.response, id, at]
    const time = parseTimestamp(at)
    const hasTokens = this.#count(key, event.model, Number.isNaN(time) ? parseTimestamp(line.timestamp) : time, counts)
    // Without counts, the assistant's line may still have them.
    if (hasTokens) this.#hasTelemetry = true
  }

  #assistant(line: Fields, offset: number): void {
    const usage = fields(line.usageMetadata)
    if (usage === undefined || this.#hasTelemetry) return
    this.#count(this.#record(line, offset), line.model, parseTimestamp(line.timestamp), ofAssistant(usage))
  }

  #record({ uuid }: Fields, offset: number): Name {
    const id = text(uuid)
    return id === '' ? [NAME.position, this.#file.path, offset] : [NAME.record, id]
  }

  #count(key: Name, model: unknown, timeMs: number, counts: Counts): boolean {
    const tokens = tokensOf(counts)
    if (tokens === undefined) this.#sink.skip('no_tokens')
    else if (!isPlausible(tokens)) this.#sink.skip('implausible')
    else this.#sink.response({ key, model: text(model), timeMs, tokens })
    return tokens !== undefined
  }
}
