// Compares this build with another one in interleaved runs, to measure the cost of a change. Only ratios are meaningful, since a machine
// has slow minutes. Linux only (/proc).
//   node bench/versions.js --before DIR/dist/main.js [--program dist/main.js] [--tree DIR] [--cold DIR] [--rounds 7]
//   tree: the served tree; cold: the tree that is read from an empty state
import { appendFileSync, copyFileSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expectedOf, mustMatch, treeLine } from './answers.js'
import { statusOf } from './process.js'
import { metricsOf, ready, startServer, treeFlags, withFolder } from './served.js'
import { conditions, defaultProgram, defaultTree, median, optionsOf, settingsLine, table } from './support.js'
import { interleaved, outputOf, timed } from './trial.js'

const values = optionsOf({
  before: '',
  program: defaultProgram,
  tree: defaultTree('20000'),
  cold: defaultTree('3100'),
  rounds: '7',
})
if (values.before === '') throw new Error('--before names the build to compare with')
/** Appended lines in each round. */
const APPENDS = 20
const rounds = Number(values.rounds)
const served = expectedOf(values.tree)
console.log(`${conditions()}\n${treeLine(expectedOf(values.cold))}\n${treeLine(served)}\n${settingsLine({ rounds })}\n`)

const before = resolve(values.before)
const after = resolve(values.program)
const versions = [before, after]
const rows = [['', 'before', 'after', 'after ÷ before', 'range']]
await cold()
await withFolder((parent) => serving(parent))
console.log(table(rows))

/** Runs of the whole program over a tree from an empty state. */
async function cold() {
  const command = (/** @type {string} */ program) => ({
    file: process.execPath,
    args: [program, 'once', ...treeFlags(values.cold, 'none')],
    env: { HOME: '/nonexistent' },
  })
  for (const program of versions) mustMatch(outputOf(command(program)), expectedOf(values.cold).perModel)
  const runs = await interleaved(versions, rounds, (program) => timed(command(program)))
  note('cold: wall', 's', runs, ({ wall }) => wall)
  note('cold: processor', 's', runs, ({ cpu }) => cpu)
}

/** A first run of each version, then restarts with the state of that run. @param {string} parent */
async function serving(parent) {
  const firstRuns = await interleaved(versions, Math.max(1, Math.floor(rounds / 2)), async (program) => {
    const stateDir = join(parent, `state-${versions.indexOf(program)}`)
    rmSync(stateDir, { recursive: true, force: true })
    return life(program, stateDir, false)
  })
  note('first run: peak resident', 'MB', firstRuns, ({ peakMb }) => peakMb)
  note('first run: resident, settled', 'MB', firstRuns, ({ settledMb }) => settledMb)
  const lives = await interleaved(versions, rounds, (program) =>
    life(program, join(parent, `state-${versions.indexOf(program)}`), true),
  )
  note('restart → ready', 'ms', lives, ({ readyMs }) => readyMs)
  note('restart → right /metrics', 'ms', lives, ({ rightMs }) => rightMs)
  note('restart: resident, settled', 'MB', lives, ({ settledMb }) => settledMb)
  note('append → /metrics, p50', 'ms', lives, ({ appendMs }) => appendMs)
  note('one scrape, p50', 'ms', lives, ({ scrapeMs }) => scrapeMs)
}

/**
 * One start and stop of the program as a service.
 * @param {string} program @param {string} stateDir @param {boolean} appends whether lines are appended as well
 */
async function life(program, stateDir, appends) {
  const server = startServer(program, treeFlags(values.tree, stateDir))
  const since = () => performance.now() - server.startedAt
  try {
    const url = await server.listening
    await ready(url)
    const readyMs = since()
    const exposition = await metricsOf(url)
    const rightMs = since()
    mustMatch(exposition, served.perModel)
    await pause(appends ? 1_500 : 6_000)
    const scrapes = []
    for (let i = 0; i < 20; i += 1) {
      const from = performance.now()
      await metricsOf(url)
      scrapes.push(performance.now() - from)
    }
    const lags = appends ? await appendedTo(url) : [Number.NaN]
    const { megabytes: settledMb, peakMegabytes: peakMb } = statusOf(server.pid)
    return { readyMs, rightMs, settledMb, peakMb, appendMs: median(lags), scrapeMs: median(scrapes) }
  } finally {
    await server.stop()
  }
}

/**
 * Lags of copies of a transcript's last line. They count nothing new and are noticed by the number of lines read.
 * @param {string} url
 */
async function appendedTo(url) {
  const atFirst = lines(await metricsOf(url))
  const { path, line } = fork()
  try {
    await shown(url, atFirst)
    const lags = []
    for (let i = 0; i < APPENDS; i += 1) {
      await pause(20 + ((i * 7) % 30))
      const before = lines(await metricsOf(url))
      appendFileSync(path, line)
      const from = performance.now()
      await shown(url, before)
      lags.push(performance.now() - from)
    }
    return lags
  } finally {
    rmSync(path)
  }
}

/** @param {string} url @param {number} before lines counted so far */
async function shown(url, before) {
  for (const until = performance.now() + 10_000; performance.now() < until;) {
    if (lines(await metricsOf(url)) > before) return
  }
  throw new Error('an appended line did not show within 10 s')
}

/** @param {string} exposition */
function lines(exposition) {
  return Number(/^agent_usage_exporter_lines_total (\d+)/m.exec(exposition)?.[1])
}

/** A copy of a small transcript, whose responses still count once. */
function fork() {
  const projects = join(values.tree, 'projects')
  for (const slug of readdirSync(projects).sort()) {
    for (const name of readdirSync(join(projects, slug)).filter((each) =>
      /^[0-9a-e][0-9a-f]{7}-.*\.jsonl$/.test(each),
    )) {
      const original = join(projects, slug, name)
      if (statSync(original).size > 500_000) continue
      const path = join(dirname(original), 'ffffffff-cccc-4000-8000-000000000000.jsonl')
      copyFileSync(original, path)
      const text = readFileSync(path, 'utf8')
      return { path, line: text.slice(text.lastIndexOf('\n', text.length - 2) + 1) }
    }
  }
  throw new Error(`no transcript to append to below ${projects}`)
}

/**
 * Adds a row with the medians, and with median and range of the ratios within each round.
 * @template R @param {string} name @param {string} unit
 * @param {ReadonlyMap<string, R[]>} runs by version @param {(run: R) => number} valueOf
 */
function note(name, unit, runs, valueOf) {
  const olds = (runs.get(before) ?? []).map(valueOf)
  const news = (runs.get(after) ?? []).map(valueOf)
  const ratios = news.map((value, round) => value / (olds[round] ?? NaN))
  const shown = (/** @type {number} */ value) => `${value.toPrecision(3)} ${unit}`
  const range = `${Math.min(...ratios).toFixed(2)} – ${Math.max(...ratios).toFixed(2)}`
  rows.push([name, shown(median(olds)), shown(median(news)), median(ratios).toFixed(3), range])
}
