// What the beginning of a line tells, of a source whose lines begin alike. Most of a log's bytes are answers of models and tools,
// which need not be looked through then.
import type { Prefilter } from './decoder.js'

/** A text, so many bytes of any kind, or decimal digits, be there none. */
export type Piece = string | { readonly any: number } | { readonly digits: true }

/** Of a source most of whose lines tell by their beginning whether they can count: those need not be looked through. */
export interface FirstLook {
  /** How lines begin, in one way or another, piece by piece. Of one that begins otherwise, the prefilters decide. */
  readonly beginnings: readonly (readonly Piece[])[]
  /** What stands behind it in the lines that can count, and what those must hold besides. */
  readonly counting: readonly Pick<Prefilter, 'find' | 'and'>[]
  /** Where a line that lost its line feed meets the next one, in four bytes. A line with this in it is parsed, whatever it begins with. */
  readonly joint: string
}

/** Tells whether the line in [from, to) can count; undefined where its beginning does not tell. */
export type Look = (bytes: Buffer, from: number, to: number) => boolean | undefined

export function createLook({ beginnings, counting }: Omit<FirstLook, 'joint'>): Look {
  const ways = beginnings.map((pieces) => pieces.map(behindPiece))
  const kinds = counting.map(({ find, and }) => ({
    behind: behindText(find),
    and: and === undefined ? undefined : Buffer.from(and),
  }))
  return (bytes, from, to) => {
    for (const way of ways) {
      let at = from
      for (let piece = 0; piece < way.length && at >= 0; piece += 1) at = way[piece]!(bytes, at, to)
      if (at < 0) continue
      const kind = kinds.find(({ behind }) => behind(bytes, at, to) >= 0)
      return kind !== undefined && (kind.and === undefined || bytes.subarray(at, to).includes(kind.and))
    }
    return undefined
  }
}

/** Place behind a piece that stands at `at`, or -1. */
type Behind = (bytes: Buffer, at: number, to: number) => number

function behindPiece(piece: Piece): Behind {
  if (typeof piece === 'string') return behindText(piece)
  if ('any' in piece) return (_, at, to) => (at + piece.any <= to ? at + piece.any : -1)
  return (bytes, at, to) => {
    let end = at
    while (end < to && bytes[end]! >= ZERO && bytes[end]! <= NINE) end += 1
    return end
  }
}

function behindText(text: string): Behind {
  const wanted = [...Buffer.from(text)]
  return (bytes, at, to) => {
    if (at + wanted.length > to) return -1
    for (let index = 0; index < wanted.length; index += 1) if (bytes[at + index] !== wanted[index]) return -1
    return at + wanted.length
  }
}

const ZERO = 0x30
const NINE = 0x39
