// The rows that the walker makes of Codex's lines: it is told what their reader knows of the thread, and the reader gets to know
// what they have changed of it.
import { KeyHash } from '../../core/ledger/hash.js'
import { startName } from '../../core/ledger/keys.js'
import { ALL_MODIFIERS } from '../../core/ledger/modifiers.js'
import { FLAG } from '../../core/ledger/usage.js'
import { USAGE_WORDS } from '../../core/schema.js'
import type { StringTable } from '../../core/tables/strings.js'
import type { LineTarget, RowSink } from '../../decode/decoder.js'
import type { RowMaker, Rows } from '../../decode/field-decoder.js'
import type { FieldWalker } from '../../decode/field-walker.js'
import type { Address } from '../../decode/walker-module.js'
import { NOTHING } from './counts.js'
import { NAME } from './names.js'
import { RolloutReader } from './reader.js'
import { modelOfTurn, type Thread } from './thread.js'
import { CHANGE, CODEX_WALKER, TEXT_BYTES, THREAD } from './walker-layout.js'

/** What walker/index.ts exports besides. */
interface Exports {
  readonly THREAD: Address
  readonly ROWS: Address
}

const NO_LINKS = new Uint32Array(0)
/** Length of a text that none of a line is the same as. */
const NONE = 2 ** 32 - 1
const PLAIN = /^[ -~]*$/

/** @param agent with which its keys are salted */
export function threadRows(agent: string): RowMaker {
  return { walker: CODEX_WALKER, start: (walker) => new ThreadRows(agent, walker) }
}

class ThreadRows implements Rows {
  readonly #agent: string
  readonly #walker: FieldWalker
  /** Indices in the walker's words. */
  readonly #at: number
  readonly #rows: number
  readonly #key = new KeyHash()
  // What was told last.
  #sink: RowSink | undefined
  #texts: StringTable | undefined
  #thread: Pick<Thread, 'id' | 'lineage' | 'turn' | 'model' | 'turnModels'> | undefined
  /** Of the responses of this turn. */
  #model = ''

  constructor(agent: string, walker: FieldWalker) {
    const { THREAD: thread, ROWS: rows } = walker.exports as unknown as Exports
    this.#agent = agent
    this.#walker = walker
    this.#at = thread.value / 4
    this.#rows = rows.value / 4
    this.#writeKey(THREAD.recordLow, NAME.response)
  }

  tell({ reader, sink }: LineTarget): void {
    const { words, doubles } = this.#walker
    const at = this.#at
    words[at + THREAD.ready] = 0
    if (!(reader instanceof RolloutReader) || sink.wantsCwd) return
    const { thread } = reader
    // What is odd about the first count of a derived rollout, and about inherited turns, only the reader knows.
    if (thread.parentHasRecords || (thread.derived && thread.total === undefined)) return
    if (!this.#isTold(thread)) this.#tellTurn(thread)
    if (this.#model === '') return
    this.#tellNumbers(sink)
    words[at + THREAD.ready] = 1
    words[at + THREAD.flags] = (thread.tier & ALL_MODIFIERS) | (sink.file.subagent ? FLAG.subagentOrigin : 0)
    words[at + THREAD.passed] = thread.derived && thread.hasRecords ? 1 : 0
    words[at + THREAD.recorded] = thread.recorded ? 1 : 0
    words[at + THREAD.hasModelBefore] = thread.modelBefore === undefined ? 0 : 1
    words[at + THREAD.hasTotal] = thread.total === undefined ? 0 : 1
    doubles.set(thread.total ?? NOTHING, (at + THREAD.total) / 2)
  }

  take({ reader, sink }: LineTarget): void {
    const { words, doubles } = this.#walker
    const at = this.#at
    const rows = words[at + THREAD.rows]!
    if (rows > 0) sink.batch.addRows(words.subarray(this.#rows, this.#rows + rows * USAGE_WORDS), NO_LINKS, 0)
    const changes = words[at + THREAD.changes]!
    if (changes === 0 || !(reader instanceof RolloutReader)) return
    const { thread } = reader
    thread.recorded = words[at + THREAD.recorded] !== 0
    if ((changes & CHANGE.total) !== 0) {
      const total = (at + THREAD.total) / 2
      thread.total = [
        doubles[total]!,
        doubles[total + 1]!,
        doubles[total + 2]!,
        doubles[total + 3]!,
        doubles[total + 4]!,
      ]
      thread.aborted = false
      thread.modelBefore = undefined
    }
    if ((changes & CHANGE.modelBefore) !== 0) thread.modelBefore = thread.model
  }

  #isTold({ id, lineage, turn, model, turnModels }: Thread): boolean {
    const told = this.#thread
    if (told === undefined || told.turn !== turn || told.model !== model) return false
    return told.turnModels === turnModels && told.id === id && told.lineage === lineage
  }

  #tellTurn(thread: Thread): void {
    const { id, lineage, turn, model, turnModels } = thread
    this.#thread = { id, lineage, turn, model, turnModels }
    this.#model = modelOfTurn(thread, turn) ?? model
    this.#texts = undefined
    const last = turnModels.at(-1)
    this.#walker.words[this.#at + THREAD.settled] = last?.[0] === turn && last[1] === model ? 1 : 0
    this.#writeText(THREAD.id, id)
    this.#writeText(THREAD.turn, turn)
    this.#writeText(THREAD.contextModel, model)
    if (turn === '') this.#writeKey(THREAD.countLow, NAME.threadCount, lineage)
    else this.#writeKey(THREAD.countLow, NAME.count, turn)
  }

  /** Numbers are those of a batch, and its strings are new when it is. */
  #tellNumbers(sink: RowSink): void {
    const { batch } = sink
    if (sink === this.#sink && batch.strings === this.#texts) return
    this.#sink = sink
    this.#texts = batch.strings
    this.#walker.words[this.#at + THREAD.model] = batch.model(this.#model)
    this.#walker.words[this.#at + THREAD.session] = sink.sessionNumber
  }

  #writeText(place: number, text: string): void {
    const { words, bytes } = this.#walker
    const isPlain = text.length <= TEXT_BYTES && PLAIN.test(text)
    words[this.#at + place] = isPlain ? text.length : NONE
    if (isPlain) bytes.write(text, (this.#at + place + 1) * 4, 'latin1')
  }

  /** What a key begins with. */
  #writeKey(place: number, kind: number, name?: string): void {
    const key = startName(this.#key, kind, this.#agent)
    if (name !== undefined) key.text(name)
    this.#walker.words[this.#at + place] = key.low
    this.#walker.words[this.#at + place + 1] = key.high
  }
}
