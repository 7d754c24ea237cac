// Wall and processor time, memory and bytes of `backfill` with a stored state of half a million responses, and optionally the time of
// promtool. The answer is checked first: the last values must equal those of /metrics.
//   node bench/backfill.js [--tree DIR] [--days 30] [--series 30,300] [--runs 3] [--promtool FILE] [--program dist/main.js]
//   series: combinations of project and model beyond which others are folded; each has nine counters
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answerOf, expectedOf, mustMatch, treeLine } from './answers.js'
import { treeFlags, withFolder } from './served.js'
import { conditions, defaultProgram, defaultTree, median, optionsOf, settingsLine, table } from './support.js'
import { outputOf, timed } from './trial.js'

const values = optionsOf({
  tree: defaultTree('20000'),
  days: '30',
  series: '30,300',
  runs: '3',
  promtool: '',
  program: defaultProgram,
})
const peak = fileURLToPath(new URL('peak.js', import.meta.url))
const expected = expectedOf(values.tree)
console.log(`${conditions()}\n${treeLine(expected)}\n${settingsLine(values)}\n`)

const rows = [
  ['series of counters', 'values', 'MB', 'once', '', 'backfill', '', 'values a second', 'MB resident', 'promtool'],
]
rows.push(['', '', '', 'wall', 'cpu', 'wall', 'cpu', '', '', 'wall'])
for (const series of values.series.split(',')) await withFolder((folder) => bench(folder, series))
console.log(table(rows))

/** @typedef {{ wall: number, cpu: number, megabytes: number }} Run */

/** @param {import('./trial.js').Command} command a program of Node @param {string} folder @returns {Promise<Run>} */
async function measured({ file, args, env }, folder) {
  const AUE_PEAK = join(folder, 'peak')
  const { wall, cpu } = await timed({ file, args: ['--import', peak, ...args], env: { ...env, AUE_PEAK } })
  return { wall, cpu, megabytes: Number(readFileSync(AUE_PEAK, 'utf8')) }
}

/** @param {string} folder @param {string} series */
async function bench(folder, series) {
  const flags = [
    ...treeFlags(values.tree, join(folder, 'state')),
    '--agents=claude-code',
    `--metrics.max-series=${series}`,
  ]
  const program = (/** @type {string} */ command, /** @type {string[]} */ ...more) => ({
    file: process.execPath,
    args: [resolve(values.program), command, ...flags, '--log.format=json', ...more],
    env: { HOME: folder },
  })
  const exposition = outputOf(program('once'))
  mustMatch(exposition, expected.perModel)
  const dir = join(folder, 'past')
  const last = lastUsage(exposition)
  const span = [`--from=${last - Number(values.days) * 86_400}`, `--to=${last + 300}`]
  const backfill = program('backfill', `--output=${dir}`, ...span)
  const printed = /^# (\d+) values of (\d+) series/.exec(outputOf(backfill))
  const [, count = '', counters = ''] = printed ?? []
  if (JSON.stringify(answerOf(lastValues(dir))) !== JSON.stringify(answerOf(exposition)))
    throw new Error('the last values of the backfill differ from /metrics, so nothing is timed')
  const bytes = readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0)

  /** @type {Run[]} */
  const plain = []
  /** @type {Run[]} */
  const runs = []
  for (let run = 0; run < Number(values.runs); run += 1) {
    plain.push(await measured(program('once'), folder))
    runs.push(await measured(backfill, folder))
  }
  const middle = (/** @type {Run[]} */ all, /** @type {keyof Run} */ key) => median(all.map((one) => one[key]))
  const more = middle(runs, 'wall') - middle(plain, 'wall')
  rows.push([
    counters,
    count,
    (bytes / 1e6).toFixed(0),
    ...[plain, runs].flatMap((all) => [`${middle(all, 'wall').toFixed(2)} s`, `${middle(all, 'cpu').toFixed(2)} s`]),
    more > 0 ? `${(Number(count) / more / 1e6).toFixed(1)} M` : '',
    middle(runs, 'megabytes').toFixed(0),
    values.promtool === '' ? '' : `${(await blocks(dir)).toFixed(1)} s`,
  ])
}

/** Seconds since 1970. @param {string} exposition */
function lastUsage(exposition) {
  const times = [...exposition.matchAll(/^agent_usage_last_activity_timestamp_seconds\{.*\} (\S+)$/gm)]
  return Math.floor(times.reduce((latest, [, time]) => Math.max(latest, Number(time)), 0))
}

/** Samples of the last timestamp, without it. @param {string} dir */
function lastValues(dir) {
  const text = readFileSync(join(dir, readdirSync(dir).sort().at(-1) ?? ''), 'utf8')
  const time = / (\d+)\n# EOF\n$/.exec(text.slice(-100))?.[1] ?? ''
  return [...text.matchAll(new RegExp(`^(.*) ${time}$`, 'gm'))].map(([, sample]) => `${sample}\n`).join('')
}

/** Seconds that promtool needs for all days. @param {string} dir */
async function blocks(dir) {
  const script = `for day in "$1"/*.om; do "$0" tsdb create-blocks-from -q openmetrics "$day" "$1/blocks" || exit 1; done`
  const { wall } = await timed({ file: 'sh', args: ['-c', script, values.promtool, dir], env: {} })
  rmSync(join(dir, 'blocks'), { recursive: true })
  return wall
}
