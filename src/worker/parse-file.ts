// Reads transcripts: open, check the fingerprint, read chunks into one buffer, give whole lines to the decoder.
// A stateless function of its task, but for the buffer, which is used again. Pauses after each chunk, so that the main
// thread can do it too without blocking for long.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { BatchBuilder } from '../core/batch.js'
import type { Fingerprint } from '../core/cursor.js'
import { KEY_TAG, KeyHash } from '../core/hash.js'
import type { SkipReason } from '../core/skip.js'
import { MAX_LINE_BYTES, type Backend, type Decoder, type LineReader } from '../decode/decoder.js'
import { createDecoder } from '../decode/engines.js'
import { sourceOf } from '../sources/index.js'
import type { Source } from '../sources/source.js'
import type { FileOutcome, FileTask, ParseResult, ParseTask } from './protocol.js'

/** Bytes a worker reads at a time. */
export const WORKER_CHUNK_BYTES = 512 * 1024
/** Bytes that the main thread reads at a time: what the slowest engine decodes in about a millisecond. */
export const IN_PLACE_CHUNK_BYTES = 256 * 1024
/** Of the bytes before a cursor, the first and the last so many go into its fingerprint. */
const HEAD_BYTES = 256
const TAIL_BYTES = 1024

/** The memory a thread uses again and again. */
export interface ReadBuffer {
  /** Grows for a long line and is let go of after it. */
  bytes: Buffer
  /** Of the task before. */
  readonly batch: BatchBuilder
  readonly chunkBytes: number
  /** The engine that it was allocated for. */
  engine?: { readonly source: Source; readonly backend: Backend; readonly decoder: Decoder }
}

export function createReadBuffer(chunkBytes: number): ReadBuffer {
  return { bytes: Buffer.alloc(0), batch: new BatchBuilder(), chunkBytes }
}

