// The result of one file's lines: rows in the batch, the first working directory, and counts of skipped lines. The only
// place where names become keys, and a source's reports become the columns of a row.
import { MAX_PATH, bounded } from '../core/labels/bounded.js'
import type { BatchBuilder } from '../core/ledger/batch.js'
import type { Detail } from '../core/ledger/details.js'
import { KeyHash } from '../core/ledger/hash.js'
import { hashName, type Name } from '../core/ledger/keys.js'
import type { SkipReason } from '../core/ledger/skip.js'
import { FIRST_MODIFIERS, WINNER_MODIFIERS } from '../core/ledger/modifiers.js'
import { FLAG, scratchRow } from '../core/ledger/usage.js'
import { COLUMN, DOUBLE_COLUMN, tokenCount, writeTokens } from '../core/schema.js'
import { sessionKey } from '../core/sessions.js'
import type { RowSink } from '../decode/decoder.js'
import type { Response, Source, Transcript, UsageSink } from '../sources/source.js'

// The current response of any file: lines are read one by one.
const { words, doubles } = scratchRow()
const keyHash = new KeyHash()
const requestHash = new KeyHash()
const toolHash = new KeyHash()

/** 1 January of the years 0 and 10000, in milliseconds since the epoch. */
const FIRST_TIME = -62_167_219_200_000
const END_OF_TIME = 253_402_300_800_000

const NO_TOOLS: readonly Name[] = []

export class FileSink implements UsageSink, RowSink {
  wantsCwd: boolean
  /** The first working directory, if one was wanted. */
  firstCwd: string | undefined
  readonly skipped: Partial<Record<SkipReason, number>> = {}
  readonly file: Transcript
  readonly batch: BatchBuilder
  readonly #session: string
  readonly #salt: string | undefined

  constructor(source: Pick<Source, 'agent' | 'unsalted'>, file: Transcript, batch: BatchBuilder) {
    this.wantsCwd = file.wantsCwd
    this.file = file
    this.batch = batch
    this.#session = sessionKey(source.agent, file.project, file.session)
    this.#salt = source.unsalted === true ? undefined : source.agent
  }

  get sessionNumber(): number {
    return this.batch.strings.intern(this.#session)
  }

  skip(reason: SkipReason, lines = 1): void {
    this.skipped[reason] = (this.skipped[reason] ?? 0) + lines
  }

  cwd(path: string): void {
    if (!this.wantsCwd) return
    const trimmed = path.trim()
    if (trimmed === '') return
    this.wantsCwd = false
    this.firstCwd = bounded(trimmed, MAX_PATH)
  }

  response(response: Response): void {
    const { key, request, tokens, modifiers = 0 } = response
    requestHash.low = requestHash.high = 0
    const name = key ?? request
    if (name === undefined) throw new TypeError('a response without a name')
    this.#hash(keyHash, name)
    if (key !== undefined && request !== undefined) this.#hash(requestHash, request)
    words[COLUMN.keyLow] = keyHash.low
    words[COLUMN.keyHigh] = keyHash.high
    writeTokens(tokens, words, 0)
    words[COLUMN.searches] = tokenCount(response.searches)
    words[COLUMN.flags] =
      (modifiers & (WINNER_MODIFIERS | FIRST_MODIFIERS)) |
      (response.sidechain === true ? FLAG.sidechain : 0) |
      (this.file.subagent ? FLAG.subagentOrigin : 0) |
      (key === undefined ? FLAG.requestOnly : 0)
    doubles[DOUBLE_COLUMN.time] = timeOrNone(response.timeMs)
    const model = this.batch.model(response.model)
    this.batch.add(words, model, this.sessionNumber, requestHash.low, requestHash.high, detailOf(response))
    for (const tool of response.tools ?? NO_TOOLS) {
      this.#hash(toolHash, tool)
      this.batch.toolCounts.use(toolHash.low, toolHash.high, keyHash.low, keyHash.high)
    }
  }

  toolResult(tool: Name, searches: number, timeMs: number): void {
    this.#hash(toolHash, tool)
    this.batch.toolCounts.result(toolHash.low, toolHash.high, tokenCount(searches), timeOrNone(timeMs))
  }

  #hash(hash: KeyHash, name: Name): void {
    hashName(hash, name, this.#salt)
  }
}

/** NaN for times outside the years 0 to 9999, which calendars do not support. */
function timeOrNone(timeMs: number): number {
  return timeMs >= FIRST_TIME && timeMs < END_OF_TIME ? timeMs : Number.NaN
}

/** Undefined for most responses, which have no details. */
function detailOf({ requests, costNanos }: Response): Partial<Detail> | undefined {
  if (requests === undefined && costNanos === undefined) return undefined
  return { ...(requests !== undefined && { requests }), ...(costNanos !== undefined && { costNanos }) }
}
