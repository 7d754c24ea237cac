// Duration of a scrape by a client like Prometheus: while the program is idle, and while it reads a large new tree. Scrapes have a fixed
// interval and do not overlap: like in Prometheus, one that would start during another is skipped.
//   node bench/scrape.js [--tree DIR] [--series 1000,5000,20000] [--runs 10] [--idle 40] [--pace 100]
//                        [--program dist/main.js]
//   idle: scrapes per run; pace: interval in ms
import { linkSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { expectedOf, mustMatch, together, treeLine } from './answers.js'
import { get, metricsOf, treeFlags, withFolder, withServer } from './served.js'
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
import { writeRegularTree } from './tree/regular.js'
import { allModels } from './tree/session.js'

const values = optionsOf({
  tree: defaultTree('3100'),
  series: '1000,5000,20000',
  runs: '10',
  idle: '40',
  pace: '100',
  program: defaultProgram,
})
/** Usage series of one project and model: tokens 5, periods 3, cost, requests, searches. */
const seriesOfPair = 11
const patienceMs = 300_000
const asPrometheus = {
  accept:
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,' +
    'application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,' +
    'text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
  'accept-encoding': 'gzip',
}
const tree = resolve(values.tree)
const appearing = expectedOf(tree)
console.log(`${conditions()}\n${treeLine(appearing)}\n${settingsLine(values)}\n`)

const rows = [['', 'kB gzip', ...spreadHeading]]
for (const series of values.series.split(',').map(Number)) {
  // Next to the tree, since renames and hard links need the same file system.
  rows.push(...(await withFolder((folder) => measure(folder, series), dirname(tree))))
}
console.log(table(rows))

/** @param {string} folder @param {number} series */
async function measure(folder, series) {
  const projects = Math.max(1, Math.round(series / seriesOfPair / allModels.length))
  const pairs = projects * allModels.length
  /** @type {number[]} */
  const idle = []
  /** @type {number[]} */
  const during = []
  let shown = 0
  let gzipBytes = 0
  for (let run = 0; run < Number(values.runs); run += 1) {
    const root = join(folder, `root-${run}`)
    const staged = join(folder, `staged-${run}`)
    const small = writeRegularTree({ out: root, files: pairs, responses: 2 * pairs, bytes: 4000 * pairs, projects })
    linkTree(join(tree, 'projects'), staged)
    // New projects share one label, so the number of series stays the same.
    const flags = [...treeFlags(root, join(folder, `state-${run}`)), `--metrics.max-series=${pairs}`]
    await withServer(values.program, flags, async (url) => {
      const exposition = await metricsOf(url)
      mustMatch(exposition, small.perModel)
      shown = exposition.match(/^agent_usage_(?!exporter_)[a-z_]+\{.*project=/gm)?.length ?? 0
      await scrapes(url, idle, () => idle.length >= Number(values.idle) * (run + 1))
      for (const name of readdirSync(staged)) renameSync(join(staged, name), join(root, 'projects', `-new${name}`))
      const all = `\nagent_usage_exporter_files ${small.files + appearing.files}\n`
      await scrapes(url, during, (body) => gunzipSync(body).includes(all))
      gzipBytes = (await get(`${url}/metrics`, asPrometheus)).body.length
      mustMatch(await metricsOf(url), together(small.perModel, appearing.perModel))
    })
  }
  const size = (gzipBytes / 1e3).toFixed(0)
  return [
    [`${shown} series, idle`, size, ...spread(idle)],
    [`${shown} series, during a cold pass`, size, ...spread(during)],
  ]
}

/**
 * Scrapes until `isLast`, and adds the time of each scrape in ms to `kept`.
 * @param {string} url @param {number[]} kept @param {(body: Buffer) => boolean} isLast
 */
async function scrapes(url, kept, isLast) {
  const pace = Number(values.pace)
  for (const until = performance.now() + patienceMs; performance.now() < until;) {
    const startedAt = performance.now()
    const { body } = await get(`${url}/metrics`, asPrometheus)
    const took = performance.now() - startedAt
    kept.push(took)
    if (isLast(body)) return
    await pause(pace - (took % pace))
  }
  throw new Error(`the files that appeared were not all read within ${patienceMs} ms`)
}

/** Hard links to the same files in another folder. @param {string} from @param {string} to */
function linkTree(from, to) {
  mkdirSync(to)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) linkTree(join(from, entry.name), join(to, entry.name))
    else linkSync(join(from, entry.name), join(to, entry.name))
  }
}
