// One transcript being read, chunk by chunk: check the fingerprint, read into the thread's buffer, give whole lines to the
// decoder. What it comes to is an outcome, and rows in the batch.
import { closeSync, readSync } from 'node:fs'
import type { BatchBuilder } from '../core/ledger/batch.js'
import { MAX_PATH, bounded } from '../core/labels/bounded.js'
import type { FileStat } from '../core/cursor.js'
import type { SkipReason } from '../core/ledger/skip.js'
import { MAX_LINE_BYTES, type Decoder, type LineReader } from '../decode/decoder.js'
import type { Findings, Source } from '../sources/source.js'
import { fingerprintOfBytes, fingerprintOfFile } from './fingerprint.js'
import type { FileOutcome, FileTask } from './protocol.js'
import { openRegularFile } from './regular-file.js'

const LINE_FEED = 0x0a

/** The memory that files are read with. */
export interface FileBuffer {
  /** Grows for a long line. */
  bytes: Buffer
  readonly batch: BatchBuilder
}

export class FileReading implements Findings {
  readonly #start = performance.now()
  readonly #file: FileTask
  readonly #decoder: Decoder
  readonly #buffer: FileBuffer
  readonly #reader: LineReader
  readonly #descriptor: number
  readonly #stat: FileStat
  /** It was to be resumed, and can be. */
  readonly #resumes: boolean
  readonly #from: number
  /** A line ends there, or Infinity: the end of the file. */
  readonly #to: number
  readonly #skipped: Partial<Record<SkipReason, number>> = {}
  #cwd: string | undefined
  /** Bytes in the buffer that belong to a line not yet whole; they begin at `#offset` in the file. */
  #held = 0
  /** End of the last whole line. */
  #offset: number
  #position: number
  #lines = 0
  #chunks = 0
  #ended = false
  /** Inside a line that is too long: nothing of it is kept. */
  #tooLong = false

  /** @throws when the file cannot be opened or read */
  constructor(file: FileTask, source: Source, decoder: Decoder, buffer: FileBuffer) {
    this.#file = file
    this.#decoder = decoder
    this.#buffer = buffer
    this.#reader = source.open(file, buffer.batch, this)
    const { descriptor, stat } = openRegularFile(file.path)
    const { size, mtimeMs, ino } = stat
    this.#descriptor = descriptor
    // The cursor keeps the stat from before the read: what is appended meanwhile makes the file look changed next time.
    this.#stat = { size, mtimeMs, inode: ino }
    try {
      this.#resumes = file.from > 0 && size >= file.from && this.#isSameFile()
    } catch (error) {
      this.close()
      throw error
    }
    this.#from = file.part?.from ?? (this.#resumes ? file.from : 0)
    this.#to = file.part?.to ?? Infinity
    this.#offset = this.#position = this.#from
  }

  skip(reason: SkipReason, lines: number): void {
    this.#skipped[reason] = (this.#skipped[reason] ?? 0) + lines
  }

  cwd(path: string): void {
    this.#cwd = bounded(path, MAX_PATH)
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  /** Reads a chunk and the lines that it makes whole. False: there was none left. */
  readChunk(): boolean {
    if (this.#ended) return false
    const bytes = this.#bufferWithRoom()
    const held = this.#held
    const room = Math.min(bytes.length - held, this.#to - this.#position)
    const read = readSync(this.#descriptor, bytes, held, room, this.#position)
    if (read === 0) return false
    this.#position += read
    this.#chunks += 1
    const end = held + read
    // Bytes held from before have no line feed: only the new ones need looking at.
    const lastFeed = bytes.subarray(held, end).lastIndexOf(LINE_FEED)
    if (lastFeed < 0) this.#held = this.#tooLong ? 0 : end
    else {
      const wholeEnd = held + lastFeed + 1
      this.#decode(bytes, wholeEnd, end)
      bytes.copyWithin(0, wholeEnd, end)
      this.#held = end - wholeEnd
    }
    // The end, without asking once more. A short read alone would not tell: some file systems answer less than there is.
    this.#ended = (read < room && this.#position >= this.#stat.size) || this.#position === this.#to
    return true
  }

  /** After the last chunk: reads a last line that is not whole, and tells what came of it all. */
  finish(): FileOutcome {
    const decoder = this.#decoder
    const { bytes } = this.#buffer
    // Where a part should end with a line and does not, the file is another by now: the next look will see it.
    if (this.#held > 0 && !this.#tooLong && this.#to === Infinity) {
      const mark = this.#offset === 0 ? markLength(bytes, this.#held) : 0
      decoder.decodeTorn(bytes, mark, this.#held, this.#offset + mark, this.#reader)
    }
    const offset = this.#offset
    const isInBuffer = this.#from === 0 && this.#chunks === 1 && this.#held === 0
    return {
      kind: 'read',
      cursor: {
        ...this.#stat,
        offset,
        fingerprint: isInBuffer ? fingerprintOfBytes(bytes, offset) : fingerprintOfFile(this.#descriptor, offset),
      },
      replaced: this.#file.from > 0 && !this.#resumes,
      ...(this.#cwd === undefined ? {} : { cwd: this.#cwd }),
      bytes: this.#position - this.#from,
      lines: this.#lines,
      skipped: this.#skipped,
      fallbacks: decoder.takeFallbacks(),
      seconds: (performance.now() - this.#start) / 1000,
    }
  }

  #isSameFile(): boolean {
    const { low, high } = fingerprintOfFile(this.#descriptor, this.#file.from)
    return low === this.#file.fingerprint.low && high === this.#file.fingerprint.high
  }

  #bufferWithRoom(): Buffer {
    const buffer = this.#buffer
    if (this.#held === buffer.bytes.length) {
      if (this.#held >= MAX_LINE_BYTES) {
        this.#tooLong = true
        this.#held = 0
      } else buffer.bytes = this.#decoder.grow(buffer.bytes, Math.min(this.#held * 2, MAX_LINE_BYTES))
    }
    return buffer.bytes
  }

  /** Decodes the whole lines of a buffer that was filled up to `end`. */
  #decode(bytes: Buffer, wholeEnd: number, end: number): void {
    let wholeStart = 0
    if (this.#tooLong) {
      wholeStart = bytes.indexOf(LINE_FEED) + 1
      this.#reader.skip('too_long')
      this.#lines += 1
      this.#tooLong = false
      this.#offset = this.#position - (end - wholeStart)
    }
    if (this.#offset === 0) wholeStart = this.#offset = markLength(bytes, wholeEnd)
    this.#lines += this.#decoder.decode(bytes, wholeStart, wholeEnd, this.#offset, this.#reader)
    this.#offset = this.#position - (end - wholeEnd)
  }
}

/** Length of the byte order mark that a file's first line may stand behind. */
function markLength(bytes: Buffer, length: number): number {
  return length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}
