// Contents of a generated tree: actual and intended file sizes, and kinds of lines. Reads every line with JSON.parse, and fails if the
// sizes are not as intended.
//   node bench/profile.js [--tree DIR]
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expectedOf, treeLine } from './answers.js'
import { defaultTree, optionsOf, quantile, table } from './support.js'
import { profiles } from './tree/profiles.js'

const { tree } = optionsOf({ tree: defaultTree('3100') })
const expected = expectedOf(tree)
/** Bytes from which a line counts as big. */
const bigBytes = 100_000

/** @type {number[]} */
const sizes = []
/** @type {Map<string, { lines: number, bytes: number }>} */
const kinds = new Map()
const responses = new Set()
const uuids = new Set()
const count = { lines: 0, usage: 0, copied: 0, foreign: 0, big: 0, bigBytes: 0, longest: 0, agents: 0, unfinished: 0 }

for (const entry of readdirSync(join(tree, 'projects'), { recursive: true, withFileTypes: true })) {
  if (entry.isFile()) readTranscript(join(entry.parentPath, entry.name))
}
const bytes = sizes.reduce((sum, size) => sum + size, 0)
const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${((part / whole) * 100).toFixed(1)} %`
console.log(`${treeLine(expected)}\n`)
console.log(`${table([['file size in kB', 'actual', 'intended'], ...sizeRows()])}\n`)
console.log(`${table([['line', 'count', 'of lines', 'of bytes'], ...kindRows()])}\n`)
console.log(
  table([
    ['', 'count', 'share'],
    ['files of sub-agents', `${count.agents}`, share(count.agents, sizes.length)],
    ['empty files', `${sizes.filter((size) => size === 0).length}`, ''],
    ['files without a last newline', `${count.unfinished}`, ''],
    ['lines with usage', `${count.usage}`, share(count.usage, count.lines)],
    ['lines a response', (count.usage / responses.size).toFixed(2), ''],
    ['lines copied from another file', `${count.copied}`, share(count.copied, count.lines)],
    ['lines that are not ASCII', `${count.foreign}`, share(count.foreign, count.lines)],
    [`lines of ${bigBytes / 1e3} kB or more`, `${count.big}`, `${share(count.bigBytes, bytes)} of bytes`],
    ['longest line in kB', (count.longest / 1e3).toFixed(0), ''],
  ]),
)

/** @param {string} path */
function readTranscript(path) {
  const content = readFileSync(path)
  sizes.push(content.length)
  if (path.includes('agent-')) count.agents += 1
  if (content.length > 0 && content.at(-1) !== 0x0a) count.unfinished += 1
  for (let from = 0; from < content.length;) {
    const newline = content.indexOf(0x0a, from)
    const to = newline < 0 ? content.length : newline
    readLine(content.toString('utf8', from, to), to - from)
    from = to + 1
  }
}

/** @param {string} text @param {number} length */
function readLine(text, length) {
  const line = JSON.parse(text)
  const echoed = line.type === 'progress' ? line.data.message : undefined
  const message = echoed?.message ?? line.message
  const kind = kinds.get(kindOf(line)) ?? { lines: 0, bytes: 0 }
  kinds.set(kindOf(line), { lines: kind.lines + 1, bytes: kind.bytes + length })
  count.lines += 1
  if (message?.usage !== undefined && message.model !== '<synthetic>') {
    count.usage += 1
    responses.add(message.id)
  }
  if (line.uuid !== undefined && uuids.has(line.uuid)) count.copied += 1
  uuids.add(line.uuid)
  if (length > text.length) count.foreign += 1
  if (length >= bigBytes) {
    count.big += 1
    count.bigBytes += length
  }
  count.longest = Math.max(count.longest, length)
}

/**
 * @param {{ type: string, toolUseResult?: unknown, data: { message?: unknown } }} line `data` only in progress lines
 */
function kindOf(line) {
  if (line.type === 'user') return line.toolUseResult === undefined ? 'user: prompt' : 'user: result of a tool'
  if (line.type === 'progress') return line.data.message === undefined ? 'progress' : 'progress: line of a sub-agent'
  return line.type
}

function kindRows() {
  const byBytes = [...kinds].sort(([, a], [, b]) => b.bytes - a.bytes)
  return byBytes.map(([name, kind]) => [
    name,
    `${kind.lines}`,
    share(kind.lines, count.lines),
    share(kind.bytes, bytes),
  ])
}

function sizeRows() {
  const quantiles = profiles[expected.profile]?.quantiles ?? []
  return quantiles.slice(1).map(([at, meant]) => {
    const is = quantile(sizes, at)
    if (Math.abs(is / meant - 1) > 0.1) throw new Error(`p${at * 100} of the file sizes is ${is}, not ${meant}`)
    return [at === 1 ? 'max' : `p${at * 100}`, (is / 1e3).toFixed(0), (meant / 1e3).toFixed(0)]
  })
}
