// Writes a tree of made-up Claude Code logs with the size profile of real ones, and beside it `expected.json`: what a
// correct reader must answer, counted while writing. Same profile and seed, same bytes.
//   node bench/generate.js --profile small|1900|3100|20000 [--out DIR] [--seed 1]
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { createRandom } from './random.js'
import { createAgent, createSession } from './session.js'
import { openSheet } from './sheet.js'
import { respond, writeTranscript } from './transcript.js'
import { allColumns, defaultTree } from './support.js'

const real = { text: 1, linesOfResponse: [0.28, 0.49, 0.23], toolResults: 0.85, progress: 0.55 }
// Half a million responses in little more than a gigabyte: short texts, few lines around them.
const terse = { text: 0.2, linesOfResponse: [0.76, 0.2, 0.04], toolResults: 0.5, progress: 0.06 }

/** `quantiles`: [share of files, size in bytes] in rising order; between them the logarithm is linear. */
const profiles = {
  small: {
    files: 200,
    projects: 6,
    shape: real,
    quantiles: [[0, 300], [0.5, 24e3], [0.9, 200e3], [0.99, 1e6], [1, 2.4e6]],
  },
  1900: {
    files: 1900,
    projects: 40,
    shape: real,
    quantiles: [[0, 300], [0.5, 105e3], [0.9, 600e3], [0.99, 5.4e6], [0.999, 14e6], [1, 42e6]],
  },
  3100: {
    files: 3100,
    projects: 60,
    shape: real,
    quantiles: [[0, 300], [0.5, 105e3], [0.9, 450e3], [0.99, 5.4e6], [0.999, 14e6], [1, 87e6]],
  },
  20000: {
    files: 20_000,
    projects: 100,
    shape: terse,
    quantiles: [[0, 300], [0.5, 18e3], [0.9, 138e3], [0.99, 590e3], [0.999, 2e6], [1, 16e6]],
  },
}

/**
 * @param {{ out: string, profile: string, seed: number }} options
 * @returns what was written to `expected.json`
 */
export function generate({ out, profile, seed }) {
  if (!Object.hasOwn(profiles, profile)) {
    throw new RangeError(`no profile ${profile}: there are ${Object.keys(profiles).join(', ')}`)
  }
  const { files, projects, shape, quantiles } = profiles[profile]
  const random = createRandom(seed)
  const ledger = createBook()
  const places = Array.from({ length: projects }, (_, i) => createPlace(i, random))
  rmSync(join(out, 'projects'), { recursive: true, force: true })

  let bytes = 0
  for (const plan of planSessions(files, quantiles, random)) bytes += writeSession(plan)
  const expected = { profile, seed, files, bytes, ...ledger.close() }
  writeFileSync(join(out, 'expected.json'), `${JSON.stringify(expected, undefined, 1)}\n`)
  return expected

  function writeSession({ size, agents }) {
    // A few projects hold most of the sessions.
    const place = places[Math.floor(random.unit() ** 1.7 * places.length)]
    const folder = random.chance(0.06) ? place.worktree : place.main
    const session = createSession(folder, random)
    const echoes = []
    let total = 0
    for (const agentSize of agents) {
      const agent = createAgent(session, random)
      // Older versions put sub-agents beside the session. Ids of a gateway mean something within one session only, and
      // a flat file is a session of its own.
      const flat = session.keyOrder === 'older' && !session.ownIds && random.chance(0.2)
      const path = `${flat ? '' : `${session.id}/subagents/`}agent-${agent.agentId}.jsonl`
      const { written, responses } = write(agent, path, agentSize, {})
      total += written
      if (session.keyOrder === 'newer') continue // echoes were seen up to 2.1.5x
      // Where the sub-agent's file was deleted, its echo is all that is left of a response.
      if (random.chance(0.05)) responses.push(stray(agent))
      echoes.push(...responses.slice(-25))
    }
    return total + write(session, `${session.id}.jsonl`, size, { echoes, fork: random.chance(0.07) }).written
  }

  function write(session, path, size, { echoes = [], fork = false }) {
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
    // Ids of a gateway mean something within one session only: a copy of them would count again.
    if (session.agentId === undefined && !session.ownIds && responses.length > 3) session.project.forkable = session.id
    return { written: sheet.close({ finalNewline: !random.chance(0.06) }), responses }
  }

  function stray(agent) {
    const response = respond(agent, random)
    return { ...response, tokens: { ...response.tokens, output: response.early }, stray: true }
  }
}

