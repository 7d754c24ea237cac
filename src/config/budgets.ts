// Reads the budgets of the configuration file. It is strict: a budget that matches nothing by mistake would look like
// money saved.
import type { Budget } from '../core/totals/budget.js'
import { parseGlob, type Glob } from '../core/labels/glob.js'
import { isLabel } from '../core/labels/label.js'
import { PERIODS } from '../core/totals/period.js'
import { SERIES_LABELS } from '../core/schema.js'
import { attempt, quoted, type Complain } from './config-error.js'
import { didYouMean, suggest } from './suggest.js'
import type { Path, YamlFile } from './yaml-file.js'

type Refuse = YamlFile['refuse']

const KEYS = ['name', 'period', 'limit_usd', 'match'] as const

/**
 * @param value the value of `budgets` in the file: maps, lists and text
 * @param complain takes the mistakes, one for each invalid budget, which is left out
 */
export function parseBudgets(value: unknown, refuse: Refuse, complain: Complain): readonly Budget[] {
  /** Where each name was first used. */
  const indexByName = new Map<string, number>()
  const list = attempt(() => asList(value, ['budgets'], refuse), complain) ?? []
  const budgets = list.flatMap((each, index) => {
    const budget = attempt(() => parseBudget(each, ['budgets', index], refuse), complain)
    if (budget === undefined) return []
    const first = indexByName.get(budget.name)
    if (first === undefined) {
      indexByName.set(budget.name, index)
      return [budget]
    }
    complain(refuse(['budgets', index, 'name'], `${quoted(budget.name)}: budgets[${first}] already has that name`))
    return []
  })
  return Object.freeze(budgets)
}

function parseBudget(value: unknown, path: Path, refuse: Refuse): Budget {
  const entries = asMap(value, path, KEYS, refuse)
  const text = (key: (typeof KEYS)[number]): string => {
    const found = entries[key]
    if (found === undefined) throw refuse(path, `needs ${key}`)
    if (typeof found !== 'string') throw refuse([...path, key], `takes one value, not ${kindOf(found)}`)
    return found
  }
  // The name becomes a label.
  const name = text('name').normalize('NFC')
  if (!isLabel(name)) {
    throw refuse([...path, 'name'], `${quoted(name)}: expected 1 to 200 characters without leading or trailing spaces`)
  }
  const period = PERIODS.find((each) => each === text('period'))
  if (period === undefined)
    throw refuse([...path, 'period'], `${quoted(text('period'))}: expected one of ${PERIODS.join(', ')}`)
  const limit = text('limit_usd')
  const limitUsd = /^\d+(?:\.\d+)?(?:e\d+)?$/i.test(limit) ? Number(limit) : Number.NaN
  if (!(limitUsd > 0 && limitUsd < Infinity))
    throw refuse([...path, 'limit_usd'], `${quoted(limit)}: expected a number above 0`)
  return Object.freeze({ name, period, limitUsd, match: parseMatch(entries['match'], [...path, 'match'], refuse) })
}

function parseMatch(value: unknown, path: Path, refuse: Refuse): Budget['match'] {
  if (value === undefined) return Object.freeze({})
  const entries = Object.entries(asMap(value, path, SERIES_LABELS, refuse))
  if (entries.length === 0)
    throw refuse(path, `needs at least one of ${SERIES_LABELS.join(', ')}; without match, everything counts`)
  return Object.freeze(
    Object.fromEntries(entries.map(([label, globs]) => [label, parseGlobs(globs, [...path, label], refuse)])),
  )
}

function parseGlobs(value: unknown, path: Path, refuse: Refuse): readonly Glob[] {
  const one = typeof value === 'string'
  const list = one ? [value] : asList(value, path, refuse)
  if (list.length === 0) throw refuse(path, 'needs at least one glob')
  return Object.freeze(
    list.map((text, index) => {
      const own = one ? path : [...path, index]
      if (typeof text !== 'string') throw refuse(own, `takes text, not ${kindOf(text)}`)
      try {
        // Labels have this form, too.
        return parseGlob(text.normalize('NFC'))
      } catch (error) {
        throw refuse(own, `${quoted(text)}: ${(error as Error).message}`)
      }
    }),
  )
}

function asMap(value: unknown, path: Path, keys: readonly string[], refuse: Refuse): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse(path, `expected a map of ${keys.join(', ')}, not ${kindOf(value)}`)
  }
  const unknown = Object.keys(value).find((key) => !keys.includes(key))
  if (unknown !== undefined) throw refuse([...path, unknown], `no such key${didYouMean(suggest(unknown, keys))}`)
  return value as Record<string, unknown>
}

function asList(value: unknown, path: Path, refuse: Refuse): readonly unknown[] {
  if (!Array.isArray(value)) throw refuse(path, `expected a list, not ${kindOf(value)}`)
  return value
}

function kindOf(value: unknown): string {
  if (value === null || value === '') return 'nothing'
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : quoted(value)
}
