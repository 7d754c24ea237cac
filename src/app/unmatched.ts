// Explains why a report is empty: names the filters that match nothing, and suggests similar names.
import { didYouMean, suggest } from '../config/suggest.js'
import { globText, matchesGlob, type Glob } from '../core/labels/glob.js'
import { spanOf, type Selection } from '../core/report/report.js'
import type { SeriesLabels } from '../core/schema.js'
import type { State } from '../core/state.js'
import { minuteInZone } from '../metrics/calendar.js'

export interface Filters {
  readonly selection: Selection
  /** First and last day, in the form 2026-11-22; undefined for no limit. */
  readonly since?: string
  readonly until?: string
  readonly timeZone: string
}

const FLAGS: Readonly<Record<keyof SeriesLabels, string>> = { agent: 'agents', project: 'project', model: 'model' }
/** Maximum number of suggested names. */
const SUGGESTIONS = 3

/**
 * Empty if each pattern matches a name, and all filters together match some usage. @param nowMs milliseconds since the
 * epoch
 */
export function unmatched(state: State, filters: Filters, nowMs: number): readonly string[] {
  if (state.totals.booked === 0)
    return ['no usage has been counted yet; `agent-usage-exporter check` lists the directories that are searched']
  const { match } = filters.selection
  const lines = (Object.keys(match) as (keyof SeriesLabels)[]).flatMap((label) => {
    const names = namesIn(state, label)
    const missing = match[label]!.filter((glob) => !names.some((name) => matchesGlob(glob, name)))
    return missing.map((glob) => unknownName(label, glob, names))
  })
  return lines.length > 0 ? lines : nothingSelected(state, filters, nowMs)
}

function namesIn({ totals: { series } }: State, label: keyof SeriesLabels): readonly string[] {
  return [...new Set(Array.from({ length: series.count }, (_, row) => series.labels(row)[label]))].sort()
}

function unknownName(label: keyof SeriesLabels, glob: Glob, names: readonly string[]): string {
  const text = globText(glob)
  const inside = text.replace(/[*?]/g, '').toLowerCase()
  const similar = names.filter((name) => inside !== '' && name.toLowerCase().includes(inside)).slice(0, SUGGESTIONS)
  const near = similar.length > 0 ? similar.join(', ') : suggest(text, names)
  const hint = didYouMean(near) || `; \`agent-usage-exporter report --by=${label}\` lists all`
  return `--${FLAGS[label]}: ${JSON.stringify(text)}: no ${label} with usage matches${hint}`
}

function nothingSelected(state: State, filters: Filters, nowMs: number): readonly string[] {
  const { selection, since, until, timeZone } = filters
  const isFiltered = Object.keys(selection.match).length > 0 || since !== undefined || until !== undefined
  if (!isFiltered) return []
  const { selected, firstMs, lastMs } = spanOf(state, selection, nowMs)
  if (selected > 0) return []
  if (Number.isNaN(firstMs)) return ['no usage matches all of these filters; each of them alone matches some']
  const [first, last] = [firstMs, lastMs].map((time) => minuteInZone(time, timeZone).slice(0, '2026-11-22'.length))
  const asked = [...(since === undefined ? [] : [`from ${since}`]), ...(until === undefined ? [] : [`until ${until}`])]
  return [`no usage ${asked.join(' ')}; matching usage is from ${first} to ${last}`]
}
