// Reads `state.mdb`, the database of versions before the journal, in order to convert it to a journal. It reads LMDB's
// format 2 as mdb.c of lmdb-js 3.5 writes it on 64-bit machines, and only databases that nobody is writing to.
import { crc32 } from 'node:zlib'
import type { FileCalls } from './files.js'
import { DamagedError } from './journal-format.js'

// Offsets in pages; a page begins with its number and its transaction, 8 bytes each.
const PAGE = { flags: 18, lower: 20, slots: 24 } as const
const FLAG = { branch: 1, leaf: 2, meta: 8 } as const
const META = { magic: 24, version: 28, pageSize: 48, root: 136, transaction: 152, end: 168 } as const
const MAGIC = 0xbeefc0de
const LMDB_FORMAT = 2
const NODE = { high: 2, flags: 4, keyLength: 6, key: 8 } as const
/** The value is in pages of its own. */
const BIG = 1
const NO_PAGE = 2n ** 64n - 1n
const MAX_DEPTH = 32

const HEADER_KEY = '\0'
const SEAL_BYTES = 4
/** Version of the seals and the header in the database. */
const PAGES_FORMAT = 1

/** The pages of the last commit, ordered by key. Throws DamagedError, also at the end, and errors of the disk. */
export function* readPages(files: FileCalls, fd: number): Generator<readonly [key: string, page: Buffer]> {
  let header: { readonly pages: number; readonly sum: number } | undefined
  let pages = 0
  let sum = 0
  for (const [key, value] of new LmdbFile(files, fd).entries()) {
    const { page, seal } = unseal(key, value)
    const name = key.toString('latin1')
    if (header === undefined) {
      if (name !== HEADER_KEY) throw new DamagedError('it has no header')
      header = headerOf(page)
      // A first commit that was not completed.
      if (header.pages === 0) return
      continue
    }
    pages += 1
    sum = (sum + seal) >>> 0
    yield [name, page]
  }
  if (header !== undefined && (header.pages !== pages || header.sum !== sum))
    throw new DamagedError('its pages are not of one commit')
}

function unseal(key: Buffer, value: Buffer): { readonly page: Buffer; readonly seal: number } {
  const page = value.subarray(0, value.length - SEAL_BYTES)
  const seal = crc32(page, crc32(key))
  if (value.length < SEAL_BYTES || value.readUInt32LE(page.length) !== seal) {
    throw new DamagedError(`page ${JSON.stringify(key.toString('latin1'))} does not match its checksum`)
  }
  return { page, seal }
}

function headerOf(page: Buffer): { readonly pages: number; readonly sum: number } {
  if (page.length !== 24 || page.readUInt32LE(0) !== PAGES_FORMAT) throw new DamagedError('its header is invalid')
  return { sum: page.readUInt32LE(4), pages: page.readDoubleLE(16) }
}

class LmdbFile {
  readonly #files: FileCalls
  readonly #fd: number
  readonly #pageSize: number
  readonly #root: bigint

  constructor(files: FileCalls, fd: number) {
    this.#files = files
    this.#fd = fd
    const first = this.#meta(0)
    const second = this.#meta(first.pageSize)
    if (first.pageSize !== second.pageSize) throw new DamagedError('its two headers disagree')
    this.#pageSize = first.pageSize
    this.#root = (second.transaction > first.transaction ? second : first).root
  }

  *entries(): Generator<readonly [key: Buffer, value: Buffer]> {
    if (this.#root !== NO_PAGE) yield* this.#walk(this.#root, 0)
  }

  #meta(position: number): { readonly pageSize: number; readonly root: bigint; readonly transaction: bigint } {
    const bytes = this.#read(position, META.end)
    if (
      (bytes.readUInt16LE(PAGE.flags) & FLAG.meta) === 0 ||
      bytes.readUInt32LE(META.magic) !== MAGIC ||
      bytes.readUInt32LE(META.version) !== LMDB_FORMAT
    ) {
      throw new DamagedError('it is not a database of this program')
    }
    const pageSize = bytes.readUInt32LE(META.pageSize)
    if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0)
      throw new DamagedError(`its page size of ${pageSize} bytes is invalid`)
    return { pageSize, root: bytes.readBigUInt64LE(META.root), transaction: bytes.readBigUInt64LE(META.transaction) }
  }

  *#walk(number: bigint, depth: number): Generator<readonly [key: Buffer, value: Buffer]> {
    if (depth > MAX_DEPTH) throw new DamagedError('its tree is too deep')
    const page = this.#read(Number(number) * this.#pageSize, this.#pageSize)
    if (page.readBigUInt64LE(0) !== number) throw new DamagedError(`page ${number} has another number`)
    const flags = page.readUInt16LE(PAGE.flags)
    const nodes = page.readUInt16LE(PAGE.lower) / 2
    for (let node = 0; node < nodes; node += 1) {
      const at = this.#within(page, page.readUInt16LE(PAGE.slots + node * 2) + PAGE.slots, NODE.key)
      const low = page.readUInt16LE(at)
      const high = page.readUInt16LE(at + NODE.high)
      const nodeFlags = page.readUInt16LE(at + NODE.flags)
      if ((flags & FLAG.branch) !== 0) {
        yield* this.#walk(BigInt(low) | (BigInt(high) << 16n) | (BigInt(nodeFlags) << 32n), depth + 1)
        continue
      }
      if ((flags & FLAG.leaf) === 0) throw new DamagedError(`page ${number} is not part of its tree`)
      const keyLength = page.readUInt16LE(at + NODE.keyLength)
      const value = this.#within(page, at + NODE.key + keyLength, 0)
      const key = page.subarray(at + NODE.key, value)
      const length = low | (high << 16)
      if ((nodeFlags & BIG) === 0) yield [key, page.subarray(this.#within(page, value, length), value + length)]
      else
        yield [
          key,
          this.#read(Number(page.readBigUInt64LE(this.#within(page, value, 8))) * this.#pageSize + PAGE.slots, length),
        ]
    }
  }

  /** Returns `at` if that many bytes from there lie within the page. */
  #within(page: Buffer, at: number, length: number): number {
    if (at + length > page.length) throw new DamagedError('one of its pages has unexpected content')
    return at
  }

  #read(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length)
    let done = 0
    while (done < length) {
      const read = this.#files.readSync(this.#fd, bytes, done, length - done, position + done)
      if (read === 0) throw new DamagedError('the file is truncated')
      done += read
    }
    return bytes
  }
}
