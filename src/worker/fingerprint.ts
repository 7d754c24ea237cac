// Whether a file still begins with the bytes that were read of it: a hash of the first and the last of them. An appended file
// keeps both, a rewritten one hardly ever.
import { readSync } from 'node:fs'
import type { Fingerprint } from '../core/cursor.js'
import { KeyHash } from '../core/ledger/hash.js'

/** Of the bytes before an offset, the first and the last so many. */
const HEAD_BYTES = 256
const TAIL_BYTES = 1024

/** Stored fingerprints were made with this tag. */
const TAG = 6

const sample = Buffer.alloc(HEAD_BYTES + TAIL_BYTES)
const hash = new KeyHash()

/** Of the bytes of a file before `offset`. */
export function fingerprintOfFile(descriptor: number, offset: number): Fingerprint {
  const head = readSync(descriptor, sample, 0, Math.min(HEAD_BYTES, offset), 0)
  const from = Math.max(head, offset - TAIL_BYTES)
  const tail = offset > from ? readSync(descriptor, sample, head, offset - from, from) : 0
  return fingerprint(offset, sample, 0, head + tail)
}

/** The same, of a file of which `bytes` begins with all before `offset`. */
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
