// Reads a journal from its start to the end of its last complete commit.
import {
  DamagedError,
  FRAME_BYTES,
  HEADER_BYTES,
  changesOf,
  decodeHeader,
  frameHead,
  headerLength,
  isSound,
} from './journal-format.js'
import type { FrameHead, Header } from './journal-format.js'
import type { Change } from '../core/tables/table.js'
import type { FileCalls } from './files.js'
import type { Place } from './journal-writer.js'

const CHUNK_BYTES = 2 ** 20
/** Number of frames between the end and one that shows that the file goes on. */
const MOST_MISSING = 2 ** 20
/**
 * Maximum length of a frame that is searched for: the checksum of longer ones would be computed wherever rows happen to
 * look like a frame's head.
 */
const MOST_SEARCHED = 2 ** 20

/** A frame in the reader's buffer; valid until the next is read. */
interface Frame extends FrameHead {
  readonly bytes: Buffer
  readonly next: number
}

export class JournalReader {
  readonly header: Header
  /** End of the last commit read. */
  place: Place
  /** End of the first commit, with which the file was created. */
  firstEnd = 0
  /** When the last commit was made, in milliseconds since the epoch. */
  timeMs = Number.NEGATIVE_INFINITY
  /** The damage after the last commit read. Undefined if a commit was merely not completed. */
  damage: string | undefined
  readonly #files: FileCalls
  readonly #fd: number
  readonly #size: number
  #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  #from = 0
  #filled = 0

  /** Throws DamagedError, NewerFormatError, and errors of the disk. */
  constructor(files: FileCalls, fd: number) {
    this.#files = files
    this.#fd = fd
    this.#size = files.fstatSync(fd).size
    const start = this.#at(0, HEADER_BYTES)
    if (start === undefined)
      throw new DamagedError(this.#size === 0 ? 'the file is empty' : 'the file ends in its header')
    const whole = this.#at(0, headerLength(start))
    if (whole === undefined) throw new DamagedError('the file ends in its header')
    this.header = decodeHeader(whole)
    this.place = { end: this.header.end, frames: 0, commits: 0, last: 0 }
  }

  /**
   * Every change, oldest first, each valid until the next. Throws DamagedError if not even the first commit is
   * complete.
   */
  *changes(): Generator<Change> {
    // The first commit holds everything from when the file was created: it is large, and useless if incomplete.
    for (let first = true; first || this.#commitIsWhole(); first = false) {
      let { end, frames, last } = this.place
      let frame: Frame | undefined
      do {
        frame = this.#frame(end, frames)
        if (frame === undefined) throw new DamagedError(`it is damaged at byte ${end}, within its first commit`)
        yield* changesOf(frame.bytes)
        last = end
        end = frame.next
        frames += 1
      } while (frame.more)
      this.place = { end, frames, commits: this.place.commits + 1, last }
      this.timeMs = frame.timeMs
      if (first) this.firstEnd = end
    }
    if (this.#goesOn()) this.damage = `it is damaged at byte ${this.place.end}, and there is more data after it`
  }

  /** The unchanged frames between two places: commits appended while another file was written. */
  *framesBetween(from: Place, to: Place): Generator<Buffer> {
    for (let { end, frames } = from; end < to.end; frames += 1) {
      const frame = this.#frame(end, frames)
      if (frame === undefined) throw new DamagedError(`the data just written to it is damaged at byte ${end}`)
      yield frame.bytes
      end = frame.next
    }
  }

  #commitIsWhole(): boolean {
    for (let { end, frames } = this.place; ; frames += 1) {
      const frame = this.#frame(end, frames)
      if (frame === undefined || !frame.more) return frame !== undefined
      end = frame.next
    }
  }

  /** Whether a frame of a later commit follows the end: then the commit in between was not incomplete but damaged. */
  #goesOn(): boolean {
    const { end, frames, commits } = this.place
    for (let at = end; at + FRAME_BYTES <= this.#size;) {
      const chunk = this.#at(at, Math.min(CHUNK_BYTES, this.#size - at))
      if (chunk === undefined) return false
      const candidates: { readonly at: number; readonly number: number }[] = []
      let offset = 0
      for (; offset + FRAME_BYTES <= chunk.length; offset += 8) {
        const { length, number, commit } = frameHead(chunk, offset)
        if (length <= MOST_SEARCHED && commit > commits && number > frames && number - frames <= MOST_MISSING)
          candidates.push({ at: at + offset, number })
      }
      // The check overwrites the chunk in the buffer.
      if (candidates.some((each) => this.#frame(each.at, each.number) !== undefined)) return true
      at += offset
    }
    return false
  }

  #frame(at: number, number: number): Frame | undefined {
    const start = this.#at(at, FRAME_BYTES)
    if (start === undefined) return undefined
    const head = frameHead(start, 0)
    const next = at + FRAME_BYTES + head.length
    if (head.number !== number || next > this.#size) return undefined
    const bytes = this.#at(at, FRAME_BYTES + head.length)
    if (bytes === undefined || !isSound(bytes, this.header.seed)) return undefined
    return { ...head, bytes, next }
  }

  /** A view of that many bytes of the file; undefined if the file is shorter. */
  #at(position: number, length: number): Buffer | undefined {
    if (position + length > this.#size) return undefined
    if (position < this.#from || position + length > this.#from + this.#filled) {
      if (length > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(length)
      this.#from = position
      this.#filled = this.#fill(position)
      if (this.#filled < length) return undefined
    }
    return this.#buffer.subarray(position - this.#from, position - this.#from + length)
  }

  #fill(position: number): number {
    let filled = 0
    while (filled < this.#buffer.length) {
      const read = this.#files.readSync(this.#fd, this.#buffer, filled, this.#buffer.length - filled, position + filled)
      if (read === 0) break
      filled += read
    }
    return filled
  }
}
