// Cost of pushes to an OpenTelemetry receiver: processor time and longest stall of the event loop for each push, memory, and the time
// to load their code. Compared with a program that sends the same number of series as observable counters of the SDK. Linux only
// (/proc).
//   node bench/otlp.js [--series 20000] [--pushes 20] [--rounds 3] [--imports 15] [--program dist/main.js]
//   pushes: per round, one a second
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { allColumns, differences } from './answers.js'
import { statusOf } from './process.js'
import { importTimes } from './push/imports.js'
import { startReceiver } from './push/receiver.js'
import { metricsOf, ready, treeFlags, withFolder } from './served.js'
import { conditions, defaultProgram, median, optionsOf, settingsLine, table } from './support.js'
import { writeRegularTree } from './tree/regular.js'
import { allModels } from './tree/session.js'

/** @typedef {{ cpuMs: number, stallMs: number }} Observed since the previous request */
/** @typedef {Observed & { megabytes: number, bytes: number, gzipped: number }} Round `cpuMs`: per push */

const values = optionsOf({ series: '20000', pushes: '20', rounds: '3', imports: '15', program: defaultProgram })
/** Usage series of one project and model, as in scrape.js. */
const seriesOfPair = 11
const patienceMs = 120_000
const pushes = Number(values.pushes)
const observer = fileURLToPath(new URL('push/observer.js', import.meta.url))
const observable = fileURLToPath(new URL('push/observable.js', import.meta.url))
console.log(`${conditions()}\n${settingsLine(values)}\n`)

await withFolder(async (folder) => {
  const projects = Math.max(1, Math.round(Number(values.series) / seriesOfPair / allModels.length))
  const pairs = projects * allModels.length
  const root = join(folder, 'root')
  const expected = writeRegularTree({ out: root, files: pairs, responses: 2 * pairs, bytes: 4000 * pairs, projects })
  const flags = (/** @type {string} */ state) => [
    ...['serve', '--web.listen-address=127.0.0.1:0', '--log.format=json', `--metrics.max-series=${pairs}`],
    ...treeFlags(root, join(folder, state)),
  ]

  /** @type {{ quiet: Round[], pushing: Round[], naive: Round[] }} */
  const all = { quiet: [], pushing: [], naive: [] }
  let points = 0
  for (let round = 0; round < Number(values.rounds); round += 1) {
    all.quiet.push(await observed(resolve(values.program), flags(`quiet-${round}`)))
    const { accepted, ...pushing } = await receiving(resolve(values.program), (url) => [
      ...flags(`pushing-${round}`),
      ...[`--otlp.endpoint=${url}`, '--otlp.interval=1s'],
    ])
    const wrong = differences(accepted.answer, expected.perModel, allColumns)
    if (wrong.length > 0) throw new Error(`what arrived is wrong, so no times:\n${wrong.slice(0, 20).join('\n')}`)
    all.pushing.push(pushing)
    points = accepted.points
    const { accepted: others, ...naive } = await receiving(observable, (url) => [url, `${points}`])
    if (others.points !== points || others.sum !== (points * (points + 1)) / 2)
      throw new Error(`of observable counters arrived ${others.points} points with the sum ${others.sum}, so no times`)
    all.naive.push(naive)
  }

  const idleMs = medianOf(all.quiet, 'cpuMs')
  const row = (/** @type {string} */ name, /** @type {Round[]} */ rounds, /** @type {number} */ less) => [
    name,
    `${(medianOf(rounds, 'cpuMs') - less).toFixed(1)} ms`,
    `${medianOf(rounds, 'stallMs').toFixed(1)} ms`,
    medianOf(rounds, 'megabytes').toFixed(0),
    (medianOf(rounds, 'bytes') / 1e6).toFixed(2),
    (medianOf(rounds, 'gzipped') / 1e6).toFixed(3),
  ]
  const heading = ['', 'cpu a push', 'longest stall', 'MB resident', 'MB a push', 'gzipped']
  const quiet = row('the program without pushes', all.quiet, idleMs)
  const rows = [
    heading,
    [...quiet.slice(0, 1), '', ...quiet.slice(2, 4), '', ''],
    row('the program', all.pushing, idleMs),
    row('observable counters', all.naive, 0),
  ]
  console.log(`${points} points a push\n${table(rows)}`)
  const { loaded, empty } = await importTimes(folder, Number(values.imports))
  console.log(
    `import of what pushes: ${(median(loaded) - median(empty)).toFixed(1)} ms (an empty module ${median(empty).toFixed(1)})`,
  )
})
console.log(
  `medians of ${values.rounds} rounds; cpu of the program: less what it takes in the same time without pushes`,
)

/**
 * Starts a program that pushes once a second to a receiver in this process.
 * @param {string} program @param {(url: string) => string[]} args
 */
async function receiving(program, args) {
  const receiver = await startReceiver()
  try {
    const round = await observed(program, args(receiver.url), receiver)
    return { ...round, accepted: receiver.last() }
  } finally {
    await receiver.close()
  }
}

/**
 * Starts a program, lets it warm up, and observes it for the duration of all pushes of a round.
 * @param {string} program @param {readonly string[]} args
 * @param {Awaited<ReturnType<typeof startReceiver>>} [receiver] without one, the clock decides
 * @returns {Promise<Round>}
 */
async function observed(program, args, receiver) {
  const child = spawn(process.execPath, [`--import=${observer}`, program, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const gone = new Promise((done) => child.once('exit', done))
  const url = new Promise((found) => {
    let log = ''
    child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      log += text
      const listening = /"url":"(http[^"]+)"/.exec(log)?.[1]
      if (listening !== undefined) found(listening)
    })
  })
  const wait = (/** @type {number} */ count) => (receiver ? receiver.more(count, patienceMs) : pause(count * 1000))
  /** @returns {Promise<Observed>} */
  const ask = () =>
    new Promise((done) => {
      child.once('message', done)
      child.send('since')
    })
  try {
    if (program !== observable) {
      const served = String(await url)
      await ready(served)
      // The first scrape allocates what pushes also use.
      for (let scrape = 0; scrape < 3; scrape += 1) await metricsOf(served)
    }
    await wait(3)
    await ask()
    await wait(pushes)
    const { cpuMs, stallMs } = await ask()
    const { bytes, gzipped } = receiver?.last() ?? { bytes: 0, gzipped: 0 }
    return { cpuMs: cpuMs / pushes, stallMs, megabytes: statusOf(child.pid).megabytes, bytes, gzipped }
  } finally {
    child.kill('SIGTERM')
    await gone
  }
}

/** @param {readonly Round[]} rounds @param {keyof Round} field */
function medianOf(rounds, field) {
  return median(rounds.map((round) => round[field]))
}
