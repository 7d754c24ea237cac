// The format of a journal on disk: a header, then commits of one or more frames. Every frame carries a checksum over
// itself, its number and the id of its file, so that only what was written there, whole and in order, is accepted.
//
//   header  "AUESTATE" | format u32 | behind u8, 3 spare | id 8 bytes | heading length u32 | checksum u32 | heading, JSON
//   frame   length u32 | checksum u32 | number u32 | number of its commit × 2 + 1 if that goes on u32 | time f64 | changes, padded to 8 bytes
//   change  table u32 | row u32 | length u32 | bytes, padded to 4 bytes
//
// All numbers are little-endian.
import { crc32 } from 'node:zlib'
import type { Change, Heading } from '../core/tables/table.js'

/** Version of the file format, not of the meaning of the tables. */
const JOURNAL_FORMAT = 1

/** The file could be read but is not what was written. Other errors say nothing about the file. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError'
}

/** The file is of a later version of this program. */
export class NewerFormatError extends Error {
  override readonly name = 'NewerFormatError'
}

const MAGIC = Buffer.from('AUESTATE', 'latin1')
const HEADER = { format: 8, behind: 12, id: 16, headingLength: 24, checksum: 28, heading: 32 } as const
/** The only byte that is written in place; it is not part of the checksum. */
export const BEHIND_OFFSET = HEADER.behind
export const HEADER_BYTES = HEADER.heading
const MAX_HEADING_BYTES = 2 ** 16

export const FRAME_BYTES = 24
const FRAME = { length: 0, checksum: 4, number: 8, commit: 12, time: 16 } as const
const CHANGE_BYTES = 12

export interface Header {
  readonly heading: Heading
  readonly behind: boolean
  /** Offset of the first frame. */
  readonly end: number
  /** Initial value for the checksums of this file's frames. */
  readonly seed: number
}

export function encodeHeader(heading: Heading, id: Uint8Array): Buffer {
  const json = Buffer.from(JSON.stringify(heading))
  const bytes = Buffer.alloc(padded(HEADER.heading + json.length, 8), ' ')
  MAGIC.copy(bytes)
  bytes.fill(0, HEADER.format, HEADER.heading)
  bytes.writeUInt32LE(JOURNAL_FORMAT, HEADER.format)
  bytes.set(id, HEADER.id)
  bytes.writeUInt32LE(bytes.length - HEADER.heading, HEADER.headingLength)
  bytes.set(json, HEADER.heading)
  bytes.writeUInt32LE(headerChecksum(bytes), HEADER.checksum)
  return bytes
}

/** Length of the whole header in bytes, from its first HEADER_BYTES. Throws DamagedError and NewerFormatError. */
export function headerLength(start: Buffer): number {
  if (start.length < HEADER.heading || !start.subarray(0, MAGIC.length).equals(MAGIC))
    throw new DamagedError('it is not a state of this program')
  const format = start.readUInt32LE(HEADER.format)
  const length = start.readUInt32LE(HEADER.headingLength)
  if (format > JOURNAL_FORMAT && length <= MAX_HEADING_BYTES) {
    throw new NewerFormatError(`its format is ${format}, but this version reads ${JOURNAL_FORMAT}`)
  }
  if (format !== JOURNAL_FORMAT || length > MAX_HEADING_BYTES) throw new DamagedError('its header is invalid')
  return HEADER.heading + length
}

export function decodeHeader(bytes: Buffer): Header {
  if (headerChecksum(bytes) !== bytes.readUInt32LE(HEADER.checksum))
    throw new DamagedError('its header does not match its checksum')
  return {
    heading: JSON.parse(bytes.toString('utf8', HEADER.heading)) as Heading,
    behind: bytes[HEADER.behind] !== 0,
    end: bytes.length,
    seed: seedOf(bytes),
  }
}

export function seedOf(header: Buffer): number {
  return crc32(header.subarray(HEADER.id, HEADER.id + 8))
}

function headerChecksum(header: Buffer): number {
  const start = crc32(header.subarray(0, HEADER.behind))
  return crc32(header.subarray(HEADER.heading), crc32(header.subarray(HEADER.id, HEADER.checksum), start))
}

export interface FrameHead {
  /** Length of its changes. */
  readonly length: number
  readonly number: number
  /** Number of the commit that it belongs to. */
  readonly commit: number
  /** The commit goes on in the next frame. */
  readonly more: boolean
  /** When it was committed, milliseconds since the epoch. */
  readonly timeMs: number
}

export function frameHead(bytes: Buffer, at: number): FrameHead {
  return {
    length: bytes.readUInt32LE(at + FRAME.length),
    number: bytes.readUInt32LE(at + FRAME.number),
    commit: bytes.readUInt32LE(at + FRAME.commit) >>> 1,
    more: (bytes.readUInt32LE(at + FRAME.commit) & 1) !== 0,
    timeMs: bytes.readDoubleLE(at + FRAME.time),
  }
}

/** @param frame the whole frame */
export function isSound(frame: Buffer, seed: number): boolean {
  return frame.readUInt32LE(FRAME.checksum) === frameChecksum(frame, seed)
}

/** Writes the head of a frame whose changes already follow it. */
export function seal(frame: Buffer, { number, commit, more, timeMs }: Omit<FrameHead, 'length'>, seed: number): void {
  frame.writeUInt32LE(frame.length - FRAME_BYTES, FRAME.length)
  frame.writeUInt32LE(number, FRAME.number)
  frame.writeUInt32LE(commit * 2 + (more ? 1 : 0), FRAME.commit)
  frame.writeDoubleLE(timeMs, FRAME.time)
  frame.writeUInt32LE(frameChecksum(frame, seed), FRAME.checksum)
}

function frameChecksum(frame: Buffer, seed: number): number {
  return crc32(frame.subarray(FRAME.number), crc32(frame.subarray(0, FRAME.checksum), seed))
}

/**
 * Length of a change in a frame, in bytes. A frame is a multiple of 8 bytes, so its changes may end in 4 bytes of
 * padding.
 */
export function changeLength({ bytes }: Change): number {
  return padded(CHANGE_BYTES + bytes.length, 4)
}

/** Returns where the next change goes. */
export function writeChange({ table, row, bytes }: Change, into: Buffer, at: number): number {
  const end = at + padded(CHANGE_BYTES + bytes.length, 4)
  into.writeUInt32LE(table, at)
  into.writeUInt32LE(row, at + 4)
  into.writeUInt32LE(bytes.length, at + 8)
  into.set(bytes, at + CHANGE_BYTES)
  into.fill(0, at + CHANGE_BYTES + bytes.length, end)
  return end
}

/** The changes of an intact frame; each is valid until the next. */
export function* changesOf(frame: Buffer): Generator<Change> {
  for (let at = FRAME_BYTES; at + CHANGE_BYTES <= frame.length;) {
    const from = at + CHANGE_BYTES
    const to = from + frame.readUInt32LE(at + 8)
    yield { table: frame.readUInt32LE(at), row: frame.readUInt32LE(at + 4), bytes: frame.subarray(from, to) }
    at = padded(to, 4)
  }
}

export function padded(length: number, to: 4 | 8): number {
  return Math.ceil(length / to) * to
}
