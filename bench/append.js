// Delay between a line appended to a large served tree and the changed value on /metrics. The poller scrapes without pause, so each
// delay includes the time of a scrape, which is shown separately. Since that time grows with the series and not with the
// files, `--pairs` repeats the bench with most projects folded into one.
//   node bench/append.js [--tree DIR] [--runs 500] [--gap 5-60] [--pairs 20,all] [--program dist/main.js]
//   gap: range of the random pause in ms between a shown line and the next one
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expectedOf, mustMatch, treeLine } from './answers.js'
import { metricsOf, treeFlags, withFolder, withServer } from './served.js'
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
import { createRandom } from './tree/random.js'

const values = optionsOf({
  tree: defaultTree('20000'),
  runs: '500',
  gap: '5-60',
  pairs: '20,all',
  program: defaultProgram,
})
const [shortest = 0, longest = shortest] = values.gap.split('-').map(Number)
const patienceMs = 10_000
const outputTokens = 7
const random = createRandom(3)
const expected = expectedOf(values.tree)
console.log(`${conditions()}\n${treeLine(expected)}\n${settingsLine(values)}\n`)

const heading = ['', ...spreadHeading]
const rows = []
for (const pairs of values.pairs.split(',')) rows.push(...(await measure(pairs)))
console.log(table([heading, ...rows]))

/** `pairs`: number of combinations of project and model; the others are `project="other"`. @param {string} pairs */
async function measure(pairs) {
  const fork = forkOf(ordinaryTranscript(join(values.tree, 'projects')))
  const flags = pairs === 'all' ? [] : [`--metrics.max-series=${pairs}`]
  try {
    return await withFolder((stateDir) =>
      withServer(values.program, [...treeFlags(values.tree, stateDir), ...flags], async (url) => {
        const exposition = await metricsOf(url)
        mustMatch(exposition, expected.perModel)
        const series = seriesOf(exposition, fork)
        /** @type {number[]} */
        const scrapes = []
        // The watcher is still starting when the first line is written.
        const first = await append(url, { fork, series, scrapes })
        const lags = []
        for (let i = 0; i < Number(values.runs); i += 1) {
          // Not in step with the program's own timers.
          await pause(random.between(shortest, longest))
          lags.push(await append(url, { fork, series, scrapes }))
        }
        const size = `${(exposition.length / 1e3).toFixed(0)} kB`
        return [
          [`${size}: append → /metrics`, ...spread(lags)],
          [`${size}: the first, when just ready`, ...spread([first])],
          [`${size}: one scrape`, ...spread(scrapes)],
        ]
      }),
    )
  } finally {
    rmSync(fork.path)
  }
}

/** @typedef {{ path: string, model: string, cwd: string }} Transcript */

/**
 * Appends one response and polls until it is shown. Returns the lag in ms and adds the time of each poll to `scrapes`.
 * @param {string} url @param {{ fork: ReturnType<typeof forkOf>, series: string, scrapes: number[] }} where
 */
async function append(url, { fork, series, scrapes }) {
  const shown = async () => valueOf(await metricsOf(url), series)
  const before = await shown()
  appendFileSync(fork.path, response(fork))
  const appendedAt = performance.now()
  for (let now = appendedAt; now - appendedAt < patienceMs;) {
    const value = await shown()
    scrapes.push(performance.now() - now)
    now = performance.now()
    if (value === before + outputTokens) return now - appendedAt
    if (value !== before) throw new Error(`${series} went from ${before} to ${value}, not up by ${outputTokens}`)
  }
  throw new Error(`${series} did not change within ${patienceMs} ms`)
}

/** @param {ReturnType<typeof forkOf>} fork */
function response({ cwd, sessionId, model }) {
  return `${JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    message: {
      model,
      id: `msg_01${random.token(22)}`,
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'Done.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 3,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 1000,
        output_tokens: outputTokens,
      },
    },
    requestId: `req_011C${random.token(20)}`,
    type: 'assistant',
    uuid: random.uuid(),
    timestamp: new Date().toISOString(),
    userType: 'external',
    cwd,
    sessionId,
    version: '2.1.290',
    gitBranch: 'main',
  })}\n`
}

/**
 * Name and labels of the sample in the exposition, up to its value; that of `other` if it is folded.
 * @param {string} exposition @param {Transcript} transcript
 */
function seriesOf(exposition, { cwd, model }) {
  const outputs = exposition
    .split('\n')
    .filter(
      (sample) =>
        sample.startsWith('agent_usage_tokens_total{') &&
        sample.includes('token_type="output"') &&
        sample.includes(`model="${model.replace(/-\d{8}$/, '')}`),
    )
  const of = (/** @type {string} */ project) => outputs.find((sample) => sample.includes(`project="${project}"`))
  const found = of(cwd.slice(cwd.lastIndexOf('/') + 1)) ?? of('other')
  if (found === undefined) throw new Error(`no output tokens of ${model} in ${cwd} on /metrics`)
  return found.slice(0, found.lastIndexOf(' ') + 1)
}

/** @param {string} exposition @param {string} series */
function valueOf(exposition, series) {
  const at = exposition.indexOf(`\n${series}`)
  if (at < 0) throw new Error(`${series} is gone`)
  const from = at + 1 + series.length
  return Number(exposition.slice(from, exposition.indexOf('\n', from)))
}

/**
 * A copy of the transcript as a fork, which counts nothing twice, so the answer of the tree does not change. Lines are appended to it
 * instead of a file of the tree. If a killed run left it behind, it is overwritten.
 * @param {Transcript} original
 */
function forkOf(original) {
  const path = join(dirname(original.path), 'ffffffff-bbbb-4000-8000-000000000000.jsonl')
  copyFileSync(original.path, path)
  return { ...original, path, sessionId: 'ffffffff-bbbb-4000-8000-000000000000' }
}

/**
 * A main transcript of ordinary size that ends with a newline and whose responses all have Anthropic ids.
 * @param {string} projects @returns {Transcript}
 */
function ordinaryTranscript(projects) {
  for (const slug of readdirSync(projects)
    .filter((name) => !name.includes('worktrees'))
    .sort()) {
    const main = /^[0-9a-e][0-9a-f]{7}-.*\.jsonl$/
    for (const name of readdirSync(join(projects, slug))
      .filter((file) => main.test(file))
      .sort()) {
      const path = join(projects, slug, name)
      const { size } = statSync(path)
      if (size < 20_000 || size > 500_000 || lastByte(path, size) !== 0x0a) continue
      const text = readFileSync(path, 'utf8')
      const model = /"model":"(claude-[^"]+)"/.exec(text)?.[1]
      const cwd = /"cwd":"([^"]+)"/.exec(text)?.[1]
      if (model !== undefined && cwd !== undefined) return { path, model, cwd }
    }
  }
  throw new Error(`no transcript to append to below ${projects}`)
}

/** @param {string} path @param {number} size */
function lastByte(path, size) {
  const descriptor = openSync(path, 'r')
  const byte = Buffer.alloc(1)
  readSync(descriptor, byte, 0, 1, size - 1)
  closeSync(descriptor)
  return byte[0]
}
