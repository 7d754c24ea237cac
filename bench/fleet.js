// Many laptops push into one receiver at shorter and shorter intervals: whether every sum is right, and which part is overloaded first.
// Laptops are simulated with the program's own code, and sleep and wake. The receivers must be installed; they use the files of
// grafana/push/.
//   node bench/fleet.js --prometheus FILE --collector FILE --victoriametrics FILE [--laptops 200] [--projects 15]
//                       [--intervals 10,5,2,1] [--seconds 30] [--only NAME]
//   projects: per laptop, with 22 series each; intervals: seconds between the pushes of a laptop; seconds: duration of each interval
import { fork, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { build } from 'rolldown'
import { cpuTicks, statusOf } from './process.js'
import { startReceiver } from './push/receiver.js'
import { get, withFolder } from './served.js'
import { conditions, home, optionsOf, quantile, settingsLine, table } from './support.js'

/** @typedef {import('./push/laptops.js').Report} Report */
/** `url`: for pushes; `database`: for queries. @typedef {{ url: string, database: string, pids: (number | undefined)[] }} Receiver */

const values = optionsOf({
  prometheus: 'prometheus-3',
  collector: 'otelcol',
  victoriametrics: 'victoria-metrics',
  laptops: '200',
  projects: '15',
  intervals: '10,5,2,1',
  seconds: '30',
  only: '',
})
const processes = 2
const laptops = Number(values.laptops)
let size = { points: 0, bytes: 0, gzipped: 0 }
/** @type {(() => Promise<unknown>)[]} */
const ends = []
console.log(`${conditions()}\n${settingsLine({ ...values, prometheus: '', collector: '', victoriametrics: '' })}\n`)

await withFolder(async (folder) => {
  const program = join(folder, 'laptops.mjs')
  await build({
    ...{ input: join(home, 'bench', 'push', 'laptops.js'), platform: 'node', logLevel: 'warn' },
    resolve: { mainFields: ['module', 'main'] },
    output: { file: program },
  })
  size = await sizeOfPush(program)
  console.log(`${size.points} points of a laptop in ${size.bytes} bytes, ${size.gzipped} compressed\n`)
  /** @type {Record<string, (place: string) => Promise<Receiver>>} */
  const receivers = {
    'Prometheus 3': startPrometheus,
    'Collector, which writes to Prometheus 3': startCollector,
    VictoriaMetrics: startVictoriaMetrics,
  }
  for (const [name, start] of Object.entries(receivers)) {
    if (!name.includes(values.only)) continue
    const rows = [
      ['interval', 'pushes/s', 'points/s', 'kB/s', 'p50', 'p99', 'failed', 'cores', 'MB', 'laptops: cores', 'sums'],
    ]
    for (const interval of values.intervals.split(',').map(Number)) {
      const place = join(folder, `${name}-${interval}`)
      mkdirSync(place)
      try {
        rows.push(await measure(await start(place), program, interval))
      } finally {
        for (const end of ends.splice(0).reverse()) await end()
      }
    }
    console.log(`== ${name}\n${table(rows)}\n`)
  }
})
console.log(
  'p50, p99: time of a push until its response; cores, MB: of the receiver and its database; sums: totals in the database, ' +
    'and their growth, compared with the usage',
)

/** @param {Receiver} receiver @param {string} program @param {number} interval seconds */
async function measure(receiver, program, interval) {
  const seconds = Number(values.seconds)
  const each = Math.ceil(laptops / processes)
  const workers = Array.from({ length: processes }, (_, at) =>
    startLaptops(program, receiver.url, at * each, each, interval),
  )
  const { pids } = receiver
  const ticks = () => sum(pids, cpuTicks)
  const ownTicks = () => sum(workers, ({ pid }) => cpuTicks(pid))

  await pause(seconds * 500)
  const [before, ownBefore, at] = [ticks(), ownTicks(), performance.now()]
  await pause(seconds * 400)
  const hundredths = (performance.now() - at) / 10
  const [cores, ownCores] = [(ticks() - before) / hundredths, (ownTicks() - ownBefore) / hundredths]
  const megabytes = sum(pids, (pid) => statusOf(pid).megabytes)

  const reports = await Promise.all(workers.map(({ report }) => report))
  const total = sum(reports, (report) => report.total)
  const spent = sum(reports, (report) => report.spent)
  const times = reports.flatMap((report) => report.seconds.map((time) => time * 1000))
  const failures = reports.flatMap((report) => Object.entries(report.failures))
  const tokens = 'agent_usage_tokens_total'
  const held = await settled(receiver.database, `sum(last_over_time(${tokens}[1h]))`, total)
  const grown = await settled(
    receiver.database,
    `sum(max_over_time(${tokens}[1h]) - min_over_time(${tokens}[1h]))`,
    spent,
  )
  const pushes = times.length / seconds
  return [
    `${interval} s`,
    pushes.toFixed(0),
    (pushes * size.points).toFixed(0),
    ((pushes * size.gzipped) / 1e3).toFixed(0),
    `${quantile(times, 0.5).toFixed(0)} ms`,
    `${quantile(times, 0.99).toFixed(0)} ms`,
    failures.map(([kind, count]) => `${kind} ${count}`).join(', ') || '0',
    cores.toFixed(2),
    megabytes.toFixed(0),
    ownCores.toFixed(2),
    held === total && grown === spent ? 'right' : `WRONG: ${held} of ${total}, ${grown} of ${spent}`,
  ]
}

/**
 * A process that simulates `count` laptops and exits after its report.
 * @param {string} program @param {string} url @param {number} first @param {number} count @param {number} interval
 */
function startLaptops(program, url, first, count, interval, seconds = Number(values.seconds)) {
  const worker = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  ends.push(() => Promise.resolve(worker.kill()))
  /** @type {Promise<Report>} */
  const report = new Promise((done, failed) => {
    worker.once('message', (message) => done(/** @type {Report} */ (message)))
    worker.once('exit', () => failed(new Error('laptops ended before they reported')))
  })
  report.catch(() => undefined)
  const projects = Number(values.projects)
  worker.send({ url, laptops: count, first, intervalMs: interval * 1000, seconds, projects })
  return { pid: worker.pid, report }
}

/** Size of one laptop's push. @param {string} program */
async function sizeOfPush(program) {
  const receiver = await startReceiver()
  try {
    await startLaptops(program, `${receiver.url}/v1/metrics`, 0, 1, 1, 2).report
    return receiver.last()
  } finally {
    await receiver.close()
  }
}

/** The value of an expression once it is the wanted one, or after half a minute. @param {string} database @param {string} expr @param {number} wanted */
async function settled(database, expr, wanted) {
  const query = new URLSearchParams({ query: expr, latency_offset: '1ms', nocache: '1' })
  for (const until = performance.now() + 30_000; ; await pause(500)) {
    const { body } = await get(`${database}/api/v1/query?${query}`)
    const value = Number(JSON.parse(body.toString()).data?.result?.[0]?.value?.[1] ?? 0)
    if (value === wanted || performance.now() > until) return value
  }
}

/** @param {string} place */
async function startPrometheus(place) {
  const port = await freePort()
  const config = readFileSync(join(home, 'grafana', 'push', 'prometheus.yml'), 'utf8').replace(/rule_files:[^]*/, '')
  writeFileSync(join(place, 'prometheus.yml'), config)
  const pid = await daemon(values.prometheus, port, '/-/ready', [
    `--config.file=${join(place, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(place, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    ...['--web.enable-otlp-receiver', '--web.enable-remote-write-receiver'],
  ])
  const database = `http://127.0.0.1:${port}`
  return { url: `${database}/api/v1/otlp/v1/metrics`, database, pids: [pid] }
}

/** @param {string} place */
async function startCollector(place) {
  const prometheus = await startPrometheus(place)
  const port = await freePort()
  const config = readFileSync(join(home, 'grafana', 'push', 'collector-remote-write.yaml'), 'utf8')
    .replace('0.0.0.0:4318', `127.0.0.1:${port}`)
    .replace('http://127.0.0.1:9090', prometheus.database)
  // The Collector's own metrics would use a fixed port.
  writeFileSync(join(place, 'collector.yaml'), `${config}  telemetry: { metrics: { level: none } }\n`)
  const pid = await daemon(values.collector, port, '/', [`--config=file:${join(place, 'collector.yaml')}`])
  return { ...prometheus, url: `http://127.0.0.1:${port}/v1/metrics`, pids: [...prometheus.pids, pid] }
}

/** @param {string} place */
async function startVictoriaMetrics(place) {
  const port = await freePort()
  const relabel = join(home, 'grafana', 'push', 'victoriametrics-relabel.yml')
  const told = readFileSync(relabel, 'utf8').match(/-opentelemetry\.\S+/g) ?? []
  const pid = await daemon(values.victoriametrics, port, '/health', [
    ...[`-relabelConfig=${relabel}`, ...told],
    ...[`-httpListenAddr=127.0.0.1:${port}`, `-storageDataPath=${place}`],
  ])
  const database = `http://127.0.0.1:${port}`
  return { url: `${database}/opentelemetry/v1/metrics`, database, pids: [pid] }
}

/**
 * Starts a program and waits until it responds. @returns its process id
 * @param {string} program @param {number} port @param {string} path @param {readonly string[]} flags
 */
async function daemon(program, port, path, flags) {
  const child = spawn(program, flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (log = (log + text).slice(-2000)))
  const gone = new Promise((done) => child.once('exit', done).once('error', done))
  ends.push(() => {
    child.kill()
    return gone
  })
  for (const until = performance.now() + 30_000; performance.now() < until; await pause(50)) {
    if (child.exitCode !== null) break
    const answer = await get(`http://127.0.0.1:${port}${path}`).catch(() => undefined)
    if (answer !== undefined && (answer.status ?? 500) < 500) return child.pid
  }
  throw new Error(`${program} does not answer:\n${log}`)
}

/** @returns {Promise<number>} a port of 127.0.0.1 that was free a moment ago */
function freePort() {
  const server = createServer()
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
      server.close(() => done(port))
    })
  })
}

/** @template T @param {readonly T[]} all @param {(one: T) => number} of */
function sum(all, of) {
  return all.reduce((total, one) => total + of(one), 0)
}
