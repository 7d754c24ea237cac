// Compares usage by day and model, as another tool or an invoice states it, with the ledger.
import { noSums, type Sums } from './sums.js'

/** Amounts that can be compared. A file states cache writes as one amount, or by lifetime. */
export const AMOUNTS = {
  input: (sums) => sums.input,
  output: (sums) => sums.output,
  cacheWrite: (sums) => sums.cacheWrite5m + sums.cacheWrite1h,
  cacheWrite5m: (sums) => sums.cacheWrite5m,
  cacheWrite1h: (sums) => sums.cacheWrite1h,
  cacheRead: (sums) => sums.cacheRead,
  webSearches: (sums) => sums.webSearches,
  nanos: (sums) => sums.nanos,
} as const satisfies Record<string, (sums: Sums) => number>

export type Amount = keyof typeof AMOUNTS

/** Amounts of one day and model in the file, from one line or several. */
export interface Told {
  /** In the form 2026-11-22. */
  readonly day: string
  /** A `model` label; undefined for all models of the day. */
  readonly model: string | undefined
  readonly amounts: Readonly<Partial<Record<Amount, number>>>
  /** Maximum rounding error of the cost, in nano-dollars. */
  readonly roundingNanos: number
  /** Cost at list prices in nano-dollars, if the file states a discounted cost. */
  readonly listNanos?: number | undefined
}

export interface Compared {
  readonly day: string
  readonly model: string | undefined
  /** One for each amount in the file, in the order of `AMOUNTS`. */
  readonly amounts: readonly { readonly amount: Amount; readonly told: number; readonly counted: number }[]
  /** The amounts that differ. */
  readonly differing: readonly Amount[]
  readonly told: Told
  readonly sums: Sums
}

/** Sums in the ledger, by day and model. */
export type Ledger = ReadonlyMap<string, ReadonlyMap<string, Sums>>

/**
 * Compares each day and model known to either side, from the first day in the file to the last; sorted by day and
 * model.
 */
export function compare(told: readonly Told[], ledger: Ledger): readonly Compared[] {
  const merged = mergedBy(told)
  const days = [...new Set(told.map(({ day }) => day))].sort()
  const asked = amountsOfModels(told)
  const untold = [...ledger].flatMap(([day, models]) =>
    asked.length === 0 || day < days[0]! || day > days.at(-1)!
      ? []
      : [...models.keys()]
          .filter((model) => !merged.has(keyOf(day, model)))
          .map((model) => nothingTold(day, model, asked)),
  )
  return [...merged.values(), ...untold]
    .map((each) => compareOne(each, sumsOf(ledger, each)))
    .filter(({ amounts }) => amounts.some(({ told, counted }) => told !== 0 || counted !== 0))
    .sort((a, b) => compareTexts(a.day, b.day) || compareTexts(a.model ?? '\uFFFF', b.model ?? '\uFFFF'))
}

function compareOne(told: Told, sums: Sums): Compared {
  const amounts = (Object.keys(AMOUNTS) as Amount[])
    .filter((amount) => told.amounts[amount] !== undefined)
    .map((amount) => ({ amount, told: told.amounts[amount]!, counted: AMOUNTS[amount](sums) }))
  const differing = amounts
    .filter(({ amount, told: there, counted }) =>
      amount === 'nanos' ? !isNear(there, counted, told, sums) : there !== counted,
    )
    .map(({ amount }) => amount)
  return { day: told.day, model: told.model, amounts, differing, told, sums }
}

/** Whether two costs are equal except for rounding: of the file's cost, and of each response's cost. */
export function isNear(there: number, here: number, { roundingNanos }: Told, { requests }: Sums): boolean {
  return Math.abs(there - here) <= roundingNanos + requests / 2
}

function mergedBy(told: readonly Told[]): Map<string, Told> {
  const merged = new Map<string, Told>()
  for (const each of told) {
    const before = merged.get(keyOf(each.day, each.model))
    merged.set(keyOf(each.day, each.model), before === undefined ? each : added(before, each))
  }
  return merged
}

function added(a: Told, b: Told): Told {
  const amounts = { ...a.amounts }
  for (const [amount, value] of Object.entries(b.amounts) as [Amount, number][])
    amounts[amount] = (amounts[amount] ?? 0) + value
  const list = a.listNanos === undefined || b.listNanos === undefined ? undefined : a.listNanos + b.listNanos
  return { ...a, amounts, roundingNanos: a.roundingNanos + b.roundingNanos, listNanos: list }
}

/** The amounts that the file states by model; a model that it does not name counts as 0. */
function amountsOfModels(told: readonly Told[]): readonly Amount[] {
  const ofModels = told.filter(({ model }) => model !== undefined)
  return [...new Set(ofModels.flatMap(({ amounts }) => Object.keys(amounts) as Amount[]))]
}

function nothingTold(day: string, model: string, asked: readonly Amount[]): Told {
  return { day, model, amounts: Object.fromEntries(asked.map((amount) => [amount, 0])), roundingNanos: 0 }
}

function sumsOf(ledger: Ledger, { day, model }: Told): Sums {
  const models = ledger.get(day)
  if (model !== undefined) return models?.get(model) ?? noSums()
  const all = noSums()
  for (const sums of models?.values() ?? []) for (const key of Object.keys(all) as (keyof Sums)[]) all[key] += sums[key]
  return all
}

const keyOf = (day: string, model: string | undefined): string => `${day} ${model ?? ''}`

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
