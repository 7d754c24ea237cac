// 64-bit keys from text, as two 32-bit halves, fast enough to hash every usage line. With 1 million keys, the
// probability of any collision is about 3e-8. Not cryptographic: the logs are the user's own.

/**
 * A reusable hasher: `start(tag)`, then `text` and `number` for each part, then `finish()`; the key is in `low` and
 * `high`. Parts cannot run together, because each is followed by its length. `(0, 0)` is never returned; it means "no
 * key".
 */
export class KeyHash {
  low = 0
  high = 0

  /** @param tag kind of the key: equal texts with different tags never collide */
  start(tag: number): this {
    this.low = Math.imul(tag, 0x9e3779b1)
    this.high = Math.imul(tag, 0x85ebca77)
    return this
  }

  text(part: string): this {
    const { length } = part
    let { low: lo, high: hi } = this
    for (let i = 0; i < length; i += 1) {
      const unit = part.charCodeAt(i)
      lo = Math.imul(((lo << 5) | (lo >>> 27)) ^ unit, 0x9e3779b1)
      hi = Math.imul(((hi << 13) | (hi >>> 19)) ^ unit, 0x85ebca77)
    }
    this.low = lo
    this.high = hi
    return this.word(length)
  }

  bytes(part: Uint8Array, from: number, to: number): this {
    let { low: lo, high: hi } = this
    for (let i = from; i < to; i += 1) {
      const byte = part[i]!
      lo = Math.imul(((lo << 5) | (lo >>> 27)) ^ byte, 0x9e3779b1)
      hi = Math.imul(((hi << 13) | (hi >>> 19)) ^ byte, 0x85ebca77)
    }
    this.low = lo
    this.high = hi
    return this.word(to - from)
  }

  /** A non-negative integer up to 2^53 - 1. */
  number(part: number): this {
    return this.word(part >>> 0).word(Math.floor(part / 0x1_0000_0000))
  }

  word(part: number): this {
    this.low = Math.imul(((this.low << 5) | (this.low >>> 27)) ^ part, 0xc2b2ae3d)
    this.high = Math.imul(((this.high << 13) | (this.high >>> 19)) ^ part, 0x27d4eb2f)
    return this
  }

  finish(): this {
    // Each half is mixed with the other, so that no bit of either depends on only a few bits of the text.
    const lo = stir(this.low ^ ((this.high << 16) | (this.high >>> 16)))
    const hi = stir(this.high ^ Math.imul(lo, 0x9e3779b1))
    this.low = lo
    this.high = lo === 0 && hi === 0 ? 1 : hi
    return this
  }
}

function stir(word: number): number {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
