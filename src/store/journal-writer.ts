// Writes frames to an open journal. A failure leaves the end where it was: the next commit overwrites what lies behind it,
// which is no commit until its last frame is whole.
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
/** At most, behind the changes of a frame. */
const PADDING = 4

/** Where a journal ends. */
export interface Place {
  readonly end: number
  readonly frames: number
  readonly commits: number
  /** Where its last frame begins; 0: there is none yet. */
  readonly last: number
}

export class JournalWriter {
  readonly fd: number
  look: Look
  /** A flush failed: nobody knows what of the file is on the disk, and another flush would not tell. */
  unsure = false
  readonly #files: FileCalls
  readonly #seed: number
  #place: Place
  /** Bytes may stand behind the end. */
  #untidy: boolean
  #room: Buffer | undefined

  /** @param fd open for reading and writing; the writer's from now on */
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

  /** Appends a commit, which is on the disk when this returns. Throws what the disk says. */
  append(changes: Iterable<Change>, timeMs: number): void {
    this.write(changes, timeMs)
    this.flush()
  }

  /** Appends a commit, which is on the disk after the next flush. */
  write(changes: Iterable<Change>, timeMs: number): void {
    const steps = this.steps(changes, timeMs)
    while (steps.next().done !== true);
  }

  /**
   * Makes the last commit as young as the file, where that was changed by more than a commit. Flushed: of two that are not, a
   * power cut may keep the second alone.
   */
  stamp(timeMs: number): void {
    this.append([], timeMs)
  }

  /** Appends a commit, a frame at a time; it is none until the last step. */
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

  /** Copies a whole frame of another journal, with what its head says. */
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

  /** Whether the last frame stands where it was written: the file is the same, though somebody has touched it. */
  endsAsWritten(): boolean {
    const { end, frames, last } = this.#place
    const frame = Buffer.alloc(end - last)
    if (last === 0 || this.#files.readSync(this.fd, frame, 0, frame.length, last) < frame.length) return false
    if (frameHead(frame, 0).number !== frames - 1 || !isSound(frame, this.#seed)) return false
    this.noteLook()
    return true
  }

  /** Flushed when it is: that it no longer is may be lost. */
  markBehind(behind: boolean): void {
    this.#files.writeSync(this.fd, Buffer.from([behind ? 1 : 0]), 0, 1, BEHIND_OFFSET)
    if (behind) this.#files.fdatasyncSync(this.fd)
    this.noteLook()
  }

  noteLook(): void {
    this.look = lookOf(this.#files.fstatSync(this.fd))
  }

  /** Gives the memory of large commits back. */
  rest(): void {
    this.#room = undefined
  }

  /** Cuts off what a commit that failed has left, so that it takes no room. */
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
