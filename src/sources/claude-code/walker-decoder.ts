// The engine in WebAssembly. One pass over the bytes finds the lines that can count. The walker then follows a line's
// structure, as strictly as JSON.parse, takes the values at their exact paths, and writes the rows that the source
// would. It never guesses. It leaves these lines to the V8 engine: invalid JSON, several objects on a line, an
// unexpected first or last byte; keys with escapes, repeated keys; texts with escapes or beyond ASCII, model names over
// 96 bytes; counts with fraction or exponent, over 2^24 tokens or 10,000 searches; times not written like
// 2026-11-01T10:00:00.000Z; more than 256 levels of nesting; iterations other than `message` and `fallback_message`;
// WebSearch tools and their results; responses without any id; lines beyond the limits on parsing; a last line without
// a line feed. core/ledger/fallback.ts lists the reasons that are counted; differential.test.ts proves the rest.
import { FALLBACK_REASONS, type Fallbacks, type FallbackReason } from '../../core/ledger/fallback.js'
import { KeyHash } from '../../core/ledger/hash.js'
import { REQUEST_INDEX_WORDS } from '../../core/ledger/request-index.js'
import type { StringTable } from '../../core/tables/strings.js'
import { USAGE_WORDS } from '../../core/schema.js'
import { LINE_FEED, type Decoder, type LineTarget, type RowSink } from '../../decode/decoder.js'
import { compileWalker, type CompiledWalker } from '../../decode/walker-module.js'
import { NAME } from './names.js'
import { CWD_NOTE, NOTE, NOTE_WORDS, REPORT } from './walker-layout.js'
import { resized, startWalker, type Walker } from './walker.js'

/** A larger memory is not reused. */
const KEPT_BYTES = 4 * 1024 * 1024

let compiled: CompiledWalker | undefined

/** @param v8 decodes the lines that the walker leaves; its prefilters must match those of walker/index.ts */
export function createWalkerDecoder(v8: Decoder): Decoder {
  return new WalkerDecoder(v8, (compiled ??= compileWalker('#walker.wasm')))
}

class WalkerDecoder implements Decoder {
  readonly #module: CompiledWalker
  readonly #v8: Decoder
  readonly #session = new KeyHash()
  #walker: Walker
  /** The file that the walker has open, and the string table whose model numbers it knows. */
  #opened: RowSink | undefined
  #texts: StringTable | undefined
  #fallbacks: Partial<Record<FallbackReason, number>> = {}

  constructor(v8: Decoder, module: CompiledWalker) {
    this.#module = module
    this.#v8 = v8
    this.#walker = startWalker(module, 0)
  }

  allocate(bytes: number): Buffer {
    // WebAssembly memory never shrinks, so one that a very long line has grown is released with its walker.
    const { exports, bytes: memory } = this.#walker
    this.#walker = memory.length > KEPT_BYTES ? startWalker(this.#module, bytes) : resized(exports, bytes)
    this.#opened = this.#texts = undefined
    return this.#walker.buffer
  }

  grow(buffer: Buffer, bytes: number): Buffer {
    this.#mustBeOwn(buffer)
    this.#walker = resized(this.#walker.exports, bytes)
    return this.#walker.buffer
  }

  decode(bytes: Buffer, from: number, to: number, offset: number, target: LineTarget): number {
    this.#mustBeOwn(bytes)
    if (from >= to) return 0
    const { sink } = target
    this.#open(sink)
    const { exports, base, words, report } = this.#walker
    const end = base + bytes.lastIndexOf(LINE_FEED, to - 1) + 1
    let lines = 0
    let at = base + from
    while (at < end) {
      at = exports.scan(at, end, sink.wantsCwd, sink.batch.count)
      lines += words[report + REPORT.lines]!
      this.#take(sink)
      if (words[report + REPORT.notes] !== 0) this.#readNotes(offset - from - base, target)
    }
    // A last line without a line feed.
    return at < base + to ? lines + this.#v8.decode(bytes, at - base, to, at - base - from + offset, target) : lines
  }

  decodeTorn(bytes: Buffer, from: number, to: number, offset: number, target: LineTarget): void {
    this.#v8.decodeTorn(bytes, from, to, offset, target)
  }

  decodeDocument(bytes: Buffer, from: number, to: number, target: LineTarget): void {
    this.#v8.decodeDocument(bytes, from, to, target)
  }

  takeFallbacks(): Fallbacks {
    const taken = this.#fallbacks
    this.#fallbacks = {}
    return taken
  }

  #mustBeOwn(buffer: Buffer): void {
    if (buffer === this.#walker.buffer) return
    throw new TypeError(`not the buffer that was allocated for it, but one of ${buffer.length} bytes`)
  }

  #open(sink: RowSink): void {
    const { batch, file } = sink
    if (sink === this.#opened && batch.strings === this.#texts) return
    const { exports } = this.#walker
    const { low, high } = this.#session.start(NAME.sessionScoped).text(file.session)
    exports.open(sink.sessionNumber, file.subagent, low, high)
    this.#opened = sink
    if (batch.strings === this.#texts) return
    exports.forgetModels()
    this.#texts = batch.strings
  }

  /** Takes a scan's rows, links and counts; the notes are left. */
  #take(sink: RowSink): void {
    const { batch } = sink
    const { exports, words, bytes, report, rows, links } = this.#walker
    const rowsEnd = rows + words[report + REPORT.rows]! * USAGE_WORDS
    const linksEnd = links + words[report + REPORT.links]! * REQUEST_INDEX_WORDS
    if (rowsEnd > rows)
      batch.addRows(words.subarray(rows, rowsEnd), words.subarray(links, linksEnd), words[report + REPORT.repeats]!)
    const synthetic = words[report + REPORT.synthetic]!
    const apiErrors = words[report + REPORT.apiErrors]!
    const noTokens = words[report + REPORT.noTokens]!
    if (synthetic > 0) sink.skip('synthetic', synthetic)
    if (apiErrors > 0) sink.skip('api_error', apiErrors)
    if (noTokens > 0) sink.skip('no_tokens', noTokens)
    if (words[report + REPORT.asks] === 0) return
    const name = words[report + REPORT.asked]!
    exports.answer(batch.model(bytes.toString('latin1', name, name + words[report + REPORT.askedBytes]!)))
  }

  /** @param shift difference between an offset in the file and the line's address */
  #readNotes(shift: number, target: LineTarget): void {
    const { words, bytes, report, notes } = this.#walker
    const behind = notes + words[report + REPORT.notes]! * NOTE_WORDS
    for (let note = notes; note < behind; note += NOTE_WORDS) {
      const what = words[note + NOTE.what]!
      const start = words[note + NOTE.from]!
      const end = words[note + NOTE.to]!
      if (what === CWD_NOTE) target.sink.cwd(bytes.toString('latin1', start, end))
      else {
        const reason = FALLBACK_REASONS[what]!
        this.#fallbacks[reason] = (this.#fallbacks[reason] ?? 0) + 1
        this.#v8.decode(bytes.subarray(0, end), start, end, start + shift, target)
      }
    }
  }
}
