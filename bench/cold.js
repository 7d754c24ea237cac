// Cold reading, whole process: how long from nothing to the full answer, beside the peers and beside `cat` of the same
// bytes. The page cache is warm; every run is a fresh process.
//   node bench/cold.js [--tree DIR] [--runs 5] [--workers 0,1,2] [--program dist/main.js] [--peers DIR]
import { resolve } from 'node:path'
import { allColumns, answerOf, differences, expectedOf, treeLine, wholeDifference } from './answers.js'
import { engineUsed, enginesOf } from './engines.js'
import { findPeers } from './peers.js'
import { treeFlags, withFolder } from './served.js'
import {
  conditions, defaultPeers, defaultProgram, defaultTree, median, optionsOf, settingsLine, table,
} from './support.js'
import { interleaved, outputOf, timed } from './trial.js'

const values = optionsOf({
  tree: defaultTree('3100'),
  runs: '5',
  workers: '0,1,2',
  program: defaultProgram,
  peers: defaultPeers,
})
const tree = resolve(values.tree)
const expected = expectedOf(tree)
const everyByte = `find "$1" -name '*.jsonl' -print0 | xargs -0 cat`

/** `command(home)`: what to run in an empty home folder. @typedef {{ name: string, command: (home: string) => Command }} Contestant */
/** @typedef {import('./trial.js').Command} Command */

const floor = [
  { name: 'cat', command: () => ({ file: 'sh', args: ['-c', everyByte, 'sh', `${tree}/projects`], env: {} }) },
  { name: 'node, empty program', command: () => ({ file: process.execPath, args: ['--eval', '0'], env: {} }) },
]

console.log(`${conditions()}\n${treeLine(expected)}\n${settingsLine(values)}\n`)
// The answers first. This also warms the page cache.
const ours = await checkOurs()
const peers = await checkPeers()
const contestants = [...floor, ...ours, ...peers]
const times = await interleaved(contestants, Number(values.runs), ({ command }) => withFolder((home) => timed(command(home))))
console.log(`\n${report()}`)

/** What `auto` chooses at each number of workers, and every other engine at the largest number. @returns {Promise<Contestant[]>} */
async function checkOurs() {
  const workers = values.workers.split(',').map(Number)
  const byDefault = await Promise.all(workers.map((count) => check('auto', count)))
  const chosen = byDefault[0].engine
  const others = enginesOf(values.program).filter((engine) => engine !== chosen)
  for (const engine of others) {
    const contestant = await check(engine, Math.max(...workers))
    if (contestant.engine === engine) byDefault.push(contestant)
    else console.log(`${engine} is not installed: ${contestant.engine} took its place, so it is left out`)
  }
  return byDefault
}

async function check(backend, workers) {
  const flags = [...treeFlags(tree, 'none'), `--parser.backend=${backend}`, `--parser.workers=${workers}`]
  const args = [resolve(values.program), 'once', ...flags]
  const command = (home) => ({ file: process.execPath, args, env: { HOME: home } })
  const exposition = await withFolder((home) => outputOf(command(home)))
  const engine = engineUsed(exposition)
  const name = `ours, ${engine}, ${workers} workers`
  const found = differences(answerOf(exposition), expected.perModel, allColumns)
  if (found.length > 0) throw new Error(`${name}: wrong, so no times:\n${found.slice(0, 20).join('\n')}`)
  console.log(`${name}: answer as expected`)
  return { name, engine, command }
}

/** A peer may differ, and says by how much; one that does not run is left out. @returns {Promise<Contestant[]>} */
async function checkPeers() {
  const found = findPeers(values.peers)
  if (found.length === 0) console.log(`no peers in ${values.peers}: node bench/peers.js`)
  const taking = []
  for (const peer of found) {
    const name = `${peer.name} ${peer.version}`
    const command = (home) => ({ file: peer.binary, ...peer.command(tree, home) })
    try {
      const answer = peer.answer(await withFolder((home) => outputOf(command(home))))
      const right = differences(answer, expected.perModel).length === 0
      console.log(`${name}: ${right ? 'answer as expected' : wholeDifference(answer, expected.perModel)}`)
      taking.push({ name, command })
    } catch (error) {
      console.log(`${name} is left out: ${error.message}`)
    }
  }
  return taking
}

function report() {
  const of = (contestant, key) => times.get(contestant).map((run) => run[key])
  // Ratios are medians of the rounds' own ratios: each round's pair ran within the same minute.
  const ratio = (contestant, base) => {
    if (base === undefined) return '–'
    return median(of(contestant, 'wall').map((wall, round) => wall / of(base, 'wall')[round])).toFixed(2)
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
      ratio(contestant, floor[0]),
      ratio(contestant, rival),
    ]
  })
  const heading = ['', 'median', 'range', 'cpu', 'MB/s', '÷ cat', '÷ ccusage']
  return `${table([heading, ...rows])}\n${values.runs} interleaved rounds, warm page cache; ratios within a round, median`
}
