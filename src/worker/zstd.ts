// Unpacks a file that was compressed as a whole with zstd. The size of the result is limited, so that a few kilobytes
// cannot fill the memory; a truncated or damaged file is refused as a whole.
import { readSync } from 'node:fs'
import * as zlib from 'node:zlib'

/** Maximum unpacked size in bytes: it has to fit in memory. */
export const MAX_UNPACKED_BYTES = 128 * 1024 * 1024
/** Maximum length of an unpacked line in bytes, which is in memory twice; longer lines are skipped. */
export const MAX_UNPACKED_LINE_BYTES = 16 * 1024 * 1024
/** Maximum compressed size in bytes: logs shrink to a tenth. */
export const MAX_PACKED_BYTES = 64 * 1024 * 1024
/** Maximum number of frames: a log has one, and each takes half a millisecond, however small. */
const MOST_FRAMES = 1_000
/** Most logs unpack to at most this multiple of their compressed size. */
const USUAL_RATIO = 16
const LEAST_ROOM = 1024 * 1024
/** Smallest chunk size that Node accepts, in bytes. */
const LEAST_CHUNK = 64
const FRAME = 0xfd2fb528
/** Skippable frames; the last four bits may have any value. */
const SKIPPABLE = 0x184d2a50

interface UnpackOptions {
  readonly maxOutputLength: number
  readonly chunkSize: number
}

type Unpack = (frame: Buffer, options: UnpackOptions) => Buffer

/** Part of Node from 22.15 and 23.8 on; missing from the types of Node 20. */
const { zstdDecompressSync: unpackFrame } = zlib as {
  readonly zstdDecompressSync?: Unpack
}
export const HAS_ZSTD = unpackFrame !== undefined
/** Why no compressed file is read. */
export const NO_ZSTD = `compressed with zstd, which requires Node.js 22.15 or 23.8; this is ${process.version}`

/** The unpacked frames of a file, in order. */
export class Unpacked {
  readonly #parts: readonly Buffer[]
  readonly length: number

  constructor(parts: readonly Buffer[]) {
    this.#parts = parts
    this.length = parts.reduce((sum, part) => sum + part.length, 0)
  }

  /** Frees the memory at once, because the next file may need as much. The parts must not be used afterwards. */
  free(): void {
    for (const { buffer } of this.#parts) if (buffer.byteLength >= LEAST_ROOM) detach(buffer)
  }

  /** Copies up to `length` bytes from `position` on. Returns how many were copied. */
  copy(into: Buffer, at: number, length: number, position: number): number {
    let copied = 0
    let start = 0
    for (const part of this.#parts) {
      const from = position + copied - start
      if (from < part.length) copied += part.copy(into, at + copied, from, from + length - copied)
      if (copied === length) break
      start += part.length
    }
    return copied
  }
}

/** The file will not unpack until it changes. */
export class NotUnpackable extends Error {}

/** @throws NotUnpackable if Node does not support zstd, and for a file that is too large or damaged; or what `read` throws */
export function unpackedFile(descriptor: number, size: number): Unpacked {
  if (unpackFrame === undefined) throw new NotUnpackable(NO_ZSTD)
  if (size > MAX_PACKED_BYTES) throw new NotUnpackable(`it has more than ${MAX_PACKED_BYTES / 2 ** 20} MB`)
  // Not from Node's pool, so that it can be detached.
  const packed = Buffer.allocUnsafeSlow(size)
  let read = 0
  while (read < size) {
    const more = readSync(descriptor, packed, read, size - read, read)
    if (more === 0) break
    read += more
  }
  try {
    return unpacked(packed.subarray(0, read), unpackFrame)
  } finally {
    detach(packed.buffer)
  }
}

/** Frame by frame: Node unpacks only the first one, and some versions accept truncated input. */
function unpacked(packed: Buffer, unpackFrame: Unpack): Unpacked {
  const parts: Buffer[] = []
  let left = MAX_UNPACKED_BYTES
  let frames = 0
  for (let at = 0; at < packed.length;) {
    const end = frameEnd(packed, at)
    if (end > packed.length) throw new NotUnpackable('damaged: the last zstd frame is cut short')
    if (packed.readUInt32LE(at) === FRAME) {
      frames += 1
      if (frames > MOST_FRAMES) throw new NotUnpackable(`it has more than ${MOST_FRAMES} zstd frames`)
      const frame = packed.subarray(at, end)
      const usual = LEAST_ROOM + USUAL_RATIO * frame.length
      const part =
        (usual < left ? unpackInto(usual, frame, unpackFrame) : undefined) ?? unpackInto(left, frame, unpackFrame)
      if (part === undefined || part.length > left) throw tooLarge()
      parts.push(part)
      left -= part.length
    }
    at = end
  }
  return new Unpacked(parts)
}

/**
 * Unpacks a frame into one piece of memory: Node would join several into one more. What is not written to takes none.
 * @returns undefined if it needs more than that room
 */
function unpackInto(room: number, frame: Buffer, unpackFrame: Unpack): Buffer | undefined {
  try {
    return unpackFrame(frame, { maxOutputLength: Math.max(1, room), chunkSize: Math.max(LEAST_CHUNK, room) })
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') return undefined
    // Memory that is short today may be there tomorrow.
    if (code.startsWith('ZSTD_') && !code.includes('memory')) throw new NotUnpackable(`damaged: ${message}`)
    throw error
  }
}

/** Every Node.js version with zstd supports this. Small buffers may share memory with others. */
function detach(buffer: ArrayBufferLike): void {
  ;(buffer as { transfer?: (bytes: number) => unknown }).transfer?.(0)
}

/** End of the frame that begins there; beyond the bytes if it is truncated (RFC 8878, 3.1). */
function frameEnd(bytes: Buffer, from: number): number {
  const uint = (at: number, length: number): number =>
    at + length <= bytes.length ? bytes.readUIntLE(at, length) : Infinity
  const magic = uint(from, 4)
  if (magic === Infinity) return Infinity
  if (magic - (magic % 16) === SKIPPABLE) return from + 8 + uint(from + 4, 4)
  if (magic !== FRAME) throw new NotUnpackable(`damaged: no zstd frame at byte ${from}`)
  const descriptor = uint(from + 4, 1)
  if (descriptor === Infinity) return Infinity
  const isSingleSegment = (descriptor & 0x20) !== 0
  const contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!
  let at = from + 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + contentSizeBytes
  for (;;) {
    const block = uint(at, 3)
    if (block === Infinity) return Infinity
    const isRunLength = ((block >> 1) & 3) === 1
    at += 3 + (isRunLength ? 1 : block >> 3)
    if ((block & 1) !== 0) return at + ((descriptor & 4) !== 0 ? 4 : 0)
  }
}

function tooLarge(): Error {
  return new NotUnpackable(`more than ${MAX_UNPACKED_BYTES / 2 ** 20} MB after decompression`)
}
