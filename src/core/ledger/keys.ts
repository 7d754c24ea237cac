// Names of responses, requests and tool uses as a source states them, and the 64-bit keys made from them. Equal names
// have one key, whatever the file or the order; keys of two agents never collide.
import { KeyHash } from './hash.js'

/**
 * A name: its kind, a small number that the source chooses, then what identifies it. Names of one kind have the same
 * parts in the same order. A part may itself be a name: that of the response to which this one belongs.
 */
export type Name = readonly [kind: number, ...parts: NamePart[]]
/** Numbers are integers from 0 to 2^53 - 1. */
export type NamePart = string | number | Name

/** The kinds of salted names begin here; kinds without a salt are smaller. */
const SALTED = 256

/**
 * Hashes a name; the key is in `hash` afterwards.
 * @param salt the agent; undefined for keys that were stored before there was more than one
 */
export function hashName(hash: KeyHash, name: Name, salt: string | undefined): void {
  startName(hash, name[0], salt)
  for (let index = 1; index < name.length; index += 1) {
    const part = name[index]!
    if (typeof part === 'string') hash.text(part)
    else if (typeof part === 'number') hash.number(part)
    else {
      const inner = new KeyHash()
      hashName(inner, part, salt)
      hash.word(inner.low).word(inner.high)
    }
  }
  hash.finish()
}

/** Starts the hash of a name; the caller adds the parts and calls `finish`. */
export function startName(hash: KeyHash, kind: number, salt: string | undefined): KeyHash {
  return salt === undefined ? hash.start(kind) : hash.start(SALTED + kind).text(salt)
}
