// Whether a file still begins with the bytes that were read: a hash of the first and the last of them. Appending keeps
// both; rewriting hardly ever does.
import { readSync } from 'node:fs'
import type { Fingerprint } from '../core/cursor.js'
import { KeyHash } from '../core/ledger/hash.js'

/** Number of bytes hashed at the start and at the end of those before an offset. */
const HEAD_BYTES = 256
const TAIL_BYTES = 1024

/** Stored fingerprints were made with this tag. */
const TAG = 6

const sample = Buffer.alloc(HEAD_BYTES + TAIL_BYTES)
const hash = new KeyHash()

/** Fingerprint of the bytes of a file before `offset`. */
export function fingerprintOfFile(descriptor: number, offset: number): Fingerprint {
  const head = readSync(descriptor, sample, 0, Math.min(HEAD_BYTES, offset), 0)
  const from = Math.max(head, offset - TAIL_BYTES)
  const tail = offset > from ? readSync(descriptor, sample, head, offset - from, from) : 0
  return fingerprint(offset, sample, 0, head + tail)
}

/** The same for a file whose bytes before `offset` are the beginning of `bytes`. */
export function fingerprintOfBytes(bytes: Buffer, offset: number): Fingerprint {
  if (offset <= sample.length) return fingerprint(offset, bytes, 0, offset)
  bytes.copy(sample, 0, 0, HEAD_BYTES)
  bytes.copy(sample, HEAD_BYTES, offset - TAIL_BYTES, offset)
  return fingerprint(offset, sample, 0, sample.length)
}

function fingerprint(offset: number, bytes: Buffer, from: number, to: number): Fingerprint {
  const { low, high } = hash.start(TAG).number(offset).bytes(bytes, from, to).finish()
  return { low, high }
}
