// Lines with the same key become one response (claude-code-logs 3.3; codex-logs 4.4 for a known model). Winner and origin are
// found by sorting. Lines of a copied session (shadows, case B′) join the response with their request id.
import { tokens, type Usage, type UsageRecord } from './record.js'
import type { Place } from './transcripts.js'

export interface Response {
  readonly usage: Usage
  /** Time and place of the response; without a timestamp it has current prices. */
  readonly timestampMs: number | undefined
  readonly place: Place
  readonly webSearches: number
}

export function responsesOf(records: readonly UsageRecord[], searches: ReadonlyMap<string, number>): Response[] {
  return [...grouped(records).values()].map((lines) => {
    const origin = [...lines].sort(byOrigin)[0]!
    return {
      usage: winner(lines),
      timestampMs: origin.timestampMs,
      place: origin.line.place,
      webSearches: searchesOf(lines, searches),
    }
  })
}

/** Sorts the best usage first: positive if `b` is better. A total order over everything that is counted or priced. */
export function byWinner(a: Usage, b: Usage): number {
  const preferences = [
    Number(a.model === '') - Number(b.model === ''),
    Number(a.sidechain) - Number(b.sidechain),
    b.output - a.output,
    tokens(b) - tokens(a),
    Number(b.refused) - Number(a.refused),
    Number(b.fast) - Number(a.fast),
    Number(b.us) - Number(a.us),
    Number(b.batch) - Number(a.batch),
    b.input - a.input,
    b.cacheRead - a.cacheRead,
    b.cacheWrite1h - a.cacheWrite1h,
    b.cacheWrite5m - a.cacheWrite5m,
    compare(b.model, a.model),
  ]
  return preferences.find((difference) => difference !== 0) ?? 0
}

function winner(lines: readonly UsageRecord[]): Usage {
  return lines.map((line) => line.usage).sort(byWinner)[0]!
}

function byOrigin(a: UsageRecord, b: UsageRecord): number {
  const place = ({ slug, session }: Place) => `${slug}/${session}`
  return (
    (a.timestampMs ?? Infinity) - (b.timestampMs ?? Infinity) ||
    Number(b.line.place.main) - Number(a.line.place.main) ||
    compare(place(a.line.place), place(b.line.place))
  )
}

/** Groups of lines: one for a response and for each of its advisor passes. Shadows are last, since they join existing groups. */
function grouped(records: readonly UsageRecord[]): Map<string, UsageRecord[]> {
  const groups = new Map<string, UsageRecord[]>()
  const add = (name: string, record: UsageRecord) => groups.set(name, [...(groups.get(name) ?? []), record])
  const shadows = records.filter((record) => record.key.kind === 'shadow')
  for (const record of records) if (record.key.kind !== 'shadow') add(groupName(record), record)

  const own = new Map([...groups].map(([name, lines]) => [name, winner(lines)]))
  for (const shadow of shadows) {
    const carriers = records.filter(
      ({ key, advisor }) =>
        (key.kind === 'A' || key.kind === 'B') && key.requestId === shadow.key.requestId && advisor === shadow.advisor,
    )
    const names = [...new Set(carriers.map(groupName))]
    const best = names.sort((a, b) => byWinner(own.get(a)!, own.get(b)!) || compare(a, b))[0]
    add(best ?? groupName(shadow), shadow)
  }
  return groups
}

function groupName({ key, advisor }: UsageRecord): string {
  return advisor === undefined ? key.text : `${key.text} advisor ${String(advisor)}`
}

function searchesOf(lines: readonly UsageRecord[], searches: ReadonlyMap<string, number>): number {
  const reported = Math.max(...lines.map((line) => line.webSearches))
  if (reported > 0) return reported
  const calls = new Set(lines.flatMap((line) => line.searchCalls))
  return [...calls].reduce((total, call) => total + (searches.get(call) ?? 0), 0)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
