// A reader and a sink that record what a decoder passes to them.
import type { SkipReason } from '../../src/core/ledger/skip.js'
import { BatchBuilder } from '../../src/core/ledger/batch.js'
import type { Decoder, LineTarget } from '../../src/decode/decoder.js'

export interface Noted {
  /** The value of each line, and the offset of its first byte. */
  readonly read: { readonly value: unknown; readonly offset: number }[]
  readonly skipped: SkipReason[]
  /** Whole lines, as the decoder counted them. */
  lines: number
}

export interface Reading {
  /** Offset of the bytes in the file. */
  readonly offset?: number
  readonly wantsCwd?: boolean
  /** The bytes end without a line feed. */
  readonly torn?: boolean
}

/** Decodes bytes in the middle of a larger buffer, as a file's are. */
export function decoded(
  decoder: Decoder,
  content: string | Buffer,
  { offset = 0, wantsCwd = false, torn = false }: Reading = {},
): Noted {
  const noted: Noted = { read: [], skipped: [], lines: 0 }
  const target: LineTarget = {
    reader: { read: (value, at) => noted.read.push({ value, offset: at }) },
    sink: {
      wantsCwd,
      cwd: () => undefined,
      skip: (reason) => noted.skipped.push(reason),
      batch: new BatchBuilder(),
      sessionNumber: 0,
      file: { session: 'S', subagent: false },
    },
  }
  const before = Buffer.from('{"find":"before"}\n')
  const behind = Buffer.from('{"find":"behind"}\n')
  const bytes = Buffer.concat([before, Buffer.from(content), behind])
  const [from, to] = [before.length, bytes.length - behind.length]
  if (torn) decoder.decodeTorn(bytes, from, to, offset, target)
  else noted.lines = decoder.decode(bytes, from, to, offset, target)
  return noted
}

export function values({ read }: Noted): unknown[] {
  return read.map(({ value }) => value)
}