/** A fork starts with its parent's lines, byte for byte but for the session id. */
function copyHistory(sheet, path, { from, to, atMost }) {
  const history = readFileSync(path)
  const end = history.lastIndexOf(0x0a, Math.min(history.length, atMost)) + 1
  for (let at = history.indexOf(from); at >= 0 && at < end; at = history.indexOf(from, at + from.length)) {
    history.write(to, at, 'latin1')
  }
  sheet.bytes(history, 0, end)
}

const words = ['amber', 'basalt', 'cedar', 'delta', 'ember', 'fjord', 'garnet', 'harbor', 'iris', 'juniper', 'kelp']

function createPlace(index, random) {
  const label = `${words[index % words.length]}-${random.pick(words)}-${index}`
  const cwd = `/home/dev/src/${label}`
  const folder = (path) => ({ label, cwd: path, slug: path.replace(/[^A-Za-z0-9]/g, '-'), forkable: undefined })
  return { main: folder(cwd), worktree: folder(`${cwd}/.claude/worktrees/quick-fix`) }
}

/** Sizes by the quantiles, exactly; 45 % of the files are sub-agents', which are seldom large. */
function planSessions(files, quantiles, random) {
  const sizes = Array.from({ length: files }, (_, i) => sizeAt(quantiles, i / (files - 1)))
  const agentShare = (size) => (size > 2e6 ? 0 : size > 3e5 ? 0.25 : 0.5)
  const agentSizes = []
  const plans = []
  for (const size of sizes) {
    if (random.chance(agentShare(size))) agentSizes.push(size)
    else plans.push({ size, agents: [] })
  }
  const hosts = plans.filter(({ size }) => size > 4000)
  for (const size of agentSizes) random.pick(hosts).agents.push(size)
  return random.shuffle(plans)
}

function sizeAt(quantiles, share) {
  if (share < 0.04) return 0 // empty files are common
  const above = quantiles.findIndex(([at]) => at >= share)
  const [lowAt, low] = quantiles[Math.max(0, above - 1)]
  const [highAt, high] = quantiles[Math.max(1, above)]
  return Math.round(low * (high / low) ** ((share - lowAt) / (highAt - lowAt)))
}

function createBook() {
  const perModel = {}
  const perProject = {}
  const add = (table, name, { input, output, read, write5m, write1h }) => {
    const row = (table[name] ??= Object.fromEntries(allColumns.map((column) => [column, 0])))
    row.requests += 1
    row.input += input
    row.output += output
    row.cache_read += read
    row.cache_write_5m += write5m
    row.cache_write_1h += write1h
  }
  return {
    book(session, response) {
      add(perModel, response.model, response.tokens)
      add(perProject, session.project.label, response.tokens)
    },
    close() {
      const requests = Object.values(perModel).reduce((sum, row) => sum + row.requests, 0)
      return { requests, perModel, perProject }
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      profile: { type: 'string', default: '1900' },
      seed: { type: 'string', default: '1' },
    },
  })
  const started = performance.now()
  const out = values.out ?? defaultTree(values.profile)
  const { files, bytes, requests } = generate({ out, profile: values.profile, seed: Number(values.seed) })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${out}: ${files} files, ${(bytes / 1e6).toFixed(0)} MB, ${requests} responses, ${seconds} s`)
}
