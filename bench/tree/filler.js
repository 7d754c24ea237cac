// Scenery for the generated logs: pools of text as it stands inside a JSON string, escapes and all. A pool may be cut
// behind any space: no escape sequence and no UTF-8 sequence contains one.
import { createRandom } from './random.js'

// Not the tree's seed: the words are scenery, and trees of two seeds need not differ in them.
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
  // Text about usage is not usage: a reader's prefilter meets this, and must not stop at it.
  '{\\"type\\":\\"assistant\\",\\"usage\\":{\\"input_tokens\\":5}}',
]
const beyond = ['→', '—', 'é', 'über', '✓', '✗', '│', '├──', '└──', '…', 'код', '漢字', '🚀', '“so”', '≤', '•']

export const asciiPool = poolOf(ascii)
export const foreignPool = poolOf([...ascii, ...beyond])
export const base64Pool = Buffer.from(
  Buffer.from(Array.from({ length: 3 << 14 }, () => random.between(0, 255))).toString('base64'),
)

/** The nearest place at or before `at` where the pool may be cut. @param {Buffer} pool @param {number} at */
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
