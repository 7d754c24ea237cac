// The globals that Node adds to the language: what the core does without.
import { runInNewContext } from 'node:vm'

const language = new Set(/** @type {string[]} */ (runInNewContext('Object.getOwnPropertyNames(globalThis)')))
/** Pure functions, though of the host. */
const PURE = ['TextDecoder', 'TextEncoder']

/** @type {readonly string[]} */
export const HOST_GLOBALS = [
  ...Object.getOwnPropertyNames(globalThis).filter((name) => !language.has(name) && !PURE.includes(name)),
  // By which the others can be reached, or what V8 itself adds.
  'globalThis',
  'console',
]
