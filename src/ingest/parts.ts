// Large files in parts that begin at line boundaries, so that several workers read one file. Its cursor moves when all of
// them were read: what a crash leaves half read is read again.
import { closeSync, readSync } from 'node:fs'
import type { Cursor } from '../core/cursor.js'
import type { FileOutcome, FilePart, Span } from '../worker/protocol.js'
import { openRegularFile } from '../worker/regular-file.js'

/** Files from twice this size on are read in parts of about this size, in bytes. */
export const PART_BYTES = 32 * 1024 * 1024
/** Where a line is so long that none ends within this many bytes, the file is not parted. */
const LOOK_BYTES = 64 * 1024

/** The parts of a file; one, without bounds, when it is small or cannot be looked at. */
export function partsOf(path: string, size: number): readonly (Span | undefined)[] {
  if (size < 2 * PART_BYTES) return [undefined]
  try {
    const bounds = boundaries(path, size)
    return bounds.map((from, index) => ({ from, to: bounds[index + 1] ?? Infinity, of: bounds.length }))
  } catch {
    // Whoever reads it will say what is wrong.
    return [undefined]
  }
}

/** Beginnings of lines, the first of the file among them. */
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
   * A part was read. Answers what the file came to once all parts were; its cursor is that of the last part, with the stat
   * from before any of them was read, so that what changed meanwhile is seen.
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
