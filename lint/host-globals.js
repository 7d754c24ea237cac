// The globals that Node.js adds to the language, which core/ must not use.
import { runInNewContext } from 'node:vm'

const language = new Set(/** @type {string[]} */ (runInNewContext('Object.getOwnPropertyNames(globalThis)')))
/** Globals of the host that are pure. */
const PURE = ['TextDecoder', 'TextEncoder']

/** @type {readonly string[]} */
export const HOST_GLOBALS = [
  ...Object.getOwnPropertyNames(globalThis).filter((name) => !language.has(name) && !PURE.includes(name)),
  // Gives access to the others, or is added by V8 itself.
  'globalThis',
  'console',
]
