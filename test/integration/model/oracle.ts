// What a model run must show after each pass: all lines that were on disk during any pass, evaluated together. Whatever was
// torn, replaced, copied, moved, deleted or read twice, nothing is lost and nothing counts twice.
import { evaluate, type Totals } from '../../reference/reference.js'
import { readLines, type Line } from '../../reference/transcripts.js'
import { sumOf, type Sample } from '../../support/exposition.js'
import { comparable, shown, type Shown } from '../../support/shown.js'

export interface Oracle {
  /** Records the lines that are on disk now. */
  see(configDir: string): void
  /** Returns what is wrong with an exposition, or undefined. */
  objection(text: string): string | undefined
  /** Number of expositions that had to be equal, and of those that had corrections and were only checked against bounds. */
  readonly exact: number
  readonly bounded: number
}

/** Usage counters. The exporter's own counters start again with each process. */
const USAGE_COUNTER = /^agent_usage_(?!exporter_).*_total$/

export function createOracle(nowMs: number): Oracle {
  const seen = new Map<string, Line>()
  const growth = createGrowth()
  let exact = 0
  let bounded = 0
  return {
    see(configDir) {
      for (const line of readLines([configDir])) {
        // A last line counts if it can be parsed, with or without its line feed.
        const key = `${line.place.path}:${line.offset}:${line.bytes.toString('latin1')}`
        if (!seen.has(key)) seen.set(key, { ...line, ended: true })
      }
    },
    objection(text) {
      const found = shown(text)
      const fallen = growth.fallen(found.samples)
      if (fallen !== undefined) return fallen
      if (sumOf(found.samples, 'agent_usage_exporter_errors_total') > 0) return 'it counted errors of its own'
      // In the order of paths: a session's project comes from its first main transcript that names a directory.
      const lines = [...seen.values()].sort((a, b) => compare(a.place.path, b.place.path))
      const expected = evaluate(lines, { nowMs })
      if (sumOf(found.samples, 'agent_usage_corrections_total') > 0) {
        bounded += 1
        return bounds(found, expected.perModel)
      }
      exact += 1
      return (
        difference('per project and model', comparable(found.perProjectModel), comparable(expected.perProjectModel)) ??
        difference('unpriced', texts(found.unpricedTokens), texts(expected.unpricedTokens))
      )
    },
    get exact() {
      return exact
    },
    get bounded() {
      return bounded
    },
  }
}

/** Lines of our own metrics. Those of the process may be `Nan`, as prom-client spells it. */
export function ours(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.startsWith('agent_usage_'))
    .join('\n')
}

/** Remembers every usage counter shown: none may fall or vanish. */
export function createGrowth(): { fallen(samples: readonly Sample[]): string | undefined } {
  const highest = new Map<string, number>()
  return {
    fallen(samples) {
      const now = new Map<string, number>()
      for (const { name, labels, value } of samples) {
        if (USAGE_COUNTER.test(name)) now.set(`${name}${JSON.stringify(labels)}`, value)
      }
      for (const [series, before] of highest) {
        const value = now.get(series)
        if (value === undefined) return `${series} vanished at ${before}`
        if (value < before) return `${series} fell from ${before} to ${value}`
      }
      for (const [series, value] of now) highest.set(series, value)
      return undefined
    },
  }
}

/**
 * Corrections leave a surplus: no total may be below the oracle's, and requests exceed it by one for each copy that was
 * booked before it was recognised as a copy.
 */
function bounds(found: Shown, expected: ReadonlyMap<string, Totals>): string | undefined {
  const is = sums(found.perModel)
  const least = sums(expected)
  for (const field of FIELDS) {
    if (is[field] < least[field]) return `${field} is ${is[field]}, less than the ${least[field]} of the logs`
  }
  const copies = sumOf(found.samples, 'agent_usage_corrections_total', { reason: 'copy' })
  const requests = least.requests + copies
  return is.requests === requests ? undefined : `requests are ${is.requests}, not ${requests}, of them ${copies} copies`
}

const FIELDS = [
  'requests',
  'input',
  'output',
  'cache_write_5m',
  'cache_write_1h',
  'cache_read',
  'webSearches',
  'costUsd',
] as const satisfies readonly (keyof Totals)[]

/** Sums over all models; costs in whole nano-dollars, so that they add up exactly. */
function sums(perModel: ReadonlyMap<string, Totals>): Record<(typeof FIELDS)[number], number> {
  const totals = [...perModel.values()]
  const whole = (one: Totals, field: keyof Totals) => (field === 'costUsd' ? Math.round(one.costUsd * 1e9) : one[field])
  const sum = (field: keyof Totals) => totals.reduce((all, one) => all + whole(one, field), 0)
  return Object.fromEntries(FIELDS.map((field) => [field, sum(field)])) as Record<(typeof FIELDS)[number], number>
}

function texts(numbers: ReadonlyMap<string, number>): Record<string, string> {
  return Object.fromEntries([...numbers].sort(([a], [b]) => compare(a, b)).map(([key, value]) => [key, String(value)]))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function difference(what: string, is: Record<string, string>, should: Record<string, string>): string | undefined {
  const keys = [...new Set([...Object.keys(is), ...Object.keys(should)])].filter((key) => is[key] !== should[key])
  if (keys.length === 0) return undefined
  const line = (key: string) => `${what}: ${key}: shows ${is[key] ?? 'nothing'}, should be ${should[key] ?? 'nothing'}`
  return keys.map(line).join('\n')
}
