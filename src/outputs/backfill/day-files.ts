// Writes the files of a backfill: one for each day of UTC, so that no Prometheus block spans two files. A file is
// complete or absent, and other files are never touched.
import { closeSync, openSync, readSync, readdirSync, renameSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DAY_MS } from '../../core/totals/period.js'
import { makeDirectory } from '../../process/make-directory.js'
import type { Write } from './sample-text.js'

/** The steps of a day; `until` is exclusive. */
export interface Day {
  /** Such as `2026-11-22`. */
  readonly date: string
  readonly from: number
  readonly until: number
}

/** The days of the steps from `first` to `last`, both inclusive. */
export function daysOf(first: number, last: number, stepMs: number): Day[] {
  const days: Day[] = []
  for (let from = first; from <= last;) {
    const day = Math.floor((from * stepMs) / DAY_MS)
    const until = Math.min(Math.ceil(((day + 1) * DAY_MS) / stepMs), last + 1)
    days.push({ date: new Date(day * DAY_MS).toISOString().slice(0, 10), from, until })
    from = until
  }
  return days
}

/** Names that the printed commands match, and those of unfinished files. */
const OF_DAY = /^\d{4}-\d\d-\d\d\.(?:om|prom)(?:\.part)?$/

export interface DirectoryOptions {
  readonly names: readonly string[]
  /** The text that files of a backfill begin with. */
  readonly beginning: string
}

/**
 * Creates the directory, or checks its contents.
 * @throws Error with a message of one line if a file was not written by a backfill but would be overwritten or
 * imported, or if it belongs to another backfill
 */
export function prepareDirectory(dir: string, { names, beginning }: DirectoryOptions): void {
  makeDirectory(dir)
  for (const name of readdirSync(dir)
    .filter((each) => OF_DAY.test(each))
    .sort()) {
    const path = join(dir, name)
    if (!beginsWith(path, beginning) && !(name.endsWith('.part') && beginsWith(path, '')))
      throw new Error(`${path} was not written by backfill and was left unchanged; choose another --output`)
    if (!names.includes(name.replace(/\.part$/, '')))
      throw new Error(`${path} belongs to another backfill; empty the directory or choose another --output`)
  }
}

/** Free bytes on the directory's file system, for unprivileged users. */
export function freeBytes(dir: string): number {
  const { bavail, bsize } = statfsSync(dir)
  return bavail * bsize
}

/** @throws Error with a message of one line if the disk refuses; no file is left then */
export function writeFile(path: string, fill: (write: Write) => void): void {
  const part = `${path}.part`
  rmSync(part, { force: true })
  try {
    const file = openSync(part, 'wx')
    try {
      fill((bytes) => {
        for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done)
      })
    } finally {
      closeSync(file)
    }
    renameSync(part, path)
  } catch (error) {
    rmSync(part, { force: true })
    throw new Error(`cannot write ${path}: ${(error as Error).message}`, { cause: error })
  }
}

/** Whether a file begins with the text or, if the text is empty, whether it is empty. False if it cannot be read. */
function beginsWith(path: string, text: string): boolean {
  const bytes = Buffer.alloc(Math.max(1, Buffer.byteLength(text)))
  try {
    const file = openSync(path, 'r')
    try {
      const length = readSync(file, bytes, 0, bytes.length, 0)
      return bytes.toString('utf8', 0, length) === text
    } finally {
      closeSync(file)
    }
  } catch {
    return false
  }
}
