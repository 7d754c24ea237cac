// Resident memory and idle processor time on a large tree: after a first run, and after a restart with kept state.
// Linux only (/proc).
//   node bench/memory.js [--tree DIR] [--settle 15] [--idle 60] [--program dist/main.js]     settle, idle: seconds
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import {
  conditions, defaultProgram, defaultTree, expectedOf, get, mustMatch, ready, startServer, table, treeFlags,
} from './support.js'

const { values } = parseArgs({
  options: {
    tree: { type: 'string', default: defaultTree('20000') },
    settle: { type: 'string', default: '15' },
    idle: { type: 'string', default: '60' },
    program: { type: 'string', default: defaultProgram },
  },
})
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
const expected = expectedOf(values.tree)
const stateDir = mkdtempSync(join(tmpdir(), 'aue-state-'))

try {
  console.log(conditions())
  console.log(`tree     ${expected.profile}: ${expected.files} files, ${expected.requests} responses\n`)
  const rows = [['', 'at ready', 'steady', 'peak', 'idle cpu']]
  rows.push(await observe('first run, no state'))
  rows.push(await observe('restart, kept state'))
  console.log(table(rows))
  console.log(`steady: ${values.settle} s after the first scrape; idle: over the ${values.idle} s after that, of one core`)
} finally {
  rmSync(stateDir, { recursive: true })
}

async function observe(name) {
  const server = startServer(resolve(values.program), treeFlags(values.tree, stateDir))
  try {
    const url = await server.listening
    await ready(url)
    const atReady = resident(server.pid)
    mustMatch((await get(`${url}/metrics`)).body, expected)
    await pause(Number(values.settle) * 1000)
    const steady = resident(server.pid)
    const ticks = cpuTicks(server.pid)
    const from = performance.now()
    await pause(Number(values.idle) * 1000)
    const seconds = (performance.now() - from) / 1000
    const idle = (cpuTicks(server.pid) - ticks) / ticksPerSecond / seconds
    const { peak } = resident(server.pid)
    return [name, `${atReady.now} MB`, `${steady.now} MB`, `${peak} MB`, `${(idle * 100).toFixed(2)} %`]
  } finally {
    await server.stop()
  }
}

/** VmRSS and VmHWM in MB (10⁶ bytes). */
function resident(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name) => Math.round((Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)[1]) * 1024) / 1e6)
  return { now: field('VmRSS'), peak: field('VmHWM') }
}

/** User and system time of all threads in clock ticks: fields 14 and 15, found from behind the name (it may hold spaces). */
function cpuTicks(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}
