// The engine in WebAssembly for any agent whose lines begin alike: one pass over the bytes finds the lines that can count, a walk
// along their structure, as strict as JSON.parse, finds the fields that are wanted, and the source's reader is given a view of these.
// It never guesses; it leaves to the V8 engine, line by line: what is not JSON, or several objects on a line; lines that begin
// otherwise; keys with escapes; wanted keys that stand twice; nesting below 256 levels; lines over 256 kB, whose values must be
// counted; a last line without a line feed. Where every line is wanted, or a line counts for what stands further in, it asks that
// engine, too. core/ledger/fallback.ts lists the reasons that are counted. A source's own walker may decide lines by itself.
import { FALLBACK_REASONS, type FallbackReason } from '../core/ledger/fallback.js'
import { LINE_FEED, type Decoder, type LineTarget } from './decoder.js'
import { FIELD_WALKER, FOUND, REPORT } from './field-layout.js'
import { FieldWalker, type FieldTable } from './field-walker.js'
import { compileWalker, type WalkerFile } from './walker-module.js'

/** A memory of so many bytes is used again. */
const KEPT_BYTES = 4 * 1024 * 1024

export interface FieldOptions extends FieldTable {
  readonly rows?: RowMaker
}

/** A walker of the source's own, which turns some lines into rows. The reader does not get these lines. */
export interface RowMaker {
  readonly walker: WalkerFile
  /** Called once for each instance of the walker. */
  start(walker: FieldWalker): Rows
}

/** Keeps the walker and the file's reader in step. */
export interface Rows {
  /** Gives the reader's state to the walker. Called before lines are walked. */
  tell(target: LineTarget): void
  /** Takes the walker's rows and its changes of the state. Called before the reader gets a line. */
  take(target: LineTarget): void
}

/** @param rest for the lines that the walker leaves */
export function createFieldDecoder(options: FieldOptions, rest: Decoder): Decoder {
  const { file, layoutHash } = options.rows?.walker ?? FIELD_WALKER
  const compiled = compileWalker(file)
  let walker = startWalker(0)
  let rows = options.rows?.start(walker)
  let fallbacks: Partial<Record<FallbackReason, number>> = {}

  function mustBeOwn(buffer: Buffer): void {
    if (buffer === walker.buffer) return
    throw new TypeError(`not the buffer that was allocated for it, but one of ${buffer.length} bytes`)
  }

  return {
    allocate(bytes) {
      // A memory never shrinks: the one that a very long line left is let go of with its walker.
      if (walker.buffer.length <= KEPT_BYTES) walker.resize(bytes)
      else {
        walker = startWalker(bytes)
        rows = options.rows?.start(walker)
      }
      return walker.buffer
    },
    grow(buffer, bytes) {
      mustBeOwn(buffer)
      walker.resize(bytes)
      return walker.buffer
    },
    decode(bytes, from, to, offset, target) {
      mustBeOwn(bytes)
      if (from >= to) return 0
      const { base, words, report, line } = walker
      const { reader } = target
      const end = base + bytes.lastIndexOf(LINE_FEED, to - 1) + 1
      /** What is to be added to an address to get a place in the file. */
      const shift = offset - from - base
      let lines = 0
      let at = base + from
      while (at < end) {
        rows?.tell(target)
        at = walker.seek(at, end, reader.wantsEveryLine === true)
        rows?.take(target)
        lines += words[report + REPORT.lines]!
        const found = words[report + REPORT.found]!
        const start = words[report + REPORT.from]!
        if (found === FOUND.fields) reader.read(line, start + shift)
        else if (found !== FOUND.nothing) {
          if (found !== FOUND.unsure) note(FALLBACK_REASONS[found - FOUND.left]!)
          leave(bytes, start, words[report + REPORT.to]!, shift, target)
        }
      }
      // A last line that no line feed ends.
      return at < base + to ? lines + rest.decode(bytes, at - base, to, at + shift, target) : lines
    },
    decodeTorn: (bytes, from, to, offset, target) => rest.decodeTorn(bytes, from, to, offset, target),
    decodeDocument: (bytes, from, to, target) => rest.decodeDocument(bytes, from, to, target),
    takeFallbacks() {
      const taken = fallbacks
      fallbacks = {}
      return taken
    },
  }

  function startWalker(bytes: number): FieldWalker {
    return new FieldWalker(compiled, layoutHash(), options, bytes)
  }

  function note(reason: FallbackReason): void {
    fallbacks[reason] = (fallbacks[reason] ?? 0) + 1
  }

  /** Cut behind the line: or the prefilters would look through all that follows. */
  function leave(bytes: Buffer, start: number, end: number, shift: number, target: LineTarget): void {
    const { base } = walker
    rest.decode(bytes.subarray(0, end - base), start - base, end - base, start + shift, target)
  }
}
