// The engines alone: reading a tree through `parseFiles` on one thread, beside a loop that only reads the bytes. Every
// trial is a fresh process, as a first pass is; the answers are compared before any time is.
//   node bench/decode.js [--tree DIR] [--runs 5] [--dist dist]
import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { conditions, defaultProgram, defaultTree, median, table } from './support.js'

const { values } = parseArgs({
  options: {
    tree: { type: 'string', default: defaultTree('1900') },
    runs: { type: 'string', default: '5' },
    dist: { type: 'string', default: dirname(defaultProgram) },
    trial: { type: 'string' },
  },
})
const ENGINES = ['read', 'v8', 'wasm']
/** As the program splits its work. */
const TASK_BYTES = 4 * 1024 * 1024
const CHUNK_BYTES = 512 * 1024

if (values.trial === undefined) compare()
else console.log(JSON.stringify(await trial(values.trial)))

function compare() {
  if (usage('v8') !== usage('wasm')) throw new Error('the engines disagree, so no times')
  const [, v8, wasm] = ENGINES.map(run)
  if (v8.records !== wasm.records) throw new Error(`${v8.records} records and ${wasm.records}, so no times`)
  console.log(`${conditions()}\ntree     ${v8.files} files, ${(v8.bytes / 1e6).toFixed(0)} MB, ${v8.lines} lines\n`)
  console.log(`v8 and wasm make the same of ${v8.records} records; wasm left to v8: ${JSON.stringify(wasm.gaveUp)}\n`)
  const rounds = Array.from({ length: Number(values.runs) }, () => ENGINES.map(run))
  const rows = ENGINES.map((name, engine) => {
    const of = (key) => median(rounds.map((round) => round[engine][key]))
    const ratio = (base) => median(rounds.map((round) => round[engine].cpu / round[base].cpu)).toFixed(2)
    const speed = (v8.bytes / 1e3 / of('wall')).toFixed(0)
    return [name, `${of('wall').toFixed(0)} ms`, `${of('cpu').toFixed(0)} ms`, speed, ratio(0), ratio(1)]
  })
  console.log(table([['', 'median', 'cpu', 'MB/s', '÷ read', '÷ v8'], ...rows]))
  console.log(
    `${values.runs} interleaved rounds, fresh processes, warm page cache; ratios of cpu within a round, median`,
  )
}

/** What the program shows of the tree with an engine, but for what it shows of itself. */
function usage(engine) {
  const args = [
    'once',
    `--parser.backend=${engine}`,
    `--claude.config-dir=${values.tree}`,
    '--state.dir=none',
    '--log.level=error',
  ]
  const shown = execFileSync(process.execPath, [join(values.dist, 'main.js'), ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  return shown
    .split('\n')
    .filter((line) => !/^#|^agent_usage_exporter_/.test(line))
    .join('\n')
}

function run(engine) {
  const args = [fileURLToPath(import.meta.url), '--trial', engine, '--tree', values.tree, '--dist', values.dist]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 }))
}

async function trial(engine) {
  const load = (path) => import(pathToFileURL(resolve(values.dist, path)).href)
  const { createReadBuffer, parseFiles } = await load('parse-file.js')
  const { SOURCES, sourceOf } = await load('sources.js')
  const files = transcripts(sourceOf('claude-code'))
  const tasks = split(files)
  const buffer = createReadBuffer(CHUNK_BYTES, SOURCES)
  const before = process.cpuUsage()
  const start = performance.now()
  const parse = (task) => parseFiles({ agent: 'claude-code', backend: engine, files: task }, buffer)
  if (engine === 'read') readAll(files)
  else for (const task of tasks) parse(task)
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return {
    wall,
    cpu: (user + system) / 1000,
    files: files.length,
    bytes,
    ...summary(engine === 'read' ? [] : answers(tasks, parse)),
  }
}

// Once more, untimed: a result is good until the next task.
function* answers(tasks, parse) {
  for (const task of tasks) yield parse(task)
}

function summary(results) {
  const gaveUp = {}
  let [lines, records] = [0, 0]
  for (const { batch, outcomes } of results) {
    records += batch.entries.count + batch.repeats
    for (const { gaveUp: left, lines: some } of outcomes) {
      lines += some
      for (const [reason, count] of Object.entries(left)) gaveUp[reason] = (gaveUp[reason] ?? 0) + count
    }
  }
  return { lines, records, gaveUp }
}

function transcripts(source) {
  const root = join(resolve(values.tree), 'projects')
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name)
    const place = source.locate(path.slice(root.length + 1).split(/[\\/]/))
    if (place === undefined) return []
    return [{ ...place, path, wantsCwd: true, from: 0, fingerprint: { low: 0, high: 0 }, bytes: statSync(path).size }]
  })
}

function split(files) {
  const tasks = []
  let left = 0
  for (const file of files.toSorted((a, b) => b.bytes - a.bytes)) {
    if (left <= 0) {
      tasks.push([])
      left = TASK_BYTES
    }
    tasks.at(-1).push(file)
    left -= file.bytes
  }
  return tasks
}

function readAll(files) {
  const bytes = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  for (const { path } of files) {
    const descriptor = openSync(path, 'r')
    while (readSync(descriptor, bytes) > 0);
    closeSync(descriptor)
  }
}
