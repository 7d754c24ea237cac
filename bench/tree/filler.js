// Filler text for generated logs: pools of text in the form of the inside of a JSON string. A pool can be cut after any space,
// because neither escape sequences nor UTF-8 sequences contain one.
import { createRandom } from './random.js'

// A fixed seed, since trees of different seeds need not have different words.
const random = createRandom(7)
const poolBytes = 1 << 18

const ascii = [
  'the',
  'of',
  'and',
  'is',
  'not',
  'this',
  'file',
  'line',
  'at',
  'returns',
  'const',
  'await',
  'import',
  '=>',
  '{\\n',
  '}\\n',
  ');\\n',
  '\\"name\\":',
  '\\"id\\":',
  'function',
  'test',
  'expected',
  'received',
  'src/index.ts:12:3',
  'Object.<anonymous>',
  'null',
  'true',
  '0.125',
  'warning:',
  'C:\\\\src\\\\app',
  '\\t',
  '\\u001b[32m',
  '\\u001b[0m',
  '//',
  'module',
  '&&',
  '||',
  'const value = table.get(key)',
  '\\n\\n##',
  '- [x]',
  '```ts\\n',
  '```\\n',
  'error TS2345:',
  'https://example.org/a?b=c',
  // Text that looks like usage: it passes the prefilter of a reader but must count nothing.
  '{\\"type\\":\\"assistant\\",\\"usage\\":{\\"input_tokens\\":5}}',
]
const beyond = ['→', '—', 'é', 'über', '✓', '✗', '│', '├──', '└──', '…', 'код', '漢字', '🚀', '“so”', '≤', '•']

export const asciiPool = poolOf(ascii)
export const foreignPool = poolOf([...ascii, ...beyond])
export const base64Pool = Buffer.from(
  Buffer.from(Array.from({ length: 3 << 14 }, () => random.between(0, 255))).toString('base64'),
)

/** The nearest position at or before `at` at which the pool can be cut. @param {Buffer} pool @param {number} at */
export function cutBefore(pool, at) {
  while (at > 0 && pool[at - 1] !== 0x20) at -= 1
  return at
}

/** @param {readonly string[]} words */
function poolOf(words) {
  const parts = []
  for (let length = 0; length < poolBytes;) {
    const word = random.pick(words)
    parts.push(word)
    length += word.length + 1
  }
  return Buffer.from(`${parts.join(' ')} `)
}
