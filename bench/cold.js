// Time of a whole process from an empty state to the full answer, compared with the peers and with `cat` of the same bytes. The page
// cache is warm; every run is a new process.
//   node bench/cold.js [--tree DIR] [--runs 5] [--workers 0,2] [--program dist/main.js] [--peers DIR]
import { resolve } from 'node:path'
import { differences, expectedOf, mustMatch, treeLine, wholeDifference } from './answers.js'
import { engineUsed, enginesOf } from './engines.js'
import { askPeers } from './peers.js'
import { treeFlags, withFolder } from './served.js'
import {
  conditions,
  defaultPeers,
  defaultProgram,
  defaultTree,
  median,
  optionsOf,
  settingsLine,
  table,
} from './support.js'
import { interleaved, outputOf, timed } from './trial.js'

const values = optionsOf({
  tree: defaultTree('3100'),
  runs: '5',
  workers: '0,2',
  program: defaultProgram,
  peers: defaultPeers,
})
const tree = resolve(values.tree)
const expected = expectedOf(tree)
const everyByte = `find "$1" -name '*.jsonl' -print0 | xargs -0 cat`

/** @typedef {import('./trial.js').Command} Command */
/** `home`: an empty folder. @typedef {{ name: string, command: (home: string) => Command }} Contestant */

/** @type {Contestant} */
const cat = {
  name: 'cat',
  command: () => ({ file: 'sh', args: ['-c', everyByte, 'sh', tree], env: {} }),
}
/** @type {Contestant[]} */
const floor = [
  cat,
  { name: 'node, empty program', command: () => ({ file: process.execPath, args: ['--eval', '0'], env: {} }) },
]

console.log(`${conditions()}\n${treeLine(expected)}\n${settingsLine(values)}\n`)
// Answers are checked first, which also warms the page cache.
const ours = await checkOurs()
const peers = await checkPeers()
const contestants = [...floor, ...ours, ...peers]
const run = (/** @type {Contestant} */ { command }) => withFolder((home) => timed(command(home)))
const times = await interleaved(contestants, Number(values.runs), run)
console.log(`\n${report()}`)

/**
 * The engine that `auto` selects with each number of workers, and every other engine with the largest number.
 * @returns {Promise<Contestant[]>}
 */
async function checkOurs() {
  const workers = values.workers.split(',').map(Number)
  /** @type {Awaited<ReturnType<typeof check>>[]} */
  const checked = []
  for (const count of workers) checked.push(await check('auto', count))
  const others = enginesOf(values.program).filter((name) => name !== checked[0]?.engine)
  for (const engine of others) {
    const contestant = await check(engine, Math.max(...workers))
    if (contestant.engine === engine) checked.push(contestant)
    else console.log(`${engine} is not installed here: left out`)
  }
  for (const { name } of checked) console.log(`${name}: answer as expected`)
  return checked
}

/** @param {string} backend @param {number} workers */
async function check(backend, workers) {
  const flags = [
    ...treeFlags(tree, 'none', expected.agent),
    `--parser.backend=${backend}`,
    `--parser.workers=${workers}`,
  ]
  const args = [resolve(values.program), 'once', ...flags]
  const command = (/** @type {string} */ home) => ({ file: process.execPath, args, env: { HOME: home } })
  const exposition = await withFolder((home) => outputOf(command(home)))
  mustMatch(exposition, expected.perModel)
  const engine = engineUsed(exposition)
  return { name: `ours, ${engine}, ${workers} workers`, engine, command }
}

/** Peers may differ; their difference is printed. @returns {Promise<Contestant[]>} */
async function checkPeers() {
  const asked = await askPeers(values.peers, tree, expected.agent)
  return asked.map(({ name, version, command, answer }) => {
    const right = differences(answer, expected.perModel).length === 0
    console.log(`${name} ${version}: ${right ? 'answer as expected' : wholeDifference(answer, expected.perModel)}`)
    return { name: `${name} ${version}`, command }
  })
}

function report() {
  /** @param {Contestant} contestant @param {'wall' | 'cpu'} key */
  const of = (contestant, key) => (times.get(contestant) ?? []).map((time) => time[key])
  // Ratios are medians of the ratios within each round, whose runs took place within the same minute.
  /** @param {Contestant} contestant @param {Contestant | undefined} base */
  const ratio = (contestant, base) => {
    if (base === undefined) return '–'
    const walls = of(base, 'wall')
    return median(of(contestant, 'wall').map((wall, round) => wall / (walls[round] ?? NaN))).toFixed(2)
  }
  const rival = peers.find(({ name }) => name.startsWith('ccusage'))
  const rows = contestants.map((contestant) => {
    const walls = of(contestant, 'wall')
    return [
      contestant.name,
      `${median(walls).toFixed(3)} s`,
      `${Math.min(...walls).toFixed(3)} – ${Math.max(...walls).toFixed(3)}`,
      `${median(of(contestant, 'cpu')).toFixed(2)} s`,
      `${(expected.bytes / 1e6 / median(walls)).toFixed(0)}`,
      ratio(contestant, cat),
      ratio(contestant, rival),
    ]
  })
  const heading = ['', 'median', 'range', 'cpu', 'MB/s', '÷ cat', '÷ ccusage']
  return `${table([heading, ...rows])}\n${values.runs} interleaved rounds, warm page cache; ratios within a round, median`
}
