// What the benches share: starting and ending the program, reading its answer, medians, and saying on which machine.
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { cpus, tmpdir, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const home = dirname(dirname(fileURLToPath(import.meta.url)))
export const defaultProgram = join(home, 'dist', 'main.js')
export const defaultTree = (profile) => join(tmpdir(), 'aue-trees', profile)
export const defaultPeers = join(tmpdir(), 'aue-peers')

/** @returns {{ requests: number, perModel: Answer, files: number, bytes: number }} */
export const expectedOf = (tree) => JSON.parse(readFileSync(join(tree, 'expected.json'), 'utf8'))

/**
 * Model → counts. Absent columns were not in the answer.
 * @typedef {Record<string, Partial<Record<'requests' | 'input' | 'output' | 'cache_read' | 'cache_write' |
 *   'cache_write_5m' | 'cache_write_1h', number>>>} Answer
 */

/** Machine, Node, commit: without them a time means nothing. */
export function conditions() {
  const commit = (...args) => {
    try {
      return execFileSync('git', ['-C', home, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    } catch {
      return '' // no repository here: the numbers stand without it
    }
  }
  const changed = commit('status', '--porcelain', '--', 'src', 'package-lock.json') === '' ? '' : ' with changes'
  const cores = cpus()
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`
  return [
    `machine  ${cores.length} × ${cores[0]?.model ?? 'unknown'}, ${memory}, ${process.platform} ${process.arch}`,
    `node     ${process.version}`,
    `commit   ${commit('rev-parse', '--short', 'HEAD') || 'none'}${changed}`,
    `date     ${new Date().toISOString().slice(0, 10)}`,
  ].join('\n')
}

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)]
  return low + (sorted[Math.ceil(at)] - low) * (at - Math.floor(at))
}

export const median = (values) => quantile(values, 0.5)

/** `p50 1.2, p99 3.4, max 5.6` of milliseconds, or what `unit` says. */
export function spread(values, unit = 'ms') {
  const text = (share) => quantile(values, share).toFixed(1)
  return `p50 ${text(0.5)} ${unit}, p99 ${text(0.99)} ${unit}, max ${text(1)} ${unit} (n = ${values.length})`
}

/** Rows of strings, the first one the heading; all columns but the first to the right. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const line = (row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ')
  return rows.map(line).join('\n')
}

/** Totals per model of an exposition of ours; the projects are summed. @returns {Answer} */
export function answerOf(exposition) {
  const answer = {}
  const sample = /^agent_usage_(tokens|requests)_total\{([^\n]*)\} (\S+)$/gm
  for (const [, name, labels, value] of exposition.matchAll(sample)) {
    const label = (key) => new RegExp(`(?:^|,)${key}="((?:[^"\\\\]|\\\\.)*)"`).exec(labels)?.[1]
    const row = (answer[label('model')] ??= {})
    const column = name === 'tokens' ? label('token_type') : 'requests'
    row[column] = (row[column] ?? 0) + Number(value)
  }
  return answer
}

/** What our own answer must hold for every model. */
export const allColumns = ['requests', 'input', 'output', 'cache_read', 'cache_write_5m', 'cache_write_1h']

/**
 * Where `actual` differs from `expected`, a line each; empty: the answer is right. Models are compared without a
 * trailing date, which some programs cut. Without `columns`, only what `actual` holds of a model is compared.
 */
export function differences(actual, expected, columns) {
  const [mine, theirs] = [undated(actual), undated(expected)]
  const found = []
  for (const model of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    for (const column of columns ?? Object.keys(mine[model] ?? { requests: 0 })) {
      const [is, should] = [mine[model]?.[column] ?? 0, theirs[model]?.[column] ?? 0]
      if (is === should) continue
      const percent = should === 0 ? '' : ` (${(((is - should) / should) * 100).toFixed(3)} %)`
      found.push(`${model} ${column}: ${is} instead of ${should}${percent}`)
    }
  }
  return found
}

function undated(answer) {
  const merged = {}
  for (const [model, row] of Object.entries(answer)) {
    const target = (merged[model.replace(/-\d{8}$/, '')] ??= {})
    const whole = { ...row }
    if ('cache_write_5m' in row) whole.cache_write = row.cache_write_5m + row.cache_write_1h
    for (const [column, value] of Object.entries(whole)) target[column] = (target[column] ?? 0) + value
  }
  return merged
}

/** The program's arguments for a tree, apart from the command. */
export const treeFlags = (tree, stateDir) => [`--claude.config-dir=${resolve(tree)}`, `--state.dir=${stateDir}`]

/**
 * Starts `serve` on a free local port. `listening` resolves with the URL once it is logged, and rejects when the
 * process ends before. `stop` ends it by signal and waits for the exit.
 */
export function startServer(program, flags) {
  const startedAt = performance.now()
  const child = spawn(
    process.execPath,
    [program, 'serve', '--web.listen-address=127.0.0.1:0', '--log.format=json', ...flags],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const last = []
  const exited = new Promise((done) => child.once('exit', (code, signal) => done(signal ?? code)))
  const listening = new Promise((found, failed) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      last.push(line)
      if (last.length > 20) last.shift()
      const url = line.includes('"url"') ? JSON.parse(line).url : undefined
      if (url !== undefined) found(url)
    })
    void exited.then((status) => {
      failed(new Error(`the program ended (${status}) before it listened:\n${last.join('\n')}`))
    })
  })
  return {
    pid: child.pid,
    startedAt,
    listening,
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
      const status = await exited
      clearTimeout(late)
      if (status === 'SIGKILL') console.error('the program did not stop within 10 s of SIGTERM')
    },
  }
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })

/** One GET over a kept connection. @returns {Promise<{ status: number, body: string }>} */
export function get(url) {
  return new Promise((done, failed) => {
    const request = http.get(url, { agent }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => done({ status: response.statusCode, body: Buffer.concat(chunks).toString('utf8') }))
      response.on('error', failed)
    })
    request.on('error', failed)
  })
}

/** Asks until the answer is 200; throws after `limitMs`. */
export async function ready(url, limitMs = 300_000) {
  for (const until = performance.now() + limitMs; performance.now() < until; ) {
    if ((await get(`${url}/-/ready`)).status === 200) return
    await new Promise((next) => setImmediate(next))
  }
  throw new Error(`not ready within ${limitMs} ms`)
}

/** Throws unless a served program's answer is the expected one, to the token. */
export function mustMatch(exposition, expected) {
  const found = differences(answerOf(exposition), expected.perModel, allColumns)
  if (found.length > 0) throw new Error(`the answer is wrong, so no times:\n${found.slice(0, 20).join('\n')}`)
}
