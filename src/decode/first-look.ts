// Classifies a line by its beginning, for sources whose lines begin alike. Most bytes of a log are output of models and
// tools, and need not be searched then.
import type { Prefilter } from './decoder.js'

/** A text, a number of arbitrary bytes, or any number of decimal digits, including none. */
export type Piece = string | { readonly any: number } | { readonly digits: true }

/** Describes the beginnings of a source's lines, so that most lines need not be searched for the prefilters' texts. */
export interface FirstLook {
  /** The known beginnings, each as a list of pieces. For a line with another beginning, the prefilters decide. */
  readonly beginnings: readonly (readonly Piece[])[]
  /**
   * The text that follows the beginning of a line that can count, and a second text that must appear after the
   * beginning.
   */
  readonly counting: readonly Pick<Prefilter, 'find' | 'and'>[]
  /** Four bytes found where two lines met because a line feed was lost. Lines that contain them are always parsed. */
  readonly joint: string
}

/** Whether the line in [from, to) can count; undefined if its beginning is unknown. */
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

/** Returns the index after the piece at `at`, or -1 if the bytes there do not match it. */
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
