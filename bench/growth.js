// Cost of doubling bytes, files and responses: each alone while the others stay the same, and all of them together. Work is the
// processor time of a whole `once` minus that of a run over an empty tree.
//   node bench/growth.js [--runs 3] [--size 1] [--times 1,2,4,8] [--workers auto] [--program dist/main.js]
//   size: scales all trees; with 1, the largest has 0.3 GB
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { mustMatch } from './answers.js'
import { treeFlags, withFolder } from './served.js'
import { conditions, defaultProgram, median, optionsOf, settingsLine, table } from './support.js'
import { writeRegularTree } from './tree/regular.js'
import { interleaved, outputOf, timed } from './trial.js'

const values = optionsOf({ runs: '3', size: '1', times: '1,2,4,8', workers: 'auto', program: defaultProgram })
const times = values.times.split(',').map(Number)
const size = Number(values.size)

/** @typedef {(time: number) => { files: number, responses: number, bytes: number }} Axis */
/** Sizes of `time` times as much along each axis. @type {Record<string, Axis>} */
const axes = {
  bytes: (time) => ({ files: 500, responses: 20_000, bytes: 40e6 * time }),
  files: (time) => ({ files: 1000 * time, responses: 40_000, bytes: 80e6 }),
  responses: (time) => ({ files: 500, responses: 20_000 * time, bytes: 320e6 }),
  'all three': (time) => ({ files: 250 * time, responses: 10_000 * time, bytes: 20e6 * time }),
}

console.log(`${conditions()}\n${settingsLine(values)}\n`)
const rows = [['', 'files', 'responses', 'MB', 'wall', 'cpu', 'work', '÷ half as much']]
for (const [axis, at] of Object.entries(axes)) rows.push(...(await withFolder((folder) => grow(folder, axis, at))))
console.log(table(rows))
console.log(`${values.runs} interleaved rounds; medians. Linear growth would double the work each time.`)

/** @param {string} folder @param {string} axis @param {Axis} at */
async function grow(folder, axis, at) {
  const empty = { tree: join(folder, 'empty') }
  mkdirSync(join(empty.tree, 'projects'), { recursive: true })
  const grown = times.map((time) => {
    const { files, responses, bytes } = at(time)
    const tree = join(folder, `${time}`)
    const scaled = { files: Math.round(files * size), responses: responses * size, bytes: bytes * size }
    return { tree, time, expected: writeRegularTree({ out: tree, projects: 10, ...scaled }) }
  })
  for (const { tree, expected } of grown) mustMatch(outputOf(once(tree)), expected.perModel)
  const runs = await interleaved([empty, ...grown], Number(values.runs), ({ tree }) => timed(once(tree)))
  /** @param {{ tree: string }} contestant @param {'wall' | 'cpu'} key */
  const of = (contestant, key) => median((runs.get(contestant) ?? []).map((run) => run[key]))
  const start = of(empty, 'cpu')
  return grown.map((tree, i) => {
    const { time, expected } = tree
    const work = of(tree, 'cpu') - start
    const half = grown[i - 1]
    const before = half?.time === time / 2 ? of(half, 'cpu') - start : undefined
    return [
      `${axis} × ${time}`,
      `${expected.files}`,
      `${expected.requests}`,
      (expected.bytes / 1e6).toFixed(0),
      `${of(tree, 'wall').toFixed(3)} s`,
      `${of(tree, 'cpu').toFixed(2)} s`,
      `${work.toFixed(2)} s`,
      before === undefined ? '' : (work / before).toFixed(2),
    ]
  })
}

/** @param {string} tree */
function once(tree) {
  const args = [resolve(values.program), 'once', ...treeFlags(tree, 'none'), `--parser.workers=${values.workers}`]
  return { file: process.execPath, args, env: { HOME: tree } }
}
