// How pages lie in the database: every page sealed with a checksum over its key and itself, and one header that sums up
// all of them. The seals tell a page that changed; the header tells a page that is missing, or older than the others.
import { crc32 } from 'node:zlib'
import { DamagedError } from './lmdb-file.js'
import { STORE_FORMAT } from './store.js'

/** Sorts before every page: pages have visible characters for keys. */
export const HEADER_KEY = Buffer.from([0])

const SEAL_BYTES = 4
const HEADER_BYTES = 24

/** What one commit leaves: its number, how many pages there are, and the sum of their seals modulo 2^32. */
export interface Header {
  readonly commit: number
  readonly pages: number
  readonly sum: number
}

export function sealOf(key: Buffer, page: Uint8Array): number {
  return crc32(page, crc32(key))
}

/** Bytes that a page of that length takes with its seal. */
export function sealedLength(page: Uint8Array): number {
  return page.length + SEAL_BYTES
}

/** @param room at least `sealedLength` bytes, for those who seal many; new memory if absent */
export function sealed(page: Uint8Array, seal: number, room = Buffer.allocUnsafe(sealedLength(page))): Buffer {
  const bytes = room.subarray(0, sealedLength(page))
  bytes.set(page)
  bytes.writeUInt32LE(seal, page.length)
  return bytes
}

/** The page without its seal. Throws DamagedError when the seal is not right. */
export function unseal(key: Buffer, bytes: Uint8Array): { readonly page: Uint8Array; readonly seal: number } {
  const length = bytes.length - SEAL_BYTES
  if (length < 0) throw new DamagedError(`page ${JSON.stringify(key.toString('latin1'))} is cut short`)
  const page = bytes.subarray(0, length)
  const sum = sealOf(key, page)
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(length, true) !== sum) {
    throw new DamagedError(`page ${JSON.stringify(key.toString('latin1'))} does not match its checksum`)
  }
  return { page, seal: sum }
}

export function encodeHeader(header: Header): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  bytes.writeUInt32LE(STORE_FORMAT, 0)
  bytes.writeUInt32LE(header.sum, 4)
  bytes.writeDoubleLE(header.commit, 8)
  bytes.writeDoubleLE(header.pages, 16)
  return sealed(bytes, sealOf(HEADER_KEY, bytes))
}

/** Throws DamagedError for a header of another format, too. */
export function decodeHeader(bytes: Uint8Array): Header {
  const { page } = unseal(HEADER_KEY, bytes)
  const view = Buffer.from(page)
  const format = view.length < 4 ? 0 : view.readUInt32LE(0)
  if (format > STORE_FORMAT) {
    throw new DamagedError(`format ${format} is newer than ${STORE_FORMAT}, which this version reads`)
  }
  if (format !== STORE_FORMAT || view.length !== HEADER_BYTES) throw new DamagedError(`unknown format ${format}`)
  return { sum: view.readUInt32LE(4), commit: view.readDoubleLE(8), pages: view.readDoubleLE(16) }
}
