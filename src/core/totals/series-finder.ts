// Finds the series of an entry. Projects are labelled and series created for a whole booking at once, in sorted order,
// so that neither depends on the order in which files were read.
import type { Sessions } from '../sessions.js'
import type { Pricer } from '../pricing/pricing.js'
import { labelKey, type Series, type SeriesLabels } from './series.js'
import type { StringTable } from '../tables/strings.js'
import { COLUMN } from '../schema.js'
import type { RowView } from '../ledger/usage.js'

/** Project of everything beyond the limit on series, and model of responses beyond it whose model is new. */
export const OTHER = 'other'
/** Maximum number of named models in the project `other` of an agent. */
const OTHER_MODELS = 20

export type SeriesFinder = (counted: RowView) => number

export interface SeriesQuestion {
  readonly entries: Uint32Array
  readonly viewOf: (entry: number) => RowView
  readonly texts: StringTable
  readonly sessions: Sessions
  readonly series: Series
  readonly pricer: Pricer
  readonly maxSeries: number
  /** Where folded label combinations are noted. */
  readonly folded: Set<string>
}

export function createSeriesFinder(booking: SeriesQuestion): SeriesFinder {
  const { texts, sessions: places, series, pricer, folded } = booking
  // Millions of entries have few combinations of session and model: each is looked up once.
  const combinations = new Map<number, { readonly place: string; readonly model: string }>()
  let latest = -1
  for (let index = 0; index < booking.entries.length; index += 1) {
    const counted = booking.viewOf(booking.entries[index]!)
    const number = combinationOf(counted)
    // Responses of a file follow each other.
    if (number === latest) continue
    latest = number
    if (combinations.has(number)) continue
    combinations.set(number, {
      place: texts.get(counted.words[counted.base + COLUMN.session]!),
      model: texts.get(counted.words[counted.base + COLUMN.model]!),
    })
  }
  const projects = new Map<string, string>()
  for (const { place } of combinations.values()) projects.set(place, places.project(place))
  places.label(projects.values())

  const wanted = new Map<string, { readonly labels: SeriesLabels; readonly numbers: number[] }>()
  for (const [number, { place, model }] of combinations) {
    const labels: SeriesLabels = {
      agent: places.agent(place),
      project: places.labelOf(projects.get(place)!)!,
      model: pricer.label(model),
    }
    const key = labelKey(labels)
    const same = wanted.get(key)
    if (same === undefined) wanted.set(key, { labels, numbers: [number] })
    else same.numbers.push(number)
  }

  const found = new Map<number, number>()
  for (const key of [...wanted.keys()].sort()) {
    const { labels, numbers } = wanted.get(key)!
    const known = series.find(labels) ?? (series.count < booking.maxSeries ? series.add(labels) : undefined)
    if (known === undefined) folded.add(key)
    const row = known ?? foldedRow(series, labels)
    for (const number of numbers) found.set(number, row)
  }
  let latestRow = -1
  latest = -1
  return (counted) => {
    const number = combinationOf(counted)
    if (number !== latest) latestRow = found.get(number)!
    latest = number
    return latestRow
  }
}

/** The series for combinations beyond the limit; their number must not grow with the number of projects or models. */
function foldedRow(series: Series, { agent, model }: SeriesLabels): number {
  const named = { agent, project: OTHER, model }
  const row = series.find(named)
  if (row !== undefined) return row
  const { known, others } = modelsOf(series, agent)
  const labels = known.has(model) && others.size < OTHER_MODELS ? named : { ...named, model: OTHER }
  return series.find(labels) ?? series.add(labels)
}

interface Models {
  /** Combinations that have a series. */
  readonly known: Set<string>
  /** Series in the project `other`. */
  readonly others: Set<string>
}

/** By agent; covers this many series. The number of series only grows. */
const seen = new WeakMap<Series, { rows: number; readonly agents: Map<string, Models> }>()

function modelsOf(series: Series, agent: string): Models {
  const { rows, agents } = seen.get(series) ?? { rows: 0, agents: new Map<string, Models>() }
  for (let row = rows; row < series.count; row += 1) {
    const labels = series.labels(row)
    const models = agents.get(labels.agent) ?? { known: new Set(), others: new Set() }
    agents.set(labels.agent, models)
    models.known.add(labels.model)
    if (labels.project === OTHER && labels.model !== OTHER) models.others.add(labels.model)
  }
  seen.set(series, { rows: series.count, agents })
  return agents.get(agent) ?? { known: new Set(), others: new Set() }
}

function combinationOf({ words, base }: RowView): number {
  return words[base + COLUMN.session]! * 0x400_0000 + words[base + COLUMN.model]!
}
