// Writes a Codex home of made-up rollouts with the profile of real ones (codex-logs 2.3), and `expected.json` with the right counts. The
// same profile and seed give the same bytes.
//   node bench/rollouts/generate.js --profile rollouts [--out DIR] [--seed 1]
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { treeLine } from '../answers.js'
import { kept, recipeOf } from '../kept.js'
import { defaultTree, optionsOf } from '../support.js'
import { createBook } from '../tree/book.js'
import { createPlace } from '../tree/places.js'
import { createRandom } from '../tree/random.js'
import { openSheet } from '../tree/sheet.js'
import * as lines from './lines.js'
import { createThread, writeTurns } from './thread.js'

/** [share of files, size in bytes] in rising order; between them the logarithm is linear. @typedef {[number, number][]} Quantiles */
/** @typedef {import('./thread.js').Thread} Thread */

/** @type {Record<string, { files: number, projects: number, quantiles: Quantiles }>} */
export const profiles = {
  // A gigabyte with 440 kB per file, as measured; the largest files are much larger.
  rollouts: {
    files: 2100,
    projects: 50,
    quantiles: [
      [0, 20e3],
      [0.5, 160e3],
      [0.9, 950e3],
      [0.99, 4.5e6],
      [1, 40e6],
    ],
  },
  'rollouts-tiny': {
    files: 40,
    projects: 4,
    quantiles: [
      [0, 20e3],
      [0.5, 60e3],
      [1, 600e3],
    ],
  },
}

const recipe = recipeOf('rollouts', 'tree')
const DAY_MS = 86_400_000
/** Only smaller rollouts are copied into forks. */
const LARGEST_PARENT = 2e6

/** The tree of this profile below `trees`, generated if necessary. @param {string} trees @param {string} profile */
export function rolloutsOf(trees, profile) {
  const out = join(trees, profile)
  return kept(out, recipe, () => generate({ out, profile, seed: 1 }))
}

/**
 * @param {{ out: string, profile: string, seed: number }} options
 * @returns what was written to `expected.json`
 */
export function generate({ out, profile, seed }) {
  const meant = profiles[profile]
  if (meant === undefined) throw new RangeError(`no profile ${profile}: there are ${Object.keys(profiles).join(', ')}`)
  const { files, projects, quantiles } = meant
  const random = createRandom(seed)
  const ledger = createBook()
  const places = Array.from({ length: projects }, (_, i) => createPlace(i, random).main)
  rmSync(join(out, 'sessions'), { recursive: true, force: true })
  rmSync(join(out, 'expected.json'), { force: true })

  /** The latest thread that a fork may copy. @type {{ thread: Thread, path: string } | undefined} */
  let parent
  let bytes = 0
  const sizes = random.shuffle(Array.from({ length: files }, (_, i) => sizeAt(quantiles, (i + 1) / files)))
  for (const [index, size] of sizes.entries())
    bytes += write(size, Date.UTC(2026, 8, 1) + (index / files) * 60 * DAY_MS)
  const expected = { agent: /** @type {const} */ ('codex'), profile, seed, recipe, files, bytes, ...ledger.close() }
  writeFileSync(join(out, 'expected.json'), `${JSON.stringify(expected, undefined, 1)}\n`)
  return expected

  /** @param {number} size @param {number} startMs */
  function write(size, startMs) {
    const place = /** @type {ReturnType<typeof createPlace>['main']} */ (
      places[Math.floor(random.unit() ** 1.7 * places.length)]
    )
    const thread = createThread(place, Math.round(startMs), random)
    const [day = '', time = ''] = thread.begun.slice(0, 19).split('T')
    const path = join(
      out,
      'sessions',
      ...day.split('-'),
      `rollout-${day}T${time.replaceAll(':', '-')}-${thread.id}.jsonl`,
    )
    mkdirSync(dirname(path), { recursive: true })
    const sheet = openSheet(path, random)
    const fork = parent !== undefined && random.chance(0.01) ? parent : undefined
    lines.header(sheet, thread, random, fork && { of: fork.thread })
    if (fork !== undefined) copyHistory(sheet, fork, thread)
    writeTurns(sheet, thread, { bytes: sheet.written() + size, random, book })
    // Forks are not forked again, so that each count is one response.
    if (fork === undefined && !thread.habits.records && size < LARGEST_PARENT) parent = { thread, path }
    return sheet.close({ finalNewline: !random.chance(0.016) })
  }

  /** @param {Thread} thread @param {import('./lines.js').Counts} counts */
  function book({ model, place }, { input, cached, output }) {
    const tokens = { input: input - cached, output, read: cached, write5m: 0, write1h: 0 }
    const of = { session: { project: place }, response: { model, tokens } }
    ledger.book(/** @type {any} */ (of.session), /** @type {any} */ (of.response))
  }
}

/**
 * A fork begins with the lines of its parent, with the time of copying, and continues from the parent's total.
 * @param {import('../tree/sheet.js').Sheet} sheet @param {{ thread: Thread, path: string }} parent @param {Thread} thread
 */
function copyHistory(sheet, { thread: original, path }, thread) {
  const history = readFileSync(path)
  const end = history.lastIndexOf('\n') + 1
  const copied = thread.tick()
  for (let at = 0; at < end; at = history.indexOf('\n', at) + 1)
    history.write(copied, at + '{"timestamp":"'.length, 'latin1')
  sheet.bytes(history, 0, end)
  Object.assign(thread, { total: original.total, context: original.context, model: original.model })
}

/** @param {Quantiles} quantiles @param {number} share */
function sizeAt(quantiles, share) {
  const above = quantiles.findIndex(([at]) => at >= share)
  const [[lowAt, low], [highAt, high]] = /** @type {[Quantiles[0], Quantiles[0]]} */ (
    quantiles.slice(above - 1, above + 1)
  )
  return Math.round(low * (high / low) ** ((share - lowAt) / (highAt - lowAt)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const values = optionsOf({ profile: 'rollouts', out: '', seed: '1' })
  const started = performance.now()
  const out = values.out || defaultTree(values.profile)
  const expected = generate({ out, profile: values.profile, seed: Number(values.seed) })
  console.log(`${treeLine(expected)}\n${out}, made in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}
