// Responses in nested groups: a tree in which each node has the sums of everything below it.
import type { CostOrigin } from '../pricing/cost-origin.js'
import type { CountedResponse } from '../totals/responses.js'
import { addResponse, noSums, type Sums } from './sums.js'

/** A label, the first day of a period, or the number of a session; null for a period's responses without a time. */
export type GroupName = string | number | null

export interface Group {
  readonly name: GroupName
  readonly sums: Sums
  /** Times of its first and last response, in milliseconds since the epoch; NaN if none has a time. */
  firstMs: number
  lastMs: number
  /** The series of its first response; -1 if it has none. */
  series: number
  readonly groups: Map<GroupName, Group>
}

export function createGroup(name: GroupName): Group {
  return { name, sums: noSums(), firstMs: Number.NaN, lastMs: Number.NaN, series: -1, groups: new Map() }
}

/** Adds a response to a group, and to one group of each level below. @param names by level, from the outermost */
export function addToGroups(
  group: Group,
  response: Readonly<CountedResponse>,
  origin: CostOrigin,
  names: readonly ((response: Readonly<CountedResponse>) => GroupName)[],
): void {
  let at = group
  for (let level = 0; ; level += 1) {
    addResponse(at.sums, response, origin)
    noteTime(at, response)
    const nameOf = names[level]
    if (nameOf === undefined) return
    const name = nameOf(response)
    const below = at.groups.get(name) ?? createGroup(name)
    at.groups.set(name, below)
    at = below
  }
}

function noteTime(group: Group, { timeMs, series }: Readonly<CountedResponse>): void {
  if (Number.isNaN(timeMs)) {
    if (group.series < 0) group.series = series
    return
  }
  if (!(group.firstMs <= timeMs)) {
    group.firstMs = timeMs
    group.series = series
  }
  if (!(group.lastMs >= timeMs)) group.lastMs = timeMs
}

/** Sorts the groups of a level by name, or from the highest cost to the lowest. A name of null comes last. */
export function inOrder(groups: Iterable<Group>, byName: boolean): readonly Group[] {
  return [...groups].sort((a, b) => (byName ? 0 : b.sums.nanos - a.sums.nanos) || compareNames(a.name, b.name))
}

function compareNames(a: GroupName, b: GroupName): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a < b ? -1 : a > b ? 1 : 0
}
