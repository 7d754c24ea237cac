// Settings of the commands `report` and `compare`.
import { DIMENSIONS } from '../core/report/dimensions.js'
import { commaList, date, glob, one, someOf, each, trueOrFalse } from './setting-values.js'
import type { Setting } from './setting.js'

export const reportSettings = {
  /** From the outermost level on; at least one. */
  by: {
    name: 'by',
    value: 'NAME,…',
    help: `dimensions to group by, outermost first: ${DIMENSIONS.join(', ')}`,
    only: ['report'],
    repeatable: true,
    default: 'day',
    parse: (texts, context) => atLeastOne(someOf(...DIMENSIONS)(texts.flatMap(commaList), context)),
  },
  /** A date such as 2026-11-22, inclusive. */
  since: {
    name: 'since',
    value: 'DATE',
    help: 'first day to include',
    only: ['report', 'compare'],
    parse: one(date),
  },
  /** A date, inclusive. */
  until: {
    name: 'until',
    value: 'DATE',
    help: 'last day to include',
    only: ['report', 'compare'],
    parse: one(date),
  },
  /** If empty, all projects. */
  project: {
    name: 'project',
    value: 'GLOB',
    help: 'only projects that match, as in budgets; repeatable',
    only: ['report'],
    repeatable: true,
    default: () => [],
    parse: each(glob),
  },
  /** If empty, all models. */
  model: {
    name: 'model',
    value: 'GLOB',
    help: 'only models that match, as in budgets; repeatable',
    only: ['report', 'compare'],
    repeatable: true,
    default: () => [],
    parse: each(glob),
  },
  json: {
    name: 'json',
    value: 'true|false',
    help: 'print JSON with exact numbers',
    only: ['report', 'compare'],
    default: 'false',
    standsAlone: true,
    parse: one(trueOrFalse),
  },
  responses: {
    name: 'responses',
    value: 'true|false',
    help: 'print one line of JSON per response instead of groups',
    only: ['report'],
    default: 'false',
    standsAlone: true,
    parse: one(trueOrFalse),
  },
} satisfies Record<string, Setting<unknown>>

function atLeastOne<T>(names: readonly T[]): readonly T[] {
  if (names.length === 0) throw new Error('expected at least one name')
  return names
}
