// Reads one file, chunk by chunk: checks the fingerprint, reads into the thread's buffer and passes complete lines to
// the decoder. The result is an outcome, and rows in the batch.
import { closeSync, readSync } from 'node:fs'
import { MAX_SAVED, type Cursor, type FileStat } from '../core/cursor.js'
import type { BatchBuilder } from '../core/ledger/batch.js'
import {
  LINE_FEED,
  MAX_LINE_BYTES,
  MAX_READ_LINE_BYTES,
  type Decoder,
  type LineReader,
  type LineTarget,
} from '../decode/decoder.js'
import type { Source } from '../sources/source.js'
import { FileSink } from './file-sink.js'
import { fingerprintOfBytes, fingerprintOfFile } from './fingerprint.js'
import type { FileOutcome, FileTask } from './protocol.js'
import { openRegularFile } from './regular-file.js'
import { MAX_UNPACKED_LINE_BYTES, NotUnpackable, unpackedFile, type Unpacked } from './zstd.js'

/** The memory used for reading files. */
export interface FileBuffer {
  /** Grows for a long line. */
  bytes: Buffer
  readonly batch: BatchBuilder
}

/** The content is at fault: as long as the file stays as it is, reading it again fails again. */
export class ContentError extends Error {
  readonly stat: FileStat

  constructor(cause: Error, stat: FileStat) {
    super(String(cause))
    this.stat = stat
  }
}

export class FileReading {
  readonly #start = performance.now()
  readonly #file: FileTask
  readonly #decoder: Decoder
  readonly #buffer: FileBuffer
  readonly #sink: FileSink
  readonly #target: LineTarget
  readonly #descriptor: number
  readonly #stat: FileStat
  /** Content read instead of the file itself. */
  readonly #unpacked: Unpacked | undefined
  /** Size of the file when reading began, in bytes. */
  readonly #size: number
  /** Whether reading resumes at the file's offset. */
  readonly #resumes: boolean
  readonly #from: number
  /** A line ends there; Infinity: the end of the file. */
  readonly #to: number
  /** Bytes in the buffer that belong to an incomplete line; they begin at `#offset` in the file. */
  #held = 0
  /** End of the last complete line. */
  #offset: number
  #position: number
  #lines = 0
  #chunks = 0
  #ended = false
  /** Inside a line that is too long: none of it is kept. */
  #tooLong = false

