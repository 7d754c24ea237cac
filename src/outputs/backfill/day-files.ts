// The files of a backfill: one for each day of UTC, so that no block of Prometheus' is of two files. A file is either whole or
// not there, and what is not ours is never touched.
import {
  closeSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DAY_MS } from '../../core/totals/period.js'
import type { Write } from './sample-text.js'

/** Steps; `until` is excluded. */
export interface Day {
  /** Such as `2026-11-22`. */
  readonly date: string
  readonly from: number
  readonly until: number
}

/** The days that hold the steps up to the last one, which is included. */
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

/** Names that the commands for the next step take for days, and those of days that are being written. */
const OF_DAY = /^\d{4}-\d\d-\d\d\.(?:om|prom)(?:\.part)?$/

export interface DirectoryOptions {
  readonly names: readonly string[]
  /** With what our files begin. */
  readonly beginning: string
}

/**
 * Makes the directory, or looks at what it holds.
 * @throws Error of one line for files that would be overwritten though they are not ours, or that would be taken for days of
 * this backfill
 */
export function prepareDirectory(dir: string, { names, beginning }: DirectoryOptions): void {
  mkdirSync(dir, { recursive: true })
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

/** Bytes that may be written where the directory lies. */
export function freeBytes(dir: string): number {
  const { bavail, bsize } = statfsSync(dir)
  return bavail * bsize
}

/** @throws Error of the disk; there is no file then */
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

/** False for what is no file, or cannot be read. An empty beginning: whether the file is empty. */
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
