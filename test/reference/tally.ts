// Turns the records of an agent, one for each line that counts, into what must be shown: slow, simple, everything in memory,
// without code of src/. The reference of each agent makes the records.
import { filesBelow, linesIn, type ReadFile } from './files.js'
import { isObject, type JsonObject } from './objects.js'
import { labels } from './projects.js'
import { projectModel, type Totals } from './reference.js'
import type { Sums } from './sums.js'

export interface Tokens {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
}

export interface UsageRecord {
  /** Key of a response. Of its records, the one with more output, else with more tokens, gives the usage. */
  readonly key: string
  readonly model: string
  readonly tokens: Tokens
  readonly requests: number
  /** Cost in the log; 0 if it states none. */
  readonly loggedNanos: number
  /** Milliseconds since 1970. The earliest record of a key gives time and place. */
  readonly timeMs: number
  /** Path, or the name of the log's folder. */
  readonly project: string
  readonly path: string
}

/** USD per million tokens: input, output, cache read, cache write; and the factors for long prompts. */
export type Prices = Readonly<
  Record<
    string,
    readonly [
      input: number,
      output: number,
      read: number,
      write: number,
      long?: { readonly above: number; readonly times: number },
    ]
  >
>

export interface LogFile extends ReadFile {
  readonly objects: readonly JsonObject[]
}

/** Files below a directory that belong to the agent's logs, in order of their paths. */
export function logFiles(directory: string, reads: (parts: readonly string[]) => boolean): LogFile[] {
  return filesBelow(directory)
    .filter(({ parts }) => reads(parts))
    .map((file) => ({ ...file, objects: linesIn(file.path) }))
}

/** @param loggedFirst whether a logged cost overrides the prices */
export function tally(records: readonly UsageRecord[], prices: Prices, loggedFirst = false): Sums {
  const counting = records.filter(({ tokens }) => sum(tokens) > 0)
  const keys = [...new Set(counting.map(({ key }) => key))]
  const responses = keys.map((key) => {
    const same = counting.filter((record) => record.key === key)
    const largest = [...same].sort(bySize).at(-1)!
    const first = [...same].sort((a, b) => a.timeMs - b.timeMs || (a.path < b.path ? -1 : 1))[0]!
    const listed = priceOf(largest, prices)
    const nanos = loggedFirst && largest.loggedNanos > 0 ? largest.loggedNanos : (listed ?? largest.loggedNanos)
    return { ...largest, project: first.project, nanos }
  })
  const label = labels(responses.map(({ project }) => project))
  const perModel = new Map<string, Totals>()
  const perProjectModel = new Map<string, Totals>()
  for (const response of responses) {
    const { model, project } = response
    add(perModel, model, response)
    add(perProjectModel, projectModel(label.get(project)!, model), response)
  }
  return { perModel, perProjectModel }
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

function priceOf({ model, tokens, requests }: UsageRecord, prices: Prices): number | undefined {
  const rates = prices[model]
  if (rates === undefined) return undefined
  const [perInput, perOutput, perRead, perWrite, long] = rates
  const { input, output, cacheRead, cacheWrite } = tokens
  const meanPrompt = (input + cacheRead + cacheWrite) / requests
  const times = long !== undefined && meanPrompt > long.above ? long.times : 1
  // A thousandth of a dollar per million tokens is a nano-dollar per token.
  const dollars = input * perInput + output * perOutput + cacheRead * perRead + cacheWrite * perWrite
  return Math.round(dollars * 1000 * times)
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
