// Writes frames to an open journal. A failure leaves the end unchanged: the next commit overwrites the bytes after it,
// which do not count as a commit until its last frame is complete.
import {
  BEHIND_OFFSET,
  FRAME_BYTES,
  changeLength,
  frameHead,
  isSound,
  padded,
  seal,
  writeChange,
} from './journal-format.js'
import type { Change } from '../core/tables/table.js'
import { lookOf, type Look } from './file-look.js'
import type { FileCalls } from './files.js'

const ROOM_BYTES = 2 ** 18
/** Maximum number of bytes after the changes of a frame. */
const PADDING = 4

/** The end of a journal. */
export interface Place {
  readonly end: number
  readonly frames: number
  readonly commits: number
  /** Offset of its last frame; 0 if there is none yet. */
  readonly last: number
}

export class JournalWriter {
  readonly fd: number
  look: Look
  /** A flush failed: it is unknown which part of the file is on disk, and another flush would not tell. */
  unsure = false
  readonly #files: FileCalls
  readonly #seed: number
  #place: Place
  /** Bytes may follow the end. */
  #untidy: boolean
  #room: Buffer | undefined

  /** @param fd open for reading and writing; the writer owns it from now on */
  constructor(files: FileCalls, fd: number, seed: number, place: Place) {
    this.fd = fd
    this.#files = files
    this.#seed = seed
    this.#place = place
    this.look = lookOf(files.fstatSync(fd))
    this.#untidy = this.look.size !== place.end
  }

  get place(): Place {
    return this.#place
  }

  /** Appends a commit, which is on disk when this returns. Throws errors of the disk. */
  append(changes: Iterable<Change>, timeMs: number): void {
    this.write(changes, timeMs)
    this.flush()
  }

  /** Appends a commit, which is on disk after the next flush. */
  write(changes: Iterable<Change>, timeMs: number): void {
    const steps = this.steps(changes, timeMs)
    while (steps.next().done !== true);
  }

  /**
   * Gives the last commit the file's modification time, if the file was changed by more than a commit. Flushes: of two
   * unflushed writes, a power cut could keep only the second.
   */
  stamp(timeMs: number): void {
    this.append([], timeMs)
  }

  /** Appends a commit frame by frame; it does not count until the last step. */
  *steps(changes: Iterable<Change>, timeMs: number): Generator<undefined> {
    let { end, frames, last } = this.#place
    const { commits } = this.#place
    let room = (this.#room ??= Buffer.allocUnsafeSlow(ROOM_BYTES))
    let at = FRAME_BYTES
    const put = (more: boolean): void => {
      const frame = room.subarray(0, padded(at, 8))
      frame.fill(0, at)
      seal(frame, { number: frames, commit: commits, more, timeMs }, this.#seed)
      this.#write(frame, end)
      last = end
      end += frame.length
      frames += 1
      at = FRAME_BYTES
    }
    this.#tidy()
    for (const change of changes) {
      const length = changeLength(change)
      if (at + length + PADDING > room.length && at > FRAME_BYTES) {
        put(true)
        yield
      }
      if (at + length + PADDING > room.length) room = Buffer.allocUnsafeSlow(at + length + PADDING)
      at = writeChange(change, room, at)
    }
    put(false)
    this.#place = { end, frames, commits: commits + 1, last }
    this.#untidy = false
  }

  /** Copies a whole frame of another journal, including the fields of its head. */
  copy(frame: Buffer): void {
    const { end, frames, commits } = this.#place
    const bytes = Buffer.from(frame)
    const { more, timeMs } = frameHead(frame, 0)
    seal(bytes, { number: frames, commit: commits, more, timeMs }, this.#seed)
    this.#write(bytes, end)
    this.#place = { end: end + bytes.length, frames: frames + 1, commits: commits + (more ? 0 : 1), last: end }
  }

  flush(): void {
    try {
      this.#files.fdatasyncSync(this.fd)
    } catch (error) {
      this.unsure = true
      throw error
    }
    this.noteLook()
  }

  /** Whether the last frame is where it was written: the file is the same, although somebody has touched it. */
  endsAsWritten(): boolean {
    const { end, frames, last } = this.#place
    const frame = Buffer.alloc(end - last)
    if (last === 0 || this.#files.readSync(this.fd, frame, 0, frame.length, last) < frame.length) return false
    if (frameHead(frame, 0).number !== frames - 1 || !isSound(frame, this.#seed)) return false
    this.noteLook()
    return true
  }

  /** Flushed when set; clearing it may be lost. */
  markBehind(behind: boolean): void {
    this.#files.writeSync(this.fd, Buffer.from([behind ? 1 : 0]), 0, 1, BEHIND_OFFSET)
    if (behind) this.#files.fdatasyncSync(this.fd)
    this.noteLook()
  }

  noteLook(): void {
    this.look = lookOf(this.#files.fstatSync(this.fd))
  }

  /** Releases the memory of large commits. */
  rest(): void {
    this.#room = undefined
  }

  /** Cuts off the remains of a failed commit, to free their space. */
  #tidy(): void {
    if (this.#untidy) this.#files.ftruncateSync(this.fd, this.#place.end)
    this.#untidy = true
  }

  #write(bytes: Buffer, position: number): void {
    for (let done = 0; done < bytes.length;) {
      done += this.#files.writeSync(this.fd, bytes, done, bytes.length - done, position + done)
    }
  }
}
