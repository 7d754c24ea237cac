// Writes a tree of made-up Claude Code logs with the size profile of real ones, and `expected.json` with the right counts. The same
// profile and seed give the same bytes.
//   node bench/tree/generate.js --profile 3100 [--out DIR] [--seed 1]     the profiles are in profiles.js
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { treeLine } from '../answers.js'
import { kept, recipeOf } from '../kept.js'
import { defaultTree, optionsOf } from '../support.js'
import { createBook } from './book.js'
import { createPlace } from './places.js'
import { profiles } from './profiles.js'
import { createRandom } from './random.js'
import { createAgent, createSession } from './session.js'
import { openSheet } from './sheet.js'
import { respond, writeTranscript } from './transcript.js'

/** @typedef {ReturnType<typeof createPlace>} Place */
/** @typedef {import('./lines.js').Response} Response */
/** @typedef {import('./profiles.js').Quantiles} Quantiles */
/** @typedef {import('./random.js').Random} Random */
/** @typedef {import('./session.js').Session} Session */
/** A session: the size of its file and of those of its sub-agents. @typedef {{ size: number, agents: number[] }} Plan */

/**
 * The tree of this profile below `trees`, generated if it is missing or the generator has changed.
 * @param {string} trees @param {string} profile
 */
export function treeOf(trees, profile) {
  const out = join(trees, profile)
  return kept(out, recipe, () => generate({ out, profile, seed: 1 }))
}

/** A hash of the generator. */
const recipe = recipeOf('tree')

/**
 * @param {{ out: string, profile: string, seed: number }} options
 * @returns what was written to `expected.json`
 */
export function generate({ out, profile, seed }) {
  const meant = profiles[profile]
  if (meant === undefined) {
    throw new RangeError(`no profile ${profile}: there are ${Object.keys(profiles).join(', ')}`)
  }
  const { files, projects, shape, quantiles, disputed = true } = meant
  const random = createRandom(seed)
  const ledger = createBook()
  const places = Array.from({ length: projects }, (_, i) => createPlace(i, random))
  rmSync(join(out, 'projects'), { recursive: true, force: true })
  rmSync(join(out, 'expected.json'), { force: true })

  let bytes = 0
  for (const plan of planSessions(files, quantiles, random)) bytes += writeSession(plan)
  const expected = { profile, seed, recipe, files, bytes, ...ledger.close() }
  writeFileSync(join(out, 'expected.json'), `${JSON.stringify(expected, undefined, 1)}\n`)
  return expected

  /** @param {Plan} plan */
  function writeSession({ size, agents }) {
    // A few projects have most of the sessions.
    const place = /** @type {Place} */ (places[Math.floor(random.unit() ** 1.7 * places.length)])
    const folder = random.chance(0.06) ? place.worktree : place.main
    const session = createSession(folder, random, { disputed })
    /** @type {Response[]} */
    const echoes = []
    let total = 0
    for (const agentSize of agents) {
      const agent = createAgent(session, random)
      // Older versions put sub-agents next to the session. Ids of a gateway are unique only within one session, and such a
      // file is a session of its own.
      const flat = session.keyOrder === 'older' && !session.ownIds && random.chance(0.2)
      const path = `${flat ? '' : `${session.id}/subagents/`}agent-${agent.agentId}.jsonl`
      const { written, responses } = write(agent, path, agentSize)
      total += written
      if (session.keyOrder === 'newer' || !disputed) continue // progress lines that repeat a sub-agent's line occur up to 2.1.5x
      // If the sub-agent's file was deleted, only the progress line has the response.
      if (random.chance(0.05)) responses.push(stray(agent))
      echoes.push(...responses.slice(-25))
    }
    return total + write(session, `${session.id}.jsonl`, size, { echoes, fork: random.chance(0.07) }).written
  }

  /**
   * @param {Session} session @param {string} path @param {number} size
   * @param {{ echoes?: Response[], fork?: boolean }} [options]
   */
  function write(session, path, size, { echoes = [], fork = false } = {}) {
    const folder = join(out, 'projects', session.project.slug)
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    const sheet = openSheet(target, random)
    const parentId = session.project.forkable
    if (fork && parentId !== undefined && !session.ownIds) {
      copyHistory(sheet, join(folder, `${parentId}.jsonl`), { from: parentId, to: session.id, atMost: size / 2 })
    }
    const options = { bytes: size, shape, random, book: ledger.book, echoes }
    const responses = size === 0 ? [] : writeTranscript(sheet, session, options)
    // Ids of a gateway are unique only within one session, so copies of them would count again.
    if (session.agentId === undefined && !session.ownIds && responses.length > 3) session.project.forkable = session.id
    return { written: sheet.close({ finalNewline: !random.chance(0.06) }), responses }
  }

  /** @param {Session} agent @returns {Response} */
  function stray(agent) {
    const response = respond(agent, random)
    return { ...response, tokens: { ...response.tokens, output: response.early }, stray: true }
  }
}

/**
 * A fork starts with the lines of its parent, unchanged except for the session id.
 * @param {import('./sheet.js').Sheet} sheet @param {string} path @param {{ from: string, to: string, atMost: number }} ids
 */
function copyHistory(sheet, path, { from, to, atMost }) {
  const history = readFileSync(path)
  const end = history.lastIndexOf(0x0a, Math.min(history.length, atMost)) + 1
  for (let at = history.indexOf(from); at >= 0 && at < end; at = history.indexOf(from, at + from.length)) {
    history.write(to, at, 'latin1')
  }
  sheet.bytes(history, 0, end)
}

/**
 * Sizes exactly by the quantiles. 45 % of the files belong to sub-agents and are rarely large.
 * @param {number} files @param {Quantiles} quantiles @param {Random} random
 */
function planSessions(files, quantiles, random) {
  const sizes = Array.from({ length: files }, (_, i) => sizeAt(quantiles, (i + 1) / files))
  const agentShare = (/** @type {number} */ size) => (size > 2e6 ? 0 : size > 3e5 ? 0.25 : 0.5)
  const agentSizes = []
  /** @type {Plan[]} */
  const plans = []
  for (const size of sizes) {
    if (random.chance(agentShare(size))) agentSizes.push(size)
    else plans.push({ size, agents: [] })
  }
  const hosts = plans.filter(({ size }) => size > 4000)
  for (const size of agentSizes) random.pick(hosts).agents.push(size)
  return random.shuffle(plans)
}

/** @param {Quantiles} quantiles @param {number} share */
function sizeAt(quantiles, share) {
  if (share < 0.04) return 0 // empty files are common
  const above = quantiles.findIndex(([at]) => at >= share)
  const [[lowAt, low], [highAt, high]] = /** @type {[Quantiles[0], Quantiles[0]]} */ (
    quantiles.slice(above - 1, above + 1)
  )
  return Math.round(low * (high / low) ** ((share - lowAt) / (highAt - lowAt)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const values = optionsOf({ profile: '3100', out: '', seed: '1' })
  const started = performance.now()
  const out = values.out || defaultTree(values.profile)
  const expected = generate({ out, profile: values.profile, seed: Number(values.seed) })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${treeLine(expected)}\nwritten to ${out} in ${seconds} s`)
}
