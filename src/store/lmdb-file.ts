// The database file as a file: is it safe to hand to LMDB, how often was that tried, and how it is set aside when it
// cannot be trusted. LMDB maps the file into memory and believes what it reads there, so that a damaged file can end the
// process (liblmdb lmdb.h, "Caveats"); lmdb-js 3.5.6 frees memory twice when it fails to open one.
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs'
import { lstatSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The file was read and cannot be right. Other errors say nothing about the file. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError'
}

const MAX_UNFINISHED_OPENINGS = 3
const MAX_SET_ASIDE = 3

// Offsets in a meta page of LMDB's format 2 on 64-bit machines: mdb.c, MDB_page_header and MDB_meta.
const META = { flags: 18, magic: 24, version: 28, pageSize: 48, lastPage: 144, transaction: 152, end: 168 } as const
const META_FLAG = 8
const MAGIC = 0xbeefc0de
const LMDB_FORMAT = 2
const MAX_MISSING_BYTES = 2 ** 24
const HAS_64_BITS = !['arm', 'ia32', 'mips', 'mipsel'].includes(process.arch)

/**
 * Makes sure that LMDB can open `path` and will not read past its end. Answers false when there is no such file yet;
 * throws DamagedError when it is no database of ours.
 *
 * A sound file may end before its last page, when that page is free (mdb.c, mm_last_pg), and so may a truncated one.
 * Both get a hole to the right length: reading it gives zeros, which the checksums find, instead of a signal.
 */
export function prepareFile(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return false
  if (!stat.isFile()) throw new DamagedError('it is not a regular file')
  const fd = openSync(path, 'r+')
  try {
    const { size } = fstatSync(fd)
    if (size === 0) throw new DamagedError('the file is empty')
    if (!HAS_64_BITS) return true
    const first = readMeta(fd, 0)
    const second = readMeta(fd, first.pageSize)
    if (first.pageSize !== second.pageSize) throw new DamagedError('its two headers disagree on the page size')
    const { lastPage } = second.transaction > first.transaction ? second : first
    const length = (lastPage + 1) * first.pageSize
    if (length - size > MAX_MISSING_BYTES) throw new DamagedError(`${length} bytes long by its header, ${size} on disk`)
    if (length > size) ftruncateSync(fd, length)
    return true
  } finally {
    closeSync(fd)
  }
}

interface Meta {
  readonly pageSize: number
  readonly lastPage: number
  readonly transaction: bigint
}

function readMeta(fd: number, position: number): Meta {
  const bytes = new Uint8Array(META.end)
  if (readSync(fd, bytes, 0, META.end, position) < META.end) throw new DamagedError('the file ends in its header')
  const words = new Uint32Array(bytes.buffer)
  const longs = new BigUint64Array(bytes.buffer)
  const flags = new Uint16Array(bytes.buffer)[META.flags / 2]!
  if ((flags & META_FLAG) === 0 || words[META.magic / 4] !== MAGIC || words[META.version / 4] !== LMDB_FORMAT) {
    throw new DamagedError('it is not an LMDB database of format 2')
  }
  const pageSize = words[META.pageSize / 4]!
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) {
    throw new DamagedError(`impossible page size ${pageSize}`)
  }
  return { pageSize, lastPage: Number(longs[META.lastPage / 8]), transaction: longs[META.transaction / 8]! }
}

/**
 * Sees to it that `path` is at least `length` bytes long, with zeros that take up space. LMDB survives a full disk but
 * says so on stderr and with whatever error code is at hand; here the disk says it, before LMDB has written anything.
 * Throws the error of the file system, and leaves the length as it was.
 */
export function reserve(path: string, length: number): void {
  const fd = openSync(path, 'r+')
  try {
    const { size } = fstatSync(fd)
    const zeros = new Uint8Array(Math.min(Math.max(length - size, 0), 2 ** 20))
    try {
      let position = size
      while (position < length) {
        position += writeSync(fd, zeros, 0, Math.min(zeros.length, length - position), position)
      }
    } catch (error) {
      ftruncateSync(fd, size)
      throw error
    }
  } finally {
    closeSync(fd)
  }
}

/** Counts openings that began and did not end: one line each in a file beside the database. */
export function openingAttempts(path: string): { exhausted(): boolean; begin(): void; end(): void } {
  return {
    exhausted: () => {
      try {
        return readFileSync(path, 'latin1').split('\n').length > MAX_UNFINISHED_OPENINGS
      } catch {
        return false
      }
    },
    begin: () => {
      try {
        writeFileSync(path, `${new Date().toISOString()}\n`, { flag: 'a', mode: 0o600 })
      } catch {
        // A full disk: open without this net rather than not at all.
      }
    },
    end: () => rmSync(path, { force: true }),
  }
}

/** Renames the database to `<name>.broken-<time>`, keeps the newest three of these, and answers the new path. */
export function setAside(path: string): string {
  const dir = dirname(path)
  const prefix = `${basename(path)}.broken-`
  // Windows has no colons in file names.
  const target = join(dir, prefix + new Date().toISOString().replaceAll(':', '-'))
  renameSync(path, target)
  const old = readdirSync(dir).filter((name) => name.startsWith(prefix)).sort().slice(0, -MAX_SET_ASIDE)
  for (const name of old) rmSync(join(dir, name), { recursive: true, force: true })
  return target
}
