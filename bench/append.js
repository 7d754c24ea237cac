// One line appended to a large served tree: how long until the value on /metrics has changed. The poller asks again as
// soon as it is answered, so the time of a scrape is in every figure; it is printed beside them.
//   node bench/append.js [--tree DIR] [--runs 200] [--program dist/main.js]
import {
  appendFileSync, closeSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync, truncateSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from './random.js'
import {
  conditions, defaultProgram, defaultTree, expectedOf, get, mustMatch, ready, spread, startServer, treeFlags,
} from './support.js'

const { values } = parseArgs({
  options: {
    tree: { type: 'string', default: defaultTree('20000') },
    runs: { type: 'string', default: '200' },
    program: { type: 'string', default: defaultProgram },
  },
})
const patienceMs = 10_000
const random = createRandom(3)
const expected = expectedOf(values.tree)
const stateDir = mkdtempSync(join(tmpdir(), 'aue-state-'))
const target = chooseFile(join(values.tree, 'projects'))
const sizeBefore = statSync(target.path).size
const server = startServer(resolve(values.program), treeFlags(values.tree, stateDir))

try {
  const url = await server.listening
  await ready(url)
  const { body } = await get(`${url}/metrics`)
  mustMatch(body, expected)
  console.log(conditions())
  console.log(`tree     ${expected.profile}: ${expected.files} files; a scrape is ${(body.length / 1e3).toFixed(0)} kB\n`)
  const series = seriesOf(body, target)

  const lags = []
  const scrapes = []
  for (let i = 0; i < Number(values.runs); i += 1) {
    // Out of step with the program's own ticks.
    await new Promise((next) => setTimeout(next, random.between(5, 60)))
    lags.push(await append(url, series, scrapes))
  }
  console.log(`append → /metrics  ${spread(lags)}`)
  console.log(`one scrape         ${spread(scrapes)}`)
} finally {
  await server.stop()
  truncateSync(target.path, sizeBefore)
  rmSync(stateDir, { recursive: true })
}

/** Appends one response of 7 output tokens and polls until they are shown; the lag in ms. */
async function append(url, series, scrapes) {
  const before = valueOf((await get(`${url}/metrics`)).body, series)
  appendFileSync(target.path, line())
  const appendedAt = performance.now()
  for (let now = appendedAt; now - appendedAt < patienceMs; ) {
    const { body } = await get(`${url}/metrics`)
    const answeredAt = performance.now()
    scrapes.push(answeredAt - now)
    now = answeredAt
    const value = valueOf(body, series)
    if (value === before + 7) return now - appendedAt
    if (value !== before) throw new Error(`${series} went from ${before} to ${value}, not up by 7`)
  }
  throw new Error(`${series} did not change within ${patienceMs} ms`)
}

function line() {
  const { cwd, sessionId, model } = target
  return `${JSON.stringify({
    parentUuid: null, isSidechain: false,
    message: {
      model, id: `msg_01${random.token(22)}`, type: 'message', role: 'assistant',
      content: [{ type: 'text', text: 'Done.' }],
      stop_reason: 'end_turn', stop_sequence: null,
      usage: { input_tokens: 3, cache_creation_input_tokens: 0, cache_read_input_tokens: 1000, output_tokens: 7 },
    },
    requestId: `req_011C${random.token(20)}`, type: 'assistant', uuid: random.uuid(), timestamp: new Date().toISOString(),
    userType: 'external', cwd, sessionId, version: '2.1.290', gitBranch: 'main',
  })}\n`
}

/** A main transcript of ordinary size that ends in a newline, and whose model already has a series. */
function chooseFile(projects) {
  for (const slug of readdirSync(projects).filter((name) => !name.includes('worktrees')).sort()) {
    for (const name of readdirSync(join(projects, slug)).filter((file) => /^[0-9a-f]{8}-.*\.jsonl$/.test(file)).sort()) {
      const path = join(projects, slug, name)
      const { size } = statSync(path)
      if (size < 50_000 || size > 500_000 || lastByte(path, size) !== 0x0a) continue
      const text = readFileSync(path, 'utf8')
      const model = /"model":"(claude-[^"]+)"/.exec(text)?.[1]
      const cwd = /"cwd":"([^"]+)"/.exec(text)?.[1]
      if (model !== undefined && cwd !== undefined) return { path, model, cwd, sessionId: name.slice(0, -6) }
    }
  }
  throw new Error(`no transcript to append to below ${projects}`)
}

function lastByte(path, size) {
  const fd = openSync(path, 'r')
  const byte = Buffer.alloc(1)
  readSync(fd, byte, 0, 1, size - 1)
  closeSync(fd)
  return byte[0]
}

/** The sample's name and labels as they stand in the exposition, up to the value. */
function seriesOf(exposition, { cwd, model }) {
  const project = cwd.slice(cwd.lastIndexOf('/') + 1)
  const undated = model.replace(/-\d{8}$/, '')
  const found = exposition.split('\n').find(
    (sample) =>
      sample.startsWith('agent_usage_tokens_total{') && sample.includes('token_type="output"') &&
      sample.includes(`project="${project}"`) &&
      (sample.includes(`model="${model}"`) || sample.includes(`model="${undated}"`)),
  )
  if (found === undefined) throw new Error(`no output tokens of ${model} in ${project} on /metrics`)
  return found.slice(0, found.lastIndexOf(' ') + 1)
}

function valueOf(exposition, series) {
  const at = exposition.indexOf(`\n${series}`)
  if (at < 0) throw new Error(`${series} is gone`)
  const from = at + 1 + series.length
  return Number(exposition.slice(from, exposition.indexOf('\n', from)))
}
