// Restart with stored state on an unchanged tree: time from process start until the program listens, is ready, and shows the right
// totals.
//   node bench/restart.js [--tree DIR] [--runs 10] [--program dist/main.js]
import { expectedOf, mustMatch, treeLine } from './answers.js'
import { metricsOf, ready, startServer, treeFlags, withFolder } from './served.js'
import {
  conditions,
  defaultProgram,
  defaultTree,
  optionsOf,
  settingsLine,
  spread,
  spreadHeading,
  table,
} from './support.js'
import { timed } from './trial.js'

const values = optionsOf({ tree: defaultTree('20000'), runs: '10', program: defaultProgram })
const expected = expectedOf(values.tree)
console.log(`${conditions()}\n${treeLine(expected)}\n${settingsLine(values)}\n`)

await withFolder(async (stateDir) => {
  const first = await start(stateDir)
  console.log(`first run, no state: ready after ${(first.ready / 1000).toFixed(2)} s\n`)
  const empty = []
  /** @type {Awaited<ReturnType<typeof start>>[]} */
  const runs = []
  for (let i = 0; i < Number(values.runs); i += 1) {
    empty.push((await timed({ file: process.execPath, args: ['--eval', '0'], env: {} })).wall * 1000)
    runs.push(await start(stateDir))
  }
  const row = (/** @type {string} */ name, /** @type {'listening' | 'ready' | 'right'} */ key) => [
    name,
    ...spread(runs.map((run) => run[key])),
  ]
  console.log(
    table([
      ['', ...spreadHeading],
      ['node, empty program', ...spread(empty)],
      row('restart → listening', 'listening'),
      row('restart → /-/ready', 'ready'),
      row('restart → right /metrics', 'right'),
    ]),
  )
})

/** One start and stop of the program; times in ms since just before the process was started. @param {string} stateDir */
async function start(stateDir) {
  const server = startServer(values.program, treeFlags(values.tree, stateDir))
  const since = () => performance.now() - server.startedAt
  try {
    const url = await server.listening
    const listening = since()
    await ready(url)
    const readyAfter = since()
    const exposition = await metricsOf(url)
    const right = since()
    mustMatch(exposition, expected.perModel)
    return { listening, ready: readyAfter, right }
  } finally {
    await server.stop()
  }
}
