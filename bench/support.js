// Common parts of the benches: paths, options, medians, tables, and the description of the machine.
import { execFileSync } from 'node:child_process'
import { cpus, tmpdir, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

export const home = dirname(dirname(fileURLToPath(import.meta.url)))
export const defaultProgram = join(home, 'dist', 'main.js')
export const defaultTrees = join(tmpdir(), 'aue-trees')
/** @param {string} profile */
export const defaultTree = (profile) => join(defaultTrees, profile)
export const defaultPeers = join(tmpdir(), 'aue-peers')

/**
 * The bench's command line. Every option takes a value and has a default; all are strings.
 * @template {Record<string, string>} T @param {T} defaults @returns {T}
 */
export function optionsOf(defaults) {
  const options = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [name, { type: /** @type {const} */ ('string'), default: value }]),
  )
  return /** @type {T} */ (parseArgs({ options }).values)
}

/**
 * `--runs=5 --workers=0,1,2`: the settings of a measurement, without paths, which do not matter.
 * @param {Readonly<Record<string, string | number>>} values
 */
export function settingsLine(values) {
  const places = ['tree', 'program', 'peers']
  const given = Object.entries(values).filter(([name]) => !places.includes(name))
  return `settings ${given.map(([name, value]) => `--${name}=${value}`).join(' ')}`
}

/** Machine, Node.js version and commit, without which a time means nothing. */
export function conditions() {
  const commit = (/** @type {string[]} */ ...args) => {
    try {
      return execFileSync('git', ['-C', home, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim()
    } catch {
      return '' // not in a repository, so the commit is omitted
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

/** @param {readonly number[]} values at least one @param {number} share 0 … 1 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)] ?? NaN
  return low + ((sorted[Math.ceil(at)] ?? NaN) - low) * (at - Math.floor(at))
}

/** @param {readonly number[]} values */
export const median = (values) => quantile(values, 0.5)

/** Cells of a distribution in milliseconds, for the columns of `spreadHeading`. @param {readonly number[]} values */
export function spread(values) {
  return [...[0.5, 0.99, 1].map((share) => `${quantile(values, share).toFixed(1)} ms`), `${values.length}`]
}

export const spreadHeading = ['p50', 'p99', 'max', 'n']

/**
 * A table of rows of strings. The first row is the heading; all columns except the first are right-aligned.
 * @param {readonly (readonly string[])[]} rows
 */
export function table(rows) {
  const columns = rows[0] ?? []
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n')
}
