// A file being written. Lines are assembled in a buffer from short ASCII texts and slices of filler, so that a gigabyte takes seconds. Only
// one sheet is open at a time, since they share the buffer.
import { closeSync, openSync, writeSync } from 'node:fs'
import { asciiPool, base64Pool, cutBefore, foreignPool } from './filler.js'

const page = Buffer.allocUnsafe(1 << 20)
const longestText = 1 << 14

/** @typedef {ReturnType<typeof openSheet>} Sheet */

/** @param {string} path @param {import('./random.js').Random} random */
export function openSheet(path, random) {
  const fd = openSync(path, 'w')
  let filled = 0
  let flushed = 0

  const flush = () => {
    for (let done = 0; done < filled;) done += writeSync(fd, page, done, filled - done)
    flushed += filled
    filled = 0
  }
  /** @param {Buffer} source @param {number} from @param {number} to */
  const bytes = (source, from, to) => {
    for (let at = from; at < to;) {
      if (filled === page.length) flush()
      const copied = source.copy(page, filled, at, to)
      filled += copied
      at += copied
    }
  }

  return {
    written: () => flushed + filled,
    bytes,
    /** Writes ASCII text of at most 16 KiB. @param {string} text */
    text(text) {
      if (filled + longestText > page.length) flush()
      filled += page.write(text, filled, 'latin1')
    },
    /**
     * Writes nearly `size` bytes of the inside of a JSON string, never more; with `foreign`, some are not ASCII.
     * @param {number} size @param {boolean} foreign
     */
    filler(size, foreign) {
      const pool = foreign ? foreignPool : asciiPool
      for (let left = size; left > 0;) {
        const from = cutBefore(pool, random.between(0, pool.length >> 1))
        const to = cutBefore(pool, Math.min(from + left, pool.length))
        if (to <= from) return
        bytes(pool, from, to)
        left -= to - from
      }
    },
    /** Writes base64 of a pasted image. @param {number} size */
    base64(size) {
      for (let left = size; left > 0; left -= base64Pool.length) bytes(base64Pool, 0, Math.min(base64Pool.length, left))
    },
    /** `finalNewline: false` omits the last newline, like interrupted sessions. */
    close({ finalNewline = true } = {}) {
      if (!finalNewline && filled > 0) filled -= 1
      flush()
      closeSync(fd)
      return flushed
    },
  }
}
