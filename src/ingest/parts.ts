// Large files in parts that begin at line boundaries, so that several workers read one file. Its cursor moves when all
// parts have been read: after a crash, a half-read file is read again.
import { closeSync, readSync } from 'node:fs'
import type { Cursor } from '../core/cursor.js'
import type { FileOutcome, FilePart, Span } from '../worker/protocol.js'
import { openRegularFile } from '../worker/regular-file.js'

/** Files from twice this size on are read in parts of about this size, in bytes. */
export const PART_BYTES = 32 * 1024 * 1024
/** If a line is so long that none ends within this many bytes, the file is not split. */
const LOOK_BYTES = 64 * 1024

/** The parts of a file; one, without bounds, if it is small or cannot be read. */
export function partsOf(path: string, size: number): readonly (Span | undefined)[] {
  if (size < 2 * PART_BYTES) return [undefined]
  try {
    const bounds = boundaries(path, size)
    return bounds.map((from, index) => ({ from, to: bounds[index + 1] ?? Infinity, of: bounds.length }))
  } catch {
    // The reader of the file will report the error.
    return [undefined]
  }
}

/** Beginnings of lines, including the first of the file. */
function boundaries(path: string, size: number): number[] {
  const found = [0]
  const bytes = Buffer.allocUnsafe(LOOK_BYTES)
  const { descriptor } = openRegularFile(path)
  try {
    for (let at = PART_BYTES; at + PART_BYTES <= size; at += PART_BYTES) {
      const read = readSync(descriptor, bytes, 0, LOOK_BYTES, at)
      const feed = bytes.subarray(0, read).indexOf('\n')
      if (feed >= 0) found.push(at + feed + 1)
    }
  } finally {
    closeSync(descriptor)
  }
  return found
}

type Read = Extract<FileOutcome, { kind: 'read' }>

/** Puts the parts of files together again. */
export class Parts {
  readonly #read = new Map<string, { readonly from: number; readonly outcome: Read }[]>()

  /**
   * A part was read. Returns the outcome of the file once all parts were read; its cursor is that of the last part,
   * with the stat from before any part was read, so that a change in the meantime is seen.
   */
  add(path: string, { from, of, stat }: FilePart, outcome: Read): Pick<Read, 'cursor' | 'cwd'> | undefined {
    const parts = this.#read.get(path) ?? []
    this.#read.set(path, parts)
    parts.push({ from, outcome })
    if (parts.length < of) return undefined
    const outcomes = parts.sort((a, b) => a.from - b.from).map((part) => part.outcome)
    const cursor: Cursor = { ...outcomes.at(-1)!.cursor, ...stat }
    const cwd = outcomes.find((each) => each.cwd !== undefined)?.cwd
    return cwd === undefined ? { cursor } : { cursor, cwd }
  }
}
