// Memory over time and idle processor time of a served tree: a first run, then a restart with stored state.
// Linux only (/proc).
//   node bench/memory.js [--tree DIR] [--scrapes 100] [--settle 15] [--idle 60] [--program dist/main.js]
//   settle, idle: seconds
import { execFileSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { expectedOf, mustMatch, treeLine } from './answers.js'
import { cpuTicks, statusOf } from './process.js'
import { metricsOf, treeFlags, withFolder, withServer } from './served.js'
import { conditions, defaultProgram, defaultTree, optionsOf, settingsLine, table } from './support.js'

const values = optionsOf({
  tree: defaultTree('20000'),
  scrapes: '100',
  settle: '15',
  idle: '60',
  program: defaultProgram,
})
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
const expected = expectedOf(values.tree)
console.log(`${conditions()}\n${treeLine(expected)}\n${settingsLine(values)}\n`)

await withFolder(async (stateDir) => {
  const rows = [['MB resident', 'at ready', 'scraped', 'settled', 'idle', 'peak', 'threads', 'idle cpu']]
  rows.push(await observe('first run, no state', stateDir))
  rows.push(await observe('restart, kept state', stateDir))
  console.log(table(rows))
})
console.log(
  `scraped: after ${values.scrapes} scrapes; settled: ${values.settle} s later; idle, threads: another ` +
    `${values.idle} s later; idle cpu: over these, of one core`,
)

/** @param {string} name @param {string} stateDir */
function observe(name, stateDir) {
  return withServer(values.program, treeFlags(values.tree, stateDir), async (url, { pid }) => {
    const atReady = statusOf(pid)
    mustMatch(await metricsOf(url), expected.perModel)
    for (let i = 1; i < Number(values.scrapes); i += 1) await metricsOf(url)
    const scraped = statusOf(pid)
    await pause(Number(values.settle) * 1000)
    const settled = statusOf(pid)
    const ticks = cpuTicks(pid)
    const from = performance.now()
    await pause(Number(values.idle) * 1000)
    const seconds = (performance.now() - from) / 1000
    const share = (cpuTicks(pid) - ticks) / ticksPerSecond / seconds
    const idle = statusOf(pid)
    const resident = [atReady, scraped, settled, idle].map(({ megabytes }) => megabytes.toFixed(0))
    return [name, ...resident, idle.peakMegabytes.toFixed(0), `${idle.threads}`, `${(share * 100).toFixed(2)} %`]
  })
}
