// The meaning of the lines of wire.jsonl (other-agents 4.2, 4.3). A usage record names its model by the user's alias,
// which earlier requests map to a model. kimi-cli's lines have another shape and name no model.
import type { Name } from '../../core/ledger/keys.js'
import { tokenCount, type TokenCounts } from '../../core/schema.js'
import type { LineReader } from '../../decode/decoder.js'
import { fields, name, text, type Fields } from '../json.js'
import { isPlausible } from '../plausible.js'
import type { Transcript, UsageSink } from '../source.js'
import { Aliases } from './aliases.js'
import { workingDirectory } from './homes.js'

/** The kinds of names. They are part of every stored key and must never change. */
const NAME = { record: 1, message: 2, status: 3, position: 4 } as const

/** The name of kimi-cli's service. Its logs do not state which model answered. */
const LEGACY_MODEL = 'kimi-for-coding'

export class WireReader implements LineReader {
  readonly #file: Transcript
  readonly #sink: UsageSink
  readonly #aliases: Aliases
  #hasLooked = false

  constructor(file: Transcript, sink: UsageSink, saved?: string) {
    this.#file = file
    this.#sink = sink
    this.#aliases = new Aliases(saved)
  }

  save(): string | undefined {
    return this.#aliases.save()
  }

  read(value: unknown, offset: number): void {
    const line = fields(value)
    if (line === undefined) return
    if (line.type === 'usage.record') this.#record(line, offset)
    else if (line.type === 'llm.request') this.#aliases.note(name(line.modelAlias), name(line.model))
    else if (line.type === 'config.update') this.#sink.cwd(text(line.cwd))
    else this.#status(line, offset)
  }

  #record({ model, usage, time }: Fields, offset: number): void {
    const logged = fields(usage)
    if (logged === undefined) return
    const tokens = {
      input: tokenCount(logged.inputOther),
      output: tokenCount(logged.output),
      cacheRead: tokenCount(logged.inputCacheRead),
      cacheWrite5m: tokenCount(logged.inputCacheCreation),
      cacheWrite1h: 0,
    }
    // Neither agent nor model: older versions do not log the agent, and a copy may lack the request that resolves the
    // alias.
    const key = typeof time === 'number' ? [NAME.record, String(time), ...inOrder(tokens)] : undefined
    this.#count(key as Name | undefined, offset, this.#aliases.model(name(model)), timeMs(time, 1), tokens)
  }

  /** A status update of kimi-cli. A parent's file repeats those in its sub-agents' files. */
  #status({ message, timestamp }: Fields, offset: number): void {
    let event = fields(message)
    while (event?.type === 'SubagentEvent') event = fields(fields(event.payload)?.event)
    const payload = event?.type === 'StatusUpdate' ? fields(event.payload) : undefined
    const logged = fields(payload?.token_usage)
    if (logged === undefined) return
    const tokens = {
      input: tokenCount(logged.input_other),
      output: tokenCount(logged.output),
      cacheRead: tokenCount(logged.input_cache_read),
      cacheWrite5m: tokenCount(logged.input_cache_creation),
      cacheWrite1h: 0,
    }
    const id = text(payload?.message_id)
    let key: readonly (string | number)[] | undefined
    if (id !== '') key = [NAME.message, id, ...inOrder(tokens)]
    else if (typeof timestamp === 'number') key = [NAME.status, String(timestamp), ...inOrder(tokens)]
    this.#count(key as Name | undefined, offset, LEGACY_MODEL, timeMs(timestamp, 1000), tokens)
  }

  #count(key: Name | undefined, offset: number, model: string, timeMs: number, tokens: TokenCounts): void {
    const isNone = inOrder(tokens).every((count) => count === 0)
    if (isNone || !isPlausible(tokens)) {
      this.#sink.skip(isNone ? 'no_tokens' : 'implausible')
      return
    }
    this.#sink.response({ key: key ?? [NAME.position, this.#file.path, offset], model, timeMs, tokens })
    if (this.#sink.wantsCwd) this.#lookForProject()
  }

  /** If no line before the first record states the working directory, files beside the sessions may. */
  #lookForProject(): void {
    if (this.#hasLooked) return
    this.#hasLooked = true
    this.#sink.cwd(workingDirectory(this.#file) ?? '')
  }
}

function inOrder({ input, output, cacheRead, cacheWrite5m }: TokenCounts): readonly number[] {
  return [input, output, cacheRead, cacheWrite5m]
}

function timeMs(value: unknown, unitMs: number): number {
  return typeof value === 'number' ? Math.floor(value * unitMs) : Number.NaN
}