  /** @throws if the file cannot be opened or read; a ContentError if it cannot be unpacked */
  constructor(file: FileTask, source: Source, decoder: Decoder, buffer: FileBuffer) {
    this.#file = file
    this.#decoder = decoder
    this.#buffer = buffer
    const { descriptor, stat } = openRegularFile(file.path)
    const { size, mtimeMs, ino } = stat
    this.#descriptor = descriptor
    // The cursor keeps the stat from before the read: data appended in the meantime makes the file look changed next
    // time.
    this.#stat = { size, mtimeMs, inode: ino }
    try {
      this.#unpacked = file.form === 'zstd-lines' ? unpackedFile(descriptor, size) : undefined
      this.#size = this.#unpacked?.length ?? size
      const isSame = file.from > 0 && size >= file.from && this.#isSameFile()
      this.#sink = new FileSink(source, file, buffer.batch)
      // The saved state belongs to the bytes before: it is usable only now that these are known to be the same.
      const resumed = isSame ? this.#resumedReader(source) : undefined
      this.#resumes = resumed !== undefined
      this.#target = { sink: this.#sink, reader: resumed ?? source.open(file, this.#sink) }
    } catch (error) {
      this.close()
      throw error instanceof NotUnpackable ? new ContentError(error, this.#stat) : error
    }
    this.#from = file.part?.from ?? (this.#resumes ? file.from : 0)
    this.#to = file.part?.to ?? Infinity
    this.#offset = this.#position = this.#from
    if (file.form === 'document' && size > MAX_READ_LINE_BYTES) this.#ended = this.#tooLong = true
  }

  /** Undefined if the saved state cannot be used. */
  #resumedReader(source: Source): LineReader | undefined {
    const { saved } = this.#file
    try {
      return source.open(this.#file, this.#sink, saved)
    } catch (error) {
      if (saved === undefined) throw error
      return undefined
    }
  }

  close(): void {
    closeSync(this.#descriptor)
    this.#unpacked?.free()
  }

  /** Reads a chunk and the lines that it completes. Returns false if nothing was left. */
  readChunk(): boolean {
    if (this.#ended) return false
    const bytes = this.#bufferWithRoom()
    const held = this.#held
    const room = Math.min(bytes.length - held, this.#to - this.#position)
    const read = this.#read(bytes, held, room)
    if (read === 0) return false
    this.#position += read
    this.#chunks += 1
    const end = held + read
    // Bytes kept from before contain no line feed: only the new ones need to be searched.
    const lastFeed = this.#file.form === 'document' ? -1 : bytes.subarray(held, end).lastIndexOf(LINE_FEED)
    if (lastFeed < 0) this.#held = this.#tooLong ? 0 : end
    else {
      const wholeEnd = held + lastFeed + 1
      this.#decode(bytes, wholeEnd, end)
      bytes.copyWithin(0, wholeEnd, end)
      this.#held = end - wholeEnd
    }
    // The end, without another read. A short read alone would not show it: some file systems return less than there is.
    this.#ended = (read < room && this.#position >= this.#size) || this.#position === this.#to
    return true
  }

  /** After the last chunk: reads what is still held, and returns the outcome. */
  finish(): FileOutcome {
    const saved = this.#saved()
    const { bytes } = this.#buffer
    if (this.#file.form === 'document') this.#decodeDocument(bytes)
    // If a part does not end with a line, the file has been replaced: the next pass will see it.
    else if (this.#held > 0 && !this.#tooLong && this.#to === Infinity) {
      const mark = this.#offset === 0 ? markLength(bytes, this.#held) : 0
      this.#decoder.decodeTorn(bytes, mark, this.#held, this.#offset + mark, this.#target)
    }
    const { skipped, firstCwd } = this.#sink
    return {
      kind: 'read',
      cursor: { ...this.#stat, ...this.#whereItEnded(), ...(saved !== undefined && { saved }) },
      replaced: this.#file.from > 0 && !this.#resumes,
      ...(firstCwd !== undefined && { cwd: firstCwd }),
      bytes: this.#unpacked === undefined ? this.#position - this.#from : this.#stat.size,
      lines: this.#lines,
      skipped,
      fallbacks: this.#decoder.takeFallbacks(),
      seconds: (performance.now() - this.#start) / 1000,
    }
  }

  /** Offset and fingerprint of the next cursor; 0 for a file that is always read as a whole. */
  #whereItEnded(): Pick<Cursor, 'offset' | 'fingerprint'> {
    const offset = this.#file.form === undefined ? this.#offset : 0
    const isInBuffer = offset === 0 || (this.#from === 0 && this.#chunks === 1 && this.#held === 0)
    const { bytes } = this.#buffer
    return {
      offset,
      fingerprint: isInBuffer ? fingerprintOfBytes(bytes, offset) : fingerprintOfFile(this.#descriptor, offset),
    }
  }

  /** The state that the reader saves; to be taken before it reads an incomplete line. */
  #saved(): string | undefined {
    if (this.#file.form !== undefined || this.#offset === 0) return undefined
    const saved = this.#target.reader.save?.()
    if (saved !== undefined && (saved === '' || saved.length > MAX_SAVED))
      throw new RangeError(`its source saved ${saved.length} characters, not 1 to ${MAX_SAVED}`)
    return saved
  }

  #read(into: Buffer, at: number, length: number): number {
    if (this.#unpacked === undefined) return readSync(this.#descriptor, into, at, length, this.#position)
    return this.#unpacked.copy(into, at, length, this.#position)
  }

  #isSameFile(): boolean {
    const { low, high } = fingerprintOfFile(this.#descriptor, this.#file.from)
    return low === this.#file.fingerprint.low && high === this.#file.fingerprint.high
  }

  /** Maximum length of an incomplete line, in bytes. */
  get #mostHeld(): number {
    return this.#unpacked === undefined ? MAX_LINE_BYTES : MAX_UNPACKED_LINE_BYTES
  }

  #bufferWithRoom(): Buffer {
    const buffer = this.#buffer
    if (this.#held === buffer.bytes.length) {
      if (this.#held >= this.#mostHeld) {
        this.#tooLong = true
        this.#held = 0
      } else buffer.bytes = this.#decoder.grow(buffer.bytes, Math.min(this.#held * 2, this.#mostHeld))
    }
    return buffer.bytes
  }

  /** Decodes the complete lines of a buffer that is filled up to `end`. */
  #decode(bytes: Buffer, wholeEnd: number, end: number): void {
    let wholeStart = 0
    if (this.#tooLong) {
      wholeStart = bytes.indexOf(LINE_FEED) + 1
      this.#sink.skip('too_long')
      this.#lines += 1
      this.#tooLong = false
      this.#offset = this.#position - (end - wholeStart)
    }
    if (this.#offset === 0) wholeStart = this.#offset = markLength(bytes, wholeEnd)
    this.#lines += this.#decoder.decode(bytes, wholeStart, wholeEnd, this.#offset, this.#target)
    this.#offset = this.#position - (end - wholeEnd)
  }

  #decodeDocument(bytes: Buffer): void {
    if (this.#tooLong) this.#sink.skip('too_long')
    else this.#decoder.decodeDocument(bytes, markLength(bytes, this.#held), this.#held, this.#target)
    this.#lines = 1
  }
}

/** Length of the byte order mark that may precede a file's first line. */
function markLength(bytes: Buffer, length: number): number {
  return length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}
