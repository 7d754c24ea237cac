// Texts that a log may make as long as it likes, cut where they are taken in: 256 of them share a page of the store, which
// may have 16 MB.
import { KEY_TAG, KeyHash } from './hash.js'

/** Longest name of a model that is kept, in UTF-16 units. */
export const MAX_MODEL = 200
/** Longest path that is kept: as long as Linux takes them. */
export const MAX_PATH = 4_096

const MARK = '~'
const HASH_DIGITS = 16
const hash = new KeyHash()

/** The text, or its beginning and a hash of all of it: so that two long ones stay apart, and one is always the same. */
export function bounded(text: string, most: number): string {
  if (text.length <= most) return text
  let end = most - MARK.length - HASH_DIGITS
  // Not between the halves of a character.
  if (isHighSurrogate(text.charCodeAt(end - 1))) end -= 1
  const { lo, hi } = hash.start(KEY_TAG.text).text(text).finish()
  // Joined, not added: what `slice` answers would keep the whole text.
  return [text.slice(0, end), MARK, digits(hi), digits(lo)].join('')
}

function digits(word: number): string {
  return word.toString(16).padStart(HASH_DIGITS / 2, '0')
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
