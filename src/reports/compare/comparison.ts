// Compares a file with the ledger: determines its agents, sums their usage on its days, and explains the differences.
import { parseGlob } from '../../core/labels/glob.js'
import { compare, type Compared, type Ledger, type Told } from '../../core/report/comparison.js'
import { OtherPrices, plainReason } from '../../core/report/reasons.js'
import { makeReport, type Selection } from '../../core/report/report.js'
import type { Pricer } from '../../core/pricing/pricing.js'
import type { State } from '../../core/state.js'
import { visitResponses } from '../../core/totals/responses.js'
import { zoneName, type Calendar } from '../../metrics/calendar.js'
import { groupName } from '../group-names.js'
import type { Comparison, Explained } from './comparison-text.js'
import type { ToldFile } from './told.js'

export interface CompareOptions {
  readonly state: State
  readonly pricer: Pricer
  readonly selection: Selection
  /** The calendar of the file's days. */
  readonly calendar: Calendar
  /** Whether the user named the agents; otherwise the file determines them. */
  readonly agentsAsked: boolean
  /** Milliseconds since the epoch. */
  readonly nowMs: number
}

/** @param file contains only selected days and models */
export function comparisonOf(file: ToldFile, options: CompareOptions): Comparison {
  const { calendar, selection } = options
  const agents = agentsMeant(file, options)
  const match = { ...selection.match, agent: agents.map(parseGlob) }
  const compared = compare(file.told, ledgerOf({ ...options, selection: { ...selection, match } }))
  const explained = explain(compared, agents, options)
  return { compared: explained, agents, timeZone: zoneName(calendar.timeZone) }
}

/**
 * The agents that the file names, exactly or by the first part of their name; otherwise those that used one of its
 * models.
 */
function agentsMeant({ agents, told }: ToldFile, { agentsAsked, ...options }: CompareOptions): readonly string[] {
  const models = new Set(told.map(({ model }) => model))
  const ledger = groupsBy(options, ['agent', 'model'])
  const isNamed = (agent: string): boolean => agents.some((name) => agent === name || agent.startsWith(`${name}-`))
  return [...ledger]
    .filter(([agent, used]) => {
      if (agentsAsked) return true
      return agents.length > 0 ? isNamed(agent) : [...used.keys()].some((model) => models.has(model))
    })
    .map(([agent]) => agent)
    .sort()
}

const ledgerOf = (options: Omit<CompareOptions, 'agentsAsked'>): Ledger => groupsBy(options, ['day', 'model'])

function groupsBy(
  { state, pricer, selection, calendar, nowMs }: Omit<CompareOptions, 'agentsAsked'>,
  by: readonly ['agent' | 'day', 'model'],
): Ledger {
  const names = by.map((dimension) => groupName(dimension, state, calendar, nowMs))
  const { all } = makeReport(state, { selection, names, pricer, nowMs })
  // Usage without a time belongs to no day.
  const groups = [...all.groups.values()].filter(({ name }) => name !== null)
  return new Map(
    groups.map((outer) => [
      String(outer.name),
      new Map([...outer.groups.values()].map(({ name, sums }) => [String(name), sums])),
    ]),
  )
}

function explain(
  compared: readonly Compared[],
  agents: readonly string[],
  { state, pricer, calendar, nowMs }: CompareOptions,
): readonly Explained[] {
  // If the tokens are equal, or not in the file, prices may be the reason.
  const ofCost = compared.filter(({ differing }) => differing.length === 1 && differing[0] === 'nanos')
  const prices = new Map(ofCost.map(({ day, model }) => [keyOf(day, model), new OtherPrices(pricer, nowMs)]))
  const dayOf = groupName('day', state, calendar, nowMs)
  const { series } = state.totals
  const labels = Array.from({ length: series.count }, (_, row) => series.labels(row))
  visitResponses(state, nowMs, (response) => {
    const { agent, model } = labels[response.series]!
    if (prices.size === 0 || !agents.includes(agent)) return
    const day = String(dayOf(response))
    const rawModel = state.ledger.strings.get(response.model)
    for (const each of [prices.get(keyOf(day, model)), prices.get(keyOf(day, undefined))])
      each?.add({ ...response, model: rawModel, timestampMs: response.timeMs }, response.requests)
  })
  return compared.map((each) => {
    if (each.differing.length === 0) return { ...each, reason: undefined }
    const plain = plainReason(each, compared)
    return { ...each, reason: plain ?? prices.get(keyOf(each.day, each.model))?.explain(each) }
  })
}

const keyOf = (day: Told['day'], model: Told['model']): string => `${day} ${model ?? ''}`
