// The counts of a program, and whether they are right. Programs with a wrong answer are not timed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {'requests' | 'input' | 'output' | 'cache_read' | 'cache_write' | 'cache_write_5m' | 'cache_write_1h'} Column */
/** @typedef {Exclude<Column, 'cache_write'>} OwnColumn */
/** @typedef {Partial<Record<Column, number>>} Counts */
/** Counts by model; columns that the answer does not have are absent. @typedef {Record<string, Counts>} Answer */
/**
 * Contents of a tree, counted while it was written. `agent`: the agent whose logs it has; default Claude Code.
 * @typedef {{ agent?: 'codex', profile: string, seed: number, recipe: string, files: number, bytes: number, requests: number,
 *   perModel: Answer, perProject: Answer }} Expected
 */

/** Columns that our own answer must have for every model. @type {readonly OwnColumn[]} */
export const allColumns = ['requests', 'input', 'output', 'cache_read', 'cache_write_5m', 'cache_write_1h']

/** @param {string} tree @returns {Expected} */
export function expectedOf(tree) {
  try {
    return JSON.parse(readFileSync(join(tree, 'expected.json'), 'utf8'))
  } catch (error) {
    throw new Error(`no generated tree in ${tree}: make one with node bench/tree/generate.js`, { cause: error })
  }
}

/** `3100: 3100 files, 1203 MB, 78211 responses` @param {Expected} tree */
export function treeLine({ profile, files, bytes, requests }) {
  return `tree     ${profile}: ${files} files, ${(bytes / 1e6).toFixed(0)} MB, ${requests} responses`
}

/** Totals of each model in our exposition, summed over projects. @param {string} exposition */
export function answerOf(exposition) {
  /** @type {Answer} */
  const answer = {}
  const sample = /^agent_usage_(tokens|requests)_total\{([^\n]*)\} (\S+)$/gm
  for (const [, name, labels = '', value] of exposition.matchAll(sample)) {
    const label = (/** @type {string} */ key) => new RegExp(`(?:^|,)${key}="((?:[^"\\\\]|\\\\.)*)"`).exec(labels)?.[1]
    const row = (answer[label('model') ?? ''] ??= {})
    const column = name === 'tokens' ? (label('token_type') ?? '') : 'requests'
    add(row, { [column]: Number(value) })
  }
  return answer
}

/** Adds counts to a row, in place. @param {Counts} row @param {Counts} counts */
export function add(row, counts) {
  for (const [column, count] of /** @type {[Column, number][]} */ (Object.entries(counts))) {
    row[column] = (row[column] ?? 0) + count
  }
}

/**
 * Differences between `actual` and `expected`, one line each; none if the answer is right. Models are compared without a
 * trailing date, which some programs cut off. Without `columns`, only the columns of `actual` are compared.
 * @param {Answer} actual @param {Answer} expected @param {readonly Column[]} [columns]
 */
export function differences(actual, expected, columns) {
  const [mine, theirs] = [undated(actual), undated(expected)]
  /** @type {string[]} */
  const found = []
  for (const model of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    for (const column of columns ?? columnsOf(mine[model] ?? { requests: 0 })) {
      const [is, should] = [mine[model]?.[column] ?? 0, theirs[model]?.[column] ?? 0]
      if (is === should) continue
      const percent = should === 0 ? '' : ` (${(((is - should) / should) * 100).toFixed(3)} %)`
      found.push(`${model} ${column}: ${is} instead of ${should}${percent}`)
    }
  }
  return found
}

/** Throws unless our exposition is exact to the token. @param {string} exposition @param {Answer} perModel */
export function mustMatch(exposition, perModel) {
  const answer = answerOf(exposition)
  const found = differences(answer, folded(perModel, answer), allColumns)
  if (found.length > 0) throw new Error(`the answer is wrong, so no times:\n${found.slice(0, 20).join('\n')}`)
}

/** Folds models beyond `--metrics.max-series` into one, like the program. @param {Answer} perModel @param {Answer} shown @returns {Answer} */
function folded(perModel, shown) {
  if (shown.other === undefined) return perModel
  const named = undated(shown)
  /** @type {Answer} */
  let answer = {}
  for (const [model, row] of Object.entries(undated(perModel)))
    answer = together(answer, { [model in named ? model : 'other']: row })
  return answer
}

/** Sum of the contents of two trees. @param {Answer} one @param {Answer} other @returns {Answer} */
export function together(one, other) {
  const both = structuredClone(one)
  for (const [model, row] of Object.entries(other)) {
    add((both[model] ??= {}), row)
  }
  return both
}

/**
 * Differences between the sums over all models: `output -1.40 %, cache_read +0.10 %`.
 * @param {Answer} actual @param {Answer} expected
 */
export function wholeDifference(actual, expected) {
  const [is, should] = [sum(undated(actual)), sum(undated(expected))]
  const cells = columnsOf(is).filter((column) => column in should)
  return cells
    .map((column) => `${column} ${signed(((is[column] ?? 0) / (should[column] ?? 0) - 1) * 100)} %`)
    .join(', ')
}

/** @param {number} percent */
const signed = (percent) => `${percent > 0 ? '+' : ''}${percent.toFixed(2)}`

/** @param {Counts} counts */
const columnsOf = (counts) => /** @type {Column[]} */ (Object.keys(counts))

/** @param {Answer} answer */
function sum(answer) {
  /** @type {Counts} */
  const whole = {}
  for (const row of Object.values(answer)) add(whole, row)
  return whole
}

/** @param {Answer} answer */
function undated(answer) {
  /** @type {Answer} */
  const merged = {}
  for (const [model, row] of Object.entries(answer)) {
    const target = (merged[model.replace(/-\d{8}$/, '')] ??= {})
    const whole = { ...row }
    if (row.cache_write_5m !== undefined) whole.cache_write = row.cache_write_5m + (row.cache_write_1h ?? 0)
    add(target, whole)
  }
  return merged
}
