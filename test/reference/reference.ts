// An independent implementation of the whole program, written from the format page alone: slow, simple, everything in memory. It
// shares no code with src/, so that agreement is evidence.
import { objectsOf } from './objects.js'
import { costOf, modelLabel } from './prices.js'
import { labels, projectOf, sightingOf, type Sighting } from './projects.js'
import { recordsOf, tokens, type UsageRecord } from './record.js'
import { responsesOf } from './responses.js'
import { searchesPerCall, searchResultOf, type SearchResult } from './search-results.js'
import { readLines, type Line } from './transcripts.js'

/** Token classes are disjoint; names are those of the `token_type` label. */
export interface Totals {
  readonly requests: number
  readonly input: number
  readonly output: number
  readonly cache_write_5m: number
  readonly cache_write_1h: number
  readonly cache_read: number
  readonly webSearches: number
  readonly costUsd: number
}

/** A distinct response. */
export interface Counted {
  /** Id of the session, which is shown nowhere. */
  readonly session: string
  readonly project: string
  readonly model: string
  readonly timestampMs: number | undefined
  readonly totals: Totals
}

export interface Reference {
  readonly responses: readonly Counted[]
  readonly perModel: ReadonlyMap<string, Totals>
  /** Keyed by `projectModel(project label, model label)`. */
  readonly perProjectModel: ReadonlyMap<string, Totals>
  readonly unpricedTokens: ReadonlyMap<string, number>
  /** Number of lines with something that is not JSON. */
  readonly malformedLines: number
}

interface Moment {
  /** Time at which responses without a timestamp are priced; milliseconds since 1970. */
  readonly nowMs: number
  /** Counts only responses from this time on, for example those of the current day; default: all. */
  readonly fromMs?: number
}

/** What the exporter must show for these config directories (each contains `projects`, or is such a directory itself). */
export function reference(roots: readonly string[], moment: Moment): Reference {
  return evaluate(readLines(roots), moment)
}

/** The same for lines that were read at any time; order, repetition and deleted files do not matter. */
export function evaluate(lines: readonly Line[], { nowMs, fromMs }: Moment): Reference {
  const records: UsageRecord[] = []
  const results: SearchResult[] = []
  const sightings: Sighting[] = []
  let malformedLines = 0
  for (const line of lines) {
    const { objects, malformed } = objectsOf(line.bytes)
    if (malformed && !line.ended) continue
    if (malformed) malformedLines++
    objects.forEach((object, ordinal) => {
      records.push(...recordsOf(object, line, ordinal))
      const result = searchResultOf(object)
      if (result) results.push(result)
      const sighting = sightingOf(object, line.place)
      if (sighting) sightings.push(sighting)
    })
  }

  const responses = responsesOf(records, searchesPerCall(results)).map((response) => {
    const { nanos, priced } = costOf(response.usage, response.webSearches, response.timestampMs ?? nowMs)
    return {
      ...response,
      nanos,
      priced,
      model: modelLabel(response.usage.model),
      project: projectOf(response.place, sightings),
    }
  })
  const label = labels(responses.map((response) => response.project))
  const inside = responses.filter(({ timestampMs = -Infinity }) => fromMs === undefined || timestampMs >= fromMs)
  const unpricedTokens = new Map<string, number>()
  for (const { priced, model, usage } of inside) {
    if (!priced) unpricedTokens.set(model, (unpricedTokens.get(model) ?? 0) + tokens(usage))
  }
  return {
    responses: inside.map((response) => ({
      session: `${response.place.slug}/${response.place.session}`,
      project: label.get(response.project)!,
      model: response.model,
      timestampMs: response.timestampMs,
      totals: total([response]),
    })),
    perModel: totals(inside, (response) => response.model),
    perProjectModel: totals(inside, ({ project, model }) => projectModel(label.get(project)!, model)),
    unpricedTokens,
    malformedLines,
  }
}

export function projectModel(project: string, model: string): string {
  return `${project} | ${model}`
}

type Priced = ReturnType<typeof responsesOf>[number] & { readonly nanos: bigint }

function totals<R extends Priced>(responses: readonly R[], series: (response: R) => string): Map<string, Totals> {
  const groups = new Map<string, R[]>()
  for (const response of responses) groups.set(series(response), [...(groups.get(series(response)) ?? []), response])
  return new Map([...groups].map(([name, group]) => [name, total(group)]))
}

function total(group: readonly Priced[]): Totals {
  const sum = (of: (response: Priced) => number) => group.reduce((all, response) => all + of(response), 0)
  return {
    requests: group.length,
    input: sum(({ usage }) => usage.input),
    output: sum(({ usage }) => usage.output),
    cache_write_5m: sum(({ usage }) => usage.cacheWrite5m),
    cache_write_1h: sum(({ usage }) => usage.cacheWrite1h),
    cache_read: sum(({ usage }) => usage.cacheRead),
    webSearches: sum(({ webSearches }) => webSearches),
    costUsd: Number(group.reduce((all, { nanos }) => all + nanos, 0n)) / 1e9,
  }
}
