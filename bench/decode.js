// The engines alone: a tree is read through `parseFiles` on one thread, compared with a loop that only reads the bytes. Every trial is a
// new process, like a first pass; answers are compared before times.
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
/** @typedef {import('../src/worker/protocol.js').FileTask} FileTask */
/** @typedef {import('../src/worker/protocol.js').ParseResult} ParseResult */
/** @typedef {Awaited<ReturnType<typeof trial>>} Trial */

/** `read` only reads the bytes. @typedef {'read' | 'v8' | 'wasm'} Engine */
/** @type {readonly Engine[]} */
const ENGINES = ['read', 'v8', 'wasm']
/** Size of a task, as in the program. */
const TASK_BYTES = 4 * 1024 * 1024
const CHUNK_BYTES = 512 * 1024

if (values.trial === undefined) compare()
else console.log(JSON.stringify(await trial(/** @type {Engine} */ (values.trial))))

function compare() {
  if (usage('v8') !== usage('wasm')) throw new Error('the engines disagree, so nothing is timed')
  const [v8, wasm] = [run('v8'), run('wasm')]
  if (v8.records !== wasm.records) throw new Error(`${v8.records} records and ${wasm.records}, so no times`)
  console.log(`${conditions()}\ntree     ${v8.files} files, ${(v8.bytes / 1e6).toFixed(0)} MB, ${v8.lines} lines\n`)
  console.log(
    `v8 and wasm make the same of ${v8.records} records; wasm left to v8: ${JSON.stringify(wasm.fallbacks)}\n`,
  )
  const rounds = Array.from({ length: Number(values.runs) }, () => ({
    read: run('read'),
    v8: run('v8'),
    wasm: run('wasm'),
  }))
  const rows = ENGINES.map((name) => {
    const of = (/** @type {'wall' | 'cpu'} */ key) => median(rounds.map((round) => round[name][key]))
    const ratio = (/** @type {Engine} */ base) =>
      median(rounds.map((round) => round[name].cpu / round[base].cpu)).toFixed(2)
    const speed = (v8.bytes / 1e3 / of('wall')).toFixed(0)
    return [name, `${of('wall').toFixed(0)} ms`, `${of('cpu').toFixed(0)} ms`, speed, ratio('read'), ratio('v8')]
  })
  console.log(table([['', 'median', 'cpu', 'MB/s', '÷ read', '÷ v8'], ...rows]))
  console.log(
    `${values.runs} interleaved rounds, fresh processes, warm page cache; ratios of cpu within a round, median`,
  )
}

/** The exposition of the tree with an engine, without the exporter's own metrics. @param {Engine} engine */
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

/** A trial in a process of its own. @param {Engine} engine @returns {Trial} */
function run(engine) {
  const args = [fileURLToPath(import.meta.url), '--trial', engine, '--tree', values.tree, '--dist', values.dist]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 }))
}

/** @param {Engine} engine */
async function trial(engine) {
  const load = (/** @type {string} */ path) => import(pathToFileURL(resolve(values.dist, path)).href)
  /** @type {typeof import('../src/worker/parse-file.js')} */
  const { createReadBuffer, parseFiles } = await load('parse-file.js')
  /** @type {typeof import('../src/sources/index.js')} */
  const { SOURCES, sourceOf } = await load('sources.js')
  const files = transcripts(sourceOf('claude-code'))
  const tasks = split(files)
  const buffer = createReadBuffer(CHUNK_BYTES, SOURCES)
  const before = process.cpuUsage()
  const start = performance.now()
  /** @param {FileTask[]} task */
  const parse = (task) =>
    engine === 'read' ? undefined : parseFiles({ agent: 'claude-code', backend: engine, files: task }, buffer)
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
    ...summary(tasks, parse),
  }
}

/**
 * Runs the tasks again without timing, since a result is valid only until the next task.
 * @param {FileTask[][]} tasks @param {(task: FileTask[]) => ParseResult | undefined} parse
 */
function summary(tasks, parse) {
  /** @type {Record<string, number>} */
  const fallbacks = {}
  let [lines, records] = [0, 0]
  for (const task of tasks) {
    const { batch, outcomes = [] } = parse(task) ?? {}
    if (batch !== undefined) records += batch.entries.count + batch.duplicates
    for (const outcome of outcomes) {
      if (outcome.kind !== 'read') continue
      lines += outcome.lines
      for (const [reason, count] of Object.entries(outcome.fallbacks)) {
        fallbacks[reason] = (fallbacks[reason] ?? 0) + count
      }
    }
  }
  return { lines, records, fallbacks }
}

/** @param {import('../src/sources/source.js').Source} source */
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

/** Splits files into tasks like the program, largest first. @param {(FileTask & { bytes: number })[]} files */
function split(files) {
  /** @type {FileTask[][]} */
  const tasks = []
  let left = 0
  for (const file of files.toSorted((a, b) => b.bytes - a.bytes)) {
    if (left <= 0) {
      tasks.push([])
      left = TASK_BYTES
    }
    tasks.at(-1)?.push(file)
    left -= file.bytes
  }
  return tasks
}

/** @param {FileTask[]} files */
function readAll(files) {
  const bytes = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  for (const { path } of files) {
    const descriptor = openSync(path, 'r')
    while (readSync(descriptor, bytes) > 0);
    closeSync(descriptor)
  }
}
