// Seeded random numbers (sfc32): the same seed gives the same tree on every machine and Node.js version.

/** @typedef {ReturnType<typeof createRandom>} Random */

/** @param {number} seed any 32-bit integer */
export function createRandom(seed) {
  let a = seed | 0
  let b = 0x9e3779b9 | 0
  let c = 0x243f6a88 | 0
  let count = 1

  const next = () => {
    const out = (((a + b) | 0) + count) | 0
    count = (count + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + out) | 0
    return out >>> 0
  }
  for (let i = 0; i < 16; i += 1) next()

  const unit = () => next() / 4294967296
  const hex = (/** @type {number} */ digits) => {
    let text = ''
    while (text.length < digits) text += next().toString(16).padStart(8, '0')
    return text.slice(0, digits)
  }
  const normal = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit())

  return {
    /** In [0, 1). */
    unit,
    hex,
    chance: (/** @type {number} */ probability) => unit() < probability,
    /** Integer in [low, high], both included. @param {number} low @param {number} high */
    between: (low, high) => low + Math.floor(unit() * (high - low + 1)),
    /** @template T @param {readonly T[]} choices @returns {T} */
    pick: (choices) => /** @type {T} */ (choices[Math.floor(unit() * choices.length)]),
    /** A random index into `weights`, which sum to 1. @param {readonly number[]} weights */
    weighted: (weights) => {
      let left = unit()
      for (let i = 0; i < weights.length; i += 1) if ((left -= weights[i] ?? 0) < 0) return i
      return weights.length - 1
    },
    /**
     * A lognormal integer, for sizes of texts and token counts.
     * @param {number} median @param {number} sigma @param {number} max
     */
    skewed: (median, sigma, max) => Math.min(max, Math.round(median * Math.exp(sigma * normal()))),
    uuid: () => {
      const h = hex(32)
      return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`
    },
    /** Random letters and digits, like in message and request ids. @param {number} length */
    token: (length) => {
      let text = ''
      while (text.length < length) text += next().toString(36)
      return text.slice(-length)
    },
    /** Shuffles in place. @template T @param {T[]} items @returns {T[]} */
    shuffle: (items) => {
      for (let i = items.length - 1; i > 0; i -= 1) {
        const j = Math.floor(unit() * (i + 1))
        const [one, other] = /** @type {[T, T]} */ ([items[i], items[j]])
        items[i] = other
        items[j] = one
      }
      return items
    },
  }
}