/** Runs a task to its end. The batch is good until the buffer is used for another. */
export function parseFiles(task: ParseTask, buffer: ReadBuffer): ParseResult {
  const steps = parseSteps(task, buffer)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** Runs a task, pausing after each chunk read. */
export function* parseSteps(task: ParseTask, buffer: ReadBuffer): Generator<undefined, ParseResult> {
  const source = sourceOf(task.agent)
  const decoder = decoderFor(source, task.backend, buffer)
  const { batch } = buffer
  batch.clear()
  const outcomes: FileOutcome[] = []
  for (const file of task.files) {
    try {
      outcomes.push(yield* readFile(file, { source, decoder, batch, buffer }))
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      outcomes.push(code === 'ENOENT' ? { kind: 'gone' } : { kind: 'failed', message: String(error) })
    }
  }
  return { batch: batch.finish(), outcomes }
}

/** The engine of the task before, mostly. */
function decoderFor(source: Source, backend: Backend, buffer: ReadBuffer): Decoder {
  if (buffer.engine?.source === source && buffer.engine.backend === backend) return buffer.engine.decoder
  const decoder = createDecoder(backend, source)
  buffer.engine = { source, backend, decoder }
  buffer.bytes = decoder.allocate(buffer.chunkBytes)
  return decoder
}

interface Reading {
  readonly source: Source
  readonly decoder: Decoder
  readonly batch: BatchBuilder
  readonly buffer: ReadBuffer
}

function* readFile(file: FileTask, { source, decoder, batch, buffer }: Reading): Generator<undefined, FileOutcome> {
  const start = performance.now()
  const skipped: Partial<Record<SkipReason, number>> = {}
  const skip = (reason: SkipReason, lines: number): void => {
    skipped[reason] = (skipped[reason] ?? 0) + lines
  }
  let cwd: string | undefined
  const reader = source.open(file, batch, {
    skip,
    cwd: (path) => {
      cwd = path
    },
  })
  const descriptor = openSync(file.path, 'r')
  try {
    // The cursor keeps the stat from before the read: what is appended meanwhile makes the file look changed next time.
    const stat = fstatSync(descriptor)
    const resumes = file.from > 0 && stat.size >= file.from && sameFingerprint(descriptor, file)
    const from = file.part?.from ?? (resumes ? file.from : 0)
    const to = file.part?.to ?? Infinity
    const counts = yield* readLines({ descriptor, from, to, size: stat.size, decoder, reader, buffer })
    return {
      kind: 'read',
      cursor: {
        size: stat.size,
        mtimeMs: stat.mtimeMs,
        inode: stat.ino,
        offset: counts.offset,
        fingerprint: fingerprintOf(counts.wholeInBuffer ? inBuffer(buffer.bytes) : inFile(descriptor), counts.offset),
      },
      replaced: file.from > 0 && !resumes,
      ...(cwd === undefined ? {} : { cwd }),
      bytes: counts.bytes,
      lines: counts.lines,
      skipped,
      gaveUp: decoder.takeGaveUp(),
      seconds: (performance.now() - start) / 1000,
    }
  } finally {
    closeSync(descriptor)
    if (buffer.bytes.length > buffer.chunkBytes) buffer.bytes = decoder.allocate(buffer.chunkBytes)
  }
}

interface LineReading {
  readonly descriptor: number
  readonly from: number
  /** A line ends there, or Infinity: the end of the file. */
  readonly to: number
  /** What the file had when it was opened; it may have more by now. */
  readonly size: number
  readonly decoder: Decoder
  readonly reader: LineReader
  readonly buffer: ReadBuffer
}

interface LineCounts {
  /** End of the last whole line. */
  readonly offset: number
  readonly bytes: number
  readonly lines: number
  /** The buffer begins with all bytes before `offset`: the file was short enough, and whole. */
  readonly wholeInBuffer: boolean
}

function* readLines({ descriptor, from, to, size, decoder, reader, buffer }: LineReading): Generator<undefined, LineCounts> {
  /** Bytes in the buffer that belong to a line not yet whole; they begin at `offset` in the file. */
  let held = 0
  let offset = from
  let position = from
  let lines = 0
  let chunks = 0
  /** Inside a line that is too long: nothing of it is kept. */
  let tooLong = false
  for (;;) {
    if (held === buffer.bytes.length) {
      if (held >= MAX_LINE_BYTES) {
        tooLong = true
        held = 0
      } else buffer.bytes = decoder.grow(buffer.bytes, Math.min(held * 2, MAX_LINE_BYTES))
    }
    const { bytes } = buffer
    const room = Math.min(bytes.length - held, to - position)
    const read = readSync(descriptor, bytes, held, room, position)
    if (read === 0) break
    position += read
    chunks += 1
    const end = held + read
    // Bytes held from before have no line feed: only the new ones need looking at.
    const lastFeed = bytes.subarray(held, end).lastIndexOf(0x0a)
    if (lastFeed < 0) {
      held = tooLong ? 0 : end
    } else {
      const wholeEnd = held + lastFeed + 1
      let wholeStart = 0
      if (tooLong) {
        wholeStart = bytes.indexOf(0x0a) + 1
        reader.skip('too_long')
        lines += 1
        tooLong = false
        offset = position - (end - wholeStart)
      }
      if (offset === 0) wholeStart = offset = markLength(bytes, wholeEnd)
      lines += decoder.decode(bytes, wholeStart, wholeEnd, offset, reader)
      offset = position - (end - wholeEnd)
      bytes.copyWithin(0, wholeEnd, end)
      held = end - wholeEnd
    }
    yield
    // The end, without asking once more. A short read alone would not tell: some file systems answer less than there is.
    if ((read < room && position >= size) || position === to) break
  }
  // Where a part should end with a line and does not, the file is another by now: the next look will see it.
  if (held > 0 && !tooLong && to === Infinity) {
    const mark = offset === 0 ? markLength(buffer.bytes, held) : 0
    decoder.decodeTorn(buffer.bytes, mark, held, offset + mark, reader)
  }
  return { offset, bytes: position - from, lines, wholeInBuffer: from === 0 && chunks === 1 && held === 0 }
}

/** Length of the byte order mark that a file's first line may stand behind. */
function markLength(bytes: Buffer, length: number): number {
  return length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

function sameFingerprint(descriptor: number, file: FileTask): boolean {
  const { low, high } = fingerprintOf(inFile(descriptor), file.from)
  return low === file.fingerprint.low && high === file.fingerprint.high
}

/** Copies bytes of a file that lie at `position`; answers how many there were. */
type ReadAt = (into: Buffer, at: number, length: number, position: number) => number

function inFile(descriptor: number): ReadAt {
  return (into, at, length, position) => readSync(descriptor, into, at, length, position)
}

function inBuffer(bytes: Buffer): ReadAt {
  return (into, at, length, position) => bytes.copy(into, at, position, position + length)
}

/** Of the first and the last bytes before `offset`: an appended file keeps both, a rewritten one hardly ever. */
function fingerprintOf(readAt: ReadAt, offset: number): Fingerprint {
  const hash = new KeyHash().start(KEY_TAG.position).number(offset)
  const sample = Buffer.allocUnsafe(HEAD_BYTES + TAIL_BYTES)
  const head = readAt(sample, 0, Math.min(HEAD_BYTES, offset), 0)
  const tailFrom = Math.max(head, offset - TAIL_BYTES)
  const tail = offset > tailFrom ? readAt(sample, head, offset - tailFrom, tailFrom) : 0
  hash.bytes(sample, 0, head + tail).finish()
  return { low: hash.lo, high: hash.hi }
}
