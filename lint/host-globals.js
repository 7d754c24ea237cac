// The globals that Node adds to the language, which the core must not use.
import { runInNewContext } from 'node:vm'

const language = new Set(/** @type {string[]} */ (runInNewContext('Object.getOwnPropertyNames(globalThis)')))
/** Pure, although the host provides them. */
const PURE = ['TextDecoder', 'TextEncoder']

/** @type {readonly string[]} */
export const HOST_GLOBALS = [
  ...Object.getOwnPropertyNames(globalThis).filter((name) => !language.has(name) && !PURE.includes(name)),
  // Gives access to the others, or is added by V8 itself.
  'globalThis',
  'console',
]
