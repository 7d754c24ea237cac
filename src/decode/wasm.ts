// The engine in WebAssembly: one pass over the bytes finds the lines that can count, a walk along their structure takes the
// wanted values at their exact paths, as strict as JSON.parse. It never guesses; it leaves to the V8 engine, line by line:
// what is not JSON, or several objects on a line; lines whose first or last byte is odd; keys with escapes; wanted texts with
// escapes or other than ASCII; wanted keys that stand twice; counts with fraction, exponent or over 18 digits; times not
// written as in 2026-11-01T10:00:00.000Z; nesting below 256 levels; iterations other than `message` and `fallback_message`; WebSearch tools
// and what they found; a last line without a line feed. core/give-up.ts counts them, differential.test.ts proves the rest.
import { GIVE_UP_REASONS, type GaveUp, type GiveUpReason } from '../core/give-up.js'
import type { Decoder, LineReader, Prefilter, UsageLine } from './decoder.js'
import { createV8Decoder } from './v8.js'
import { compileWalker, resized, startWalker, type CompiledWalker } from './walker.js'

const LINE_FEED = 0x0a
// A record as assembly/layout.ts has it, in 32-bit words. Texts are an address and a length.
const RECORD_WORDS = 26
const RECORD = {
  kind: 0, reason: 1, start: 2, end: 3, flags: 4, input: 5, output: 6, cacheRead: 7, cacheCreation: 8, cacheCreation5m: 9,
  cacheCreation1h: 10, webSearches: 11, messageId: 14, requestId: 16, uuid: 18, model: 20, cwd: 22,
} as const
/** In doubles. */
const RECORD_TIME = 6
const KIND = { usage: 1, gaveUp: 2 } as const
const FLAG = {
  sidechain: 1, apiError: 2, refused: 4, fast: 8, geoUs: 16, batch: 32,
  /** The text is the one of the record of usage before. */
  sameMessageId: 128, sameRequestId: 256, sameModel: 512,
} as const

/** A memory of so many bytes is used again. */
const KEPT_BYTES = 4 * 1024 * 1024

let compiled: CompiledWalker | undefined

/** @param prefilters for the lines that the V8 engine is left with; they must be those that assembly/index.ts looks for */
export function createWasmDecoder(prefilters: readonly Prefilter[]): Decoder {
  const v8 = createV8Decoder(prefilters)
  const module = (compiled ??= compileWalker())
  let walker = startWalker(module, 0)
  /** What is to be added to an address in the walker's memory to get a place in the file. */
  let shift = 0
  let gaveUp: Partial<Record<GiveUpReason, number>> = {}

  /** Address, in words, of the uuid of the line being told; hardly any line's is asked for. */
  let uuidAt = 0
  const line: UsageLine = {
    offset: 0, sidechain: false, apiError: false, refused: false, messageId: '', requestId: '', model: '', time: 0,
    webSearches: 0,
    get uuid() {
      return textAt(uuidAt)
    },
    usage: {
      input: 0, output: 0, cacheRead: 0, cacheCreation: 0, cacheCreation5m: 0, cacheCreation1h: 0,
      fast: false, geoUs: false, batch: false,
    },
  }

  function textAt(at: number): string {
    const start = walker.words[at]!
    return walker.memoryBytes.toString('latin1', start, start + walker.words[at + 1]!)
  }

  /** @param at where the record is, in words */
  function tell(at: number, reader: LineReader): void {
    const { words, doubles } = walker
    if (words[at + RECORD.kind] === KIND.gaveUp) {
      leave(GIVE_UP_REASONS[words[at + RECORD.reason]!]!, words[at + RECORD.start]!, words[at + RECORD.end]!, reader)
      return
    }
    if (words[at + RECORD.cwd + 1] !== 0) reader.cwd(textAt(at + RECORD.cwd))
    if (words[at + RECORD.kind] !== KIND.usage) return
    const { usage } = line
    const flags = words[at + RECORD.flags]!
    line.offset = words[at + RECORD.start]! + shift
    line.sidechain = (flags & FLAG.sidechain) !== 0
    line.apiError = (flags & FLAG.apiError) !== 0
    line.refused = (flags & FLAG.refused) !== 0
    if ((flags & FLAG.sameMessageId) === 0) line.messageId = textAt(at + RECORD.messageId)
    if ((flags & FLAG.sameRequestId) === 0) line.requestId = textAt(at + RECORD.requestId)
    if ((flags & FLAG.sameModel) === 0) line.model = textAt(at + RECORD.model)
    uuidAt = at + RECORD.uuid
    line.time = doubles[at / 2 + RECORD_TIME]!
    line.webSearches = words[at + RECORD.webSearches]!
    usage.input = words[at + RECORD.input]!
    usage.output = words[at + RECORD.output]!
    usage.cacheRead = words[at + RECORD.cacheRead]!
    usage.cacheCreation = words[at + RECORD.cacheCreation]!
    usage.cacheCreation5m = words[at + RECORD.cacheCreation5m]!
    usage.cacheCreation1h = words[at + RECORD.cacheCreation1h]!
    usage.fast = (flags & FLAG.fast) !== 0
    usage.geoUs = (flags & FLAG.geoUs) !== 0
    usage.batch = (flags & FLAG.batch) !== 0
    reader.usage(line)
  }

  function leave(reason: GiveUpReason, start: number, end: number, reader: LineReader): void {
    gaveUp[reason] = (gaveUp[reason] ?? 0) + 1
    v8.decode(walker.memoryBytes.subarray(0, end), start, end, start + shift, reader)
  }

  return {
    allocate(bytes) {
      // A memory never shrinks: the one that a very long line left is let go of with its walker.
      walker = walker.memoryBytes.length > KEPT_BYTES ? startWalker(module, bytes) : resized(walker, bytes)
      return walker.buffer
    },
    grow(buffer, bytes) {
      mustBeOwn(buffer)
      walker = resized(walker, bytes)
      return walker.buffer
    },
    decode(bytes, from, to, offset, reader) {
      mustBeOwn(bytes)
      if (from >= to) return 0
      const base = walker.BYTES.value
      const records = walker.RECORDS.value / 4
      shift = offset - from - base
      const end = base + bytes.lastIndexOf(LINE_FEED, to - 1) + 1
      let lines = 0
      let at = base + from
      while (at < end) {
        at = walker.scan(at, end, reader.wantsCwd ? 1 : 0)
        lines += walker.lines.value
        const behind = records + walker.records.value * RECORD_WORDS
        for (let record = records; record < behind; record += RECORD_WORDS) tell(record, reader)
      }
      // A last line that no line feed ends.
      return at < base + to ? lines + v8.decode(bytes, at - base, to, at + shift, reader) : lines
    },
    decodeTorn(bytes, from, to, offset, reader) {
      v8.decodeTorn(bytes, from, to, offset, reader)
    },
    takeGaveUp() {
      const taken: GaveUp = gaveUp
      gaveUp = {}
      return taken
    },
  }

  function mustBeOwn(buffer: Buffer): void {
    if (buffer === walker.buffer) return
    throw new TypeError(`not the buffer that was allocated for it, but one of ${buffer.length} bytes`)
  }
}
