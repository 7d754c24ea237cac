// Classifies a line by its beginning, as decode/first-look.ts does. The program writes the tables: pieces with a kind
// and a length, followed by the bytes of a text.
import {
  FIRST_LOOK_BYTES,
  LOOK_COUNTS,
  LOOK_PASSED,
  LOOK_UNKNOWN,
  LOOK_UNSURE,
  PIECE_ANY,
  PIECE_DIGITS,
  PIECE_END,
  PIECE_TEXT,
  PIECE_TEXT_OF_TWO,
} from './generated'
import { byte, isDigit } from './json'
import { isSameText } from './text'

/** The beginnings of lines, each ended by PIECE_END, with another PIECE_END after the last. */
export const BEGINNINGS: usize = memory.data(<i32>FIRST_LOOK_BYTES)
/** The texts that follow the beginning of lines that can count, ended by PIECE_END. */
export const COUNTING: usize = memory.data(<i32>FIRST_LOOK_BYTES)

const LENGTH: usize = 1
const TEXT: usize = 2

/**
 * Classifies the line in [from, to): LOOK_COUNTS, LOOK_UNSURE, LOOK_PASSED, or LOOK_UNKNOWN for any other beginning.
 */
export function look(from: usize, to: usize): u32 {
  let piece = BEGINNINGS
  while (byte(piece) != PIECE_END) {
    let p = from
    do {
      if (p != 0) p = behind(piece, p, to)
      piece = next(piece)
    } while (byte(piece) != PIECE_END)
    if (p != 0) return kindOf(p, to)
    piece = next(piece)
  }
  return LOOK_UNKNOWN
}

function kindOf(p: usize, to: usize): u32 {
  const first = byte(p)
  for (let piece = COUNTING; byte(piece) != PIECE_END; piece = next(piece)) {
    if (byte(piece + TEXT) == first && behind(piece, p, to) != 0)
      return byte(piece) == PIECE_TEXT ? LOOK_COUNTS : LOOK_UNSURE
  }
  return LOOK_PASSED
}

/** Address after a piece that matches at `p`; 0 if it does not match. */
function behind(piece: usize, p: usize, to: usize): usize {
  const length = <usize>byte(piece + LENGTH)
  const kind = byte(piece)
  if (kind == PIECE_DIGITS) {
    while (isDigit(byte(p))) p += 1
    return p
  }
  const isThere = p + length <= to && (kind == PIECE_ANY || isSameText(p, <u32>length, piece + TEXT, <u32>length))
  return isThere ? p + length : 0
}

function next(piece: usize): usize {
  const hasText = byte(piece) == PIECE_TEXT || byte(piece) == PIECE_TEXT_OF_TWO
  return piece + TEXT + (hasText ? <usize>byte(piece + LENGTH) : 0)
}
