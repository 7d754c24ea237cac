// Restart with kept state on an unchanged tree: from process start until it listens, is ready, and shows the right
// totals.
//   node bench/restart.js [--tree DIR] [--runs 10] [--program dist/main.js]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import {
  conditions, defaultProgram, defaultTree, expectedOf, get, mustMatch, ready, spread, startServer, treeFlags,
} from './support.js'

const { values } = parseArgs({
  options: {
    tree: { type: 'string', default: defaultTree('20000') },
    runs: { type: 'string', default: '10' },
    program: { type: 'string', default: defaultProgram },
  },
})
const expected = expectedOf(values.tree)
const stateDir = mkdtempSync(join(tmpdir(), 'aue-state-'))

try {
  console.log(conditions())
  console.log(`tree     ${expected.profile}: ${expected.files} files, ${expected.requests} responses\n`)
  const first = await start()
  console.log(`first run, no state: ready after ${(first.readyMs / 1000).toFixed(2)} s`)
  const runs = []
  for (let i = 0; i < Number(values.runs); i += 1) runs.push(await start())
  console.log(`restart → listening        ${spread(runs.map((run) => run.listeningMs))}`)
  console.log(`restart → /-/ready         ${spread(runs.map((run) => run.readyMs))}`)
  console.log(`restart → right /metrics   ${spread(runs.map((run) => run.rightMs))}`)
} finally {
  rmSync(stateDir, { recursive: true })
}

/** One life of the program: times in ms since just before the process was started. */
async function start() {
  const server = startServer(resolve(values.program), treeFlags(values.tree, stateDir))
  try {
    const url = await server.listening
    const listeningMs = performance.now() - server.startedAt
    await ready(url)
    const readyMs = performance.now() - server.startedAt
    const { body } = await get(`${url}/metrics`)
    const rightMs = performance.now() - server.startedAt
    mustMatch(body, expected)
    return { listeningMs, readyMs, rightMs }
  } finally {
    await server.stop()
  }
}
