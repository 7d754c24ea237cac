// Runs all benches or the named ones, one after the other, each in a process of its own. Exits with 1 if one failed: a wrong answer is
// a failure, a slow one is not.
//   npm run bench [-- cold restart …] [--short] [--save] [--trees DIR] [--peers DIR]
//   short: tiny trees and few runs, in about a minute; the times mean nothing. save: adds the results to RESULTS.md
import { spawn } from 'node:child_process'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installedPeers, installPeers } from './peers.js'
import { saveResults } from './results.js'
import { conditions, defaultPeers, defaultTrees, home } from './support.js'
import { profiles as rollouts, rolloutsOf } from './rollouts/generate.js'
import { treeOf } from './tree/generate.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    trees: { type: 'string', default: defaultTrees },
    peers: { type: 'string', default: defaultPeers },
  },
})
const { peers } = values

/**
 * Options of each run of a bench that differ from its defaults; a tree is named by its profile.
 * @typedef {{ tree?: string } & Record<string, string | number>} Options
 */
/** @type {Record<string, { full: Options[], short: Options[] }>} */
const benches = {
  profile: { full: [{ tree: '3100' }], short: [{ tree: 'tiny' }] },
  agree: {
    full: [
      { tree: 'agreed', peers },
      { tree: 'small', peers },
      { tree: 'rollouts', peers },
    ],
    short: [{ tree: 'agreed', peers }],
  },
  cold: {
    full: [
      { tree: '3100', peers },
      { tree: 'rollouts', peers },
    ],
    short: [
      { tree: 'tiny', peers, runs: 1 },
      { tree: 'rollouts-tiny', peers, runs: 1 },
    ],
  },
  decode: { full: [{ tree: '3100' }], short: [{ tree: 'tiny', runs: 1 }] },
  restart: { full: [{ tree: '20000' }], short: [{ tree: 'tiny', runs: 2 }] },
  append: {
    full: [{ tree: '1900' }, { tree: '20000' }, { tree: '20000', gap: '600-900', runs: 100, pairs: 20 }],
    short: [{ tree: 'tiny', runs: 10 }],
  },
  scrape: { full: [{ tree: '3100' }], short: [{ tree: 'tiny', series: 500, runs: 1, idle: 5 }] },
  crowd: { full: [{}, { series: 200000 }], short: [{ series: 2000, rounds: 1 }] },
  memory: { full: [{ tree: '20000' }, { tree: 'single' }], short: [{ tree: 'tiny', scrapes: 5, settle: 1, idle: 1 }] },
  otlp: { full: [{}], short: [{ series: 500, pushes: 2, rounds: 1, imports: 2 }] },
  backfill: { full: [{ tree: '20000' }], short: [{ tree: 'tiny', days: 2, series: 20, runs: 1 }] },
  growth: { full: [{}], short: [{ runs: 1, size: 0.02, times: '1,2' }] },
}

const unknown = positionals.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) refuse(`no bench ${unknown.join(', ')}: there are ${Object.keys(benches).join(', ')}`)
if (values.save && values.short) refuse('results of a short run mean nothing and are not saved')

const named = positionals.length > 0 ? positionals : Object.keys(benches)
const runs = named.flatMap((name) =>
  (benches[name]?.[values.short ? 'short' : 'full'] ?? []).map((options) => ({ name, options })),
)
if (runs.some(({ options }) => 'peers' in options)) fetchPeers()
const machine = conditions()
const load = `load     ${loadavg()[0]?.toFixed(2)} before the first bench`
console.log(`${machine}\n${load}`)

const results = []
for (const { name, options } of runs) {
  const title = options.tree === undefined ? name : `${name}, ${options.tree}`
  console.log(`\n== ${title}`)
  const { output, code } = await run(name, options)
  if (code !== 0) console.log(`FAILED: ${title}`)
  results.push({ title, output, failed: code !== 0 })
}
const failed = results.filter((result) => result.failed)
console.log(`\n${results.length - failed.length} of ${results.length} benches passed`)
if (values.save && failed.length === 0) saveResults(results, `${machine}\n${load}`)
process.exitCode = failed.length === 0 ? 0 : 1

/** @param {string} profile */
function generated(profile) {
  return (Object.hasOwn(rollouts, profile) ? rolloutsOf : treeOf)(values.trees, profile)
}

/** @param {string} message */
function refuse(message) {
  console.error(message)
  process.exit(2)
}

/**
 * Output of a bench, shown while it runs, without the conditions, which are printed once for all benches.
 * @param {string} name @param {Options} options @returns {Promise<{ output: string, code: number | null }>}
 */
function run(name, { tree, ...others }) {
  const options = tree === undefined ? others : { tree: generated(tree), ...others }
  const args = Object.entries(options).map(([option, value]) => `--${option}=${value}`)
  const script = join(home, 'bench', `${name}.js`)
  const bench = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((done, failed) => {
    let output = ''
    bench.stdout.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
      const text = chunk.replace(`${machine}\n`, '')
      process.stdout.write(text)
      output += text
    })
    bench.once('error', failed)
    bench.once('close', (code) => done({ output, code }))
  })
}

/** A short run uses the peers that are installed. Without peers or npm, the other contestants still run. */
function fetchPeers() {
  if (values.short && installedPeers(peers).length > 0) return
  try {
    installPeers(peers)
  } catch (error) {
    console.log(`npm could not fetch the newest peers: ${/** @type {Error} */ (error).message}`)
  }
}
