// Unpacks a file that was compressed as a whole with zstd. What comes out has a bound, so that a few kilobytes cannot fill
// the memory; a file that is cut short or damaged is refused as a whole.
import { readSync } from 'node:fs'
import * as zlib from 'node:zlib'

/** More than this is not unpacked, in bytes: it has to lie in memory, for a moment twice. */
export const MAX_UNPACKED_BYTES = 128 * 1024 * 1024
/** Unpacked in pieces of so many bytes. */
const PIECE_BYTES = 1024 * 1024
const FRAME = 0xfd2fb528
/** Frames that hold nothing; the last four bits may be any. */
const SKIPPABLE = 0x184d2a50

interface UnpackOptions {
  readonly maxOutputLength: number
  readonly chunkSize: number
}

/** Part of Node from 22.15 and 23.8 on; the types of Node 20 leave it out. */
const { zstdDecompressSync: unpackFrame } = zlib as {
  readonly zstdDecompressSync?: (frame: Buffer, options: UnpackOptions) => Buffer
}
export const HAS_ZSTD = unpackFrame !== undefined
/** Why nothing that was compressed is read. */
export const NO_ZSTD = `compressed with zstd, which requires Node.js 22.15 or 23.8; this is ${process.version}`

/** @throws where Node cannot, and for a file that is too large or damaged */
export function unpackedFile(descriptor: number, size: number): Buffer {
  if (unpackFrame === undefined) throw new Error(NO_ZSTD)
  if (size > MAX_UNPACKED_BYTES) throw tooLarge()
  const packed = Buffer.allocUnsafeSlow(size)
  let read = 0
  while (read < size) {
    const more = readSync(descriptor, packed, read, size - read, read)
    if (more === 0) break
    read += more
  }
  return unpacked(packed.subarray(0, read), unpackFrame)
}

/** Frame by frame: Node takes the first one only, and some versions take what is cut short for whole. */
function unpacked(packed: Buffer, unpackFrame: (frame: Buffer, options: UnpackOptions) => Buffer): Buffer {
  const parts: Buffer[] = []
  let left = MAX_UNPACKED_BYTES
  for (let at = 0; at < packed.length;) {
    const end = frameEnd(packed, at)
    if (end > packed.length) throw new Error('damaged: the last zstd frame is cut short')
    if (packed.readUInt32LE(at) === FRAME) {
      let part: Buffer
      try {
        part = unpackFrame(packed.subarray(at, end), { maxOutputLength: Math.max(1, left), chunkSize: PIECE_BYTES })
      } catch (error) {
        throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : error
      }
      parts.push(part)
      left -= part.length
      if (left < 0) throw tooLarge()
    }
    at = end
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

/** Where a frame ends that begins there: beyond the bytes if it is cut short (RFC 8878, 3.1). */
function frameEnd(bytes: Buffer, from: number): number {
  const uint = (at: number, length: number): number =>
    at + length <= bytes.length ? bytes.readUIntLE(at, length) : Infinity
  const magic = uint(from, 4)
  if (magic === Infinity) return Infinity
  if (magic - (magic % 16) === SKIPPABLE) return from + 8 + uint(from + 4, 4)
  if (magic !== FRAME) throw new Error(`damaged: no zstd frame at byte ${from}`)
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
  return new Error(`more than ${MAX_UNPACKED_BYTES / 2 ** 20} MB after decompression`)
}
