// From what the logs of an agent say, one record a line that counts, to what must be shown: slow, plain, everything in memory.
// It shares no code with src/. Each agent's own reference makes the records.
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { isObject, objectsOf, type JsonObject } from './objects.js'
import { labels } from './projects.js'
import { projectModel, type Reference, type Totals } from './reference.js'
import { linesOf } from './transcripts.js'

export interface Tokens {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
}

export interface UsageRecord {
  /** What makes two records one: the one with more output, else with more tokens, tells how much it was. */
  readonly key: string
  readonly model: string
  readonly tokens: Tokens
  readonly requests: number
  /** As the log has it; 0: it does not say. */
  readonly loggedNanos: number
  /** Milliseconds since 1970. The earliest record of a key tells when and where it was. */
  readonly timeMs: number
  /** A path, or the name of the place where the log lies. */
  readonly project: string
  readonly path: string
}

/** USD per million tokens: input, output, cache read, cache write. */
export type Prices = Readonly<Record<string, readonly [input: number, output: number, read: number, write: number]>>

/** The objects on each line of a file, with the file's path below the directory, in parts. */
export interface LogFile {
  readonly path: string
  readonly parts: readonly string[]
  readonly objects: readonly JsonObject[]
}

/** Every file below a directory that the agent reads, in the order of the paths. */
export function logFiles(directory: string, reads: (parts: readonly string[]) => boolean): LogFile[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, parts: relative(directory, path).split(sep) }))
    .filter(({ parts }) => reads(parts))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, parts }) => {
      const place = { path, slug: '', session: '', main: true }
      const objects = linesOf(place, readFileSync(path)).flatMap(({ bytes }) => objectsOf(bytes).objects)
      return { path, parts, objects }
    })
}

/** @param loggedFirst whether a cost in the log goes before the prices */
export function tally(records: readonly UsageRecord[], prices: Prices, loggedFirst = false): Reference {
  const counting = records.filter(({ tokens }) => sum(tokens) > 0)
  const keys = [...new Set(counting.map(({ key }) => key))]
  const responses = keys.map((key) => {
    const same = counting.filter((record) => record.key === key)
    const largest = [...same].sort(bySize).at(-1)!
    const first = [...same].sort((a, b) => a.timeMs - b.timeMs || (a.path < b.path ? -1 : 1))[0]!
    const listed = priceOf(largest.model, largest.tokens, prices)
    const nanos = loggedFirst && largest.loggedNanos > 0 ? largest.loggedNanos : (listed ?? largest.loggedNanos)
    return { ...largest, project: first.project, nanos, priced: listed !== undefined || largest.loggedNanos > 0 }
  })
  const label = labels(responses.map(({ project }) => project))
  const perModel = new Map<string, Totals>()
  const perProjectModel = new Map<string, Totals>()
  const unpricedTokens = new Map<string, number>()
  for (const response of responses) {
    const { model, project, priced, tokens } = response
    add(perModel, model, response)
    add(perProjectModel, projectModel(label.get(project)!, model), response)
    if (!priced) unpricedTokens.set(model, (unpricedTokens.get(model) ?? 0) + sum(tokens))
  }
  return { perModel, perProjectModel, unpricedTokens, malformedLines: 0 }
}

/** A finite number above 0 without its fraction; anything else is 0. */
export function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.floor(value) : 0
}

export function object(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

export function string(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

function sum({ input, output, cacheRead, cacheWrite }: Tokens): number {
  return input + output + cacheRead + cacheWrite
}

function bySize(a: UsageRecord, b: UsageRecord): number {
  return (
    a.tokens.output - b.tokens.output ||
    sum(a.tokens) - sum(b.tokens) ||
    a.tokens.input - b.tokens.input ||
    a.tokens.cacheRead - b.tokens.cacheRead ||
    (a.model === b.model ? 0 : a.model < b.model ? -1 : 1) ||
    a.requests - b.requests ||
    a.loggedNanos - b.loggedNanos
  )
}

function priceOf(model: string, { input, output, cacheRead, cacheWrite }: Tokens, prices: Prices): number | undefined {
  const rates = prices[model]
  if (rates === undefined) return undefined
  const [perInput, perOutput, perRead, perWrite] = rates
  // Thousandths of a dollar per million tokens are nano-dollars per token.
  const nanos = input * perInput + output * perOutput + cacheRead * perRead + cacheWrite * perWrite
  return Math.round(nanos * 1000)
}

function add(
  totals: Map<string, Totals>,
  series: string,
  { tokens, requests, nanos }: { readonly tokens: Tokens; readonly requests: number; readonly nanos: number },
): void {
  const before = totals.get(series)
  totals.set(series, {
    requests: (before?.requests ?? 0) + requests,
    input: (before?.input ?? 0) + tokens.input,
    output: (before?.output ?? 0) + tokens.output,
    cache_write_5m: (before?.cache_write_5m ?? 0) + tokens.cacheWrite,
    cache_write_1h: 0,
    cache_read: (before?.cache_read ?? 0) + tokens.cacheRead,
    webSearches: 0,
    costUsd: (before?.costUsd ?? 0) + nanos / 1e9,
  })
}
