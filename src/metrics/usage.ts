// The usage metrics. They keep no number of their own: each is read from the totals when someone asks.
import { Counter, Gauge, type MetricObject, type Registry } from 'prom-client'
import { AMOUNT, type SeriesLabels } from '../core/series.js'
import type { Pricer, Rates } from '../core/pricing.js'
import { CORRECTION_REASONS, type Totals } from '../core/totals.js'
import { TOKEN_TYPES, type TokenType } from '../core/usage.js'
import { PERIODS, currentPeriods, type Span } from './calendar.js'
import { USAGE, type Definition } from './catalogue.js'

const NANOS = 1e9

export interface UsageView {
  readonly totals: Totals
  readonly pricer: Pricer
  readonly timeZone: string
  readonly birthHoldMs: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** False until the first pass is complete: nothing is shown of a history that is half read. */
  readonly complete: () => boolean
}

/** Registers the usage metrics; what each shows is worked out when it is asked for. */
export function registerUsage(registry: Registry, view: UsageView): void {
  const { totals, pricer } = view
  const { series } = totals
  const costs = periodCosts(view)
  const labelsOf = cached((row) => series.labels(row))
  const byToken = cached((row) => TOKEN_TYPES.map((token_type) => ({ ...series.labels(row), token_type })))
  const byPeriod = cached((row) => PERIODS.map((period) => ({ period, ...series.labels(row) })))

  function* rows(): Generator<{ readonly row: number; readonly born: boolean }> {
    if (!view.complete()) return
    const nowMs = view.now()
    for (let row = 0; row < series.count; row += 1) yield { row, born: series.shown(row, nowMs, view.birthHoldMs) }
  }

  function* tokens(): Generator<Sample> {
    for (const { row, born } of rows()) {
      for (const [token, labels] of byToken(row).entries()) {
        yield sample(labels, born ? series.total(row, AMOUNT.tokens + token) : 0)
      }
    }
  }

  function* amounts(amount: number, unit: number): Generator<Sample> {
    for (const { row, born } of rows()) yield sample(labelsOf(row), born ? series.total(row, amount) / unit : 0)
  }

  function* corrections(): Generator<Sample> {
    if (view.complete()) for (const reason of CORRECTION_REASONS) yield sample({ reason }, totals.correction(reason))
  }

  function* unpriced(): Generator<Sample> {
    const byModel = new Map<string, number>()
    for (const { row, born } of rows()) {
      const { model } = labelsOf(row)
      if (series.unpriced(row) > 0) byModel.set(model, (byModel.get(model) ?? 0) + (born ? series.unpriced(row) : 0))
    }
    for (const [model, value] of byModel) yield sample({ model }, value)
  }

  function* periodCost(): Generator<Sample> {
    if (!view.complete()) return
    const byIndex = costs()
    for (const { row } of rows()) {
      for (const [index, labels] of byPeriod(row).entries()) yield sample(labels, (byIndex[index]![row] ?? 0) / NANOS)
    }
  }

  function* lastActivity(): Generator<Sample> {
    const latest = new Map<string, { readonly labels: SeriesLabels; time: number }>()
    for (const { row } of rows()) {
      const time = series.lastActivity(row)
      const labels = labelsOf(row)
      const key = `${labels.agent}\0${labels.project}`
      if (!Number.isNaN(time) && !((latest.get(key)?.time ?? Number.NaN) >= time)) latest.set(key, { labels, time })
    }
    for (const { labels, time } of latest.values()) yield sample({ agent: labels.agent, project: labels.project }, time / 1000)
  }

  function* prices(): Generator<Sample> {
    const models = new Set<string>()
    for (const { row } of rows()) models.add(labelsOf(row).model)
    for (const model of models) {
      const rates = pricer.ratesNow(model, view.now())
      if (rates === undefined) continue
      for (const token_type of TOKEN_TYPES) yield sample({ model, token_type }, rateOf(rates, token_type) / NANOS)
    }
  }

  const register = (definition: Definition, read: () => Iterable<Sample>): void => {
    const { name, help, labels } = definition
    const common = { name, help, labelNames: [...labels], registers: [registry] }
    const metric = definition.type === 'counter' ? new Counter(common) : new Gauge(common)
    // The library would keep each number, and look each one's labels up by hashing them, at every scrape.
    Object.assign(metric, {
      get(this: MetricObject) {
        const { help: shownHelp, name: shownName, type } = this
        return Promise.resolve({ help: shownHelp, name: shownName, type, aggregator: 'sum', values: [...read()] })
      },
    })
  }
  register(USAGE.tokens, tokens)
  register(USAGE.cost, () => amounts(AMOUNT.cost, NANOS))
  register(USAGE.requests, () => amounts(AMOUNT.requests, 1))
  register(USAGE.webSearches, () => amounts(AMOUNT.searches, 1))
  register(USAGE.corrections, corrections)
  register(USAGE.unpriced, unpriced)
  register(USAGE.periodCost, periodCost)
  register(USAGE.lastActivity, lastActivity)
  register(USAGE.price, prices)
}

type Labels = Readonly<Record<string, string>>

interface Sample {
  readonly value: number
  readonly labels: Record<string, string>
  /** Printed like `labels`, but formatted once for each object: the library remembers (registry.js). */
  readonly sharedLabels: Labels
}

function sample(sharedLabels: Labels | SeriesLabels, value: number): Sample {
  return { value, labels: NO_LABELS, sharedLabels: sharedLabels as Labels }
}
const NO_LABELS: Record<string, string> = {}

/** Costs of the current periods, by series; worked out again when a booking, or the end of a day, changed them. */
function periodCosts({ totals, timeZone, now }: UsageView): () => readonly Float64Array[] {
  let spans: readonly Span[] = []
  let costs: readonly Float64Array[] = []
  let bookings = -1
  return () => {
    const nowMs = now()
    const sameDay = spans[0] !== undefined && nowMs >= spans[0].fromMs && nowMs < spans[0].toMs
    if (sameDay && bookings === totals.bookings) return costs
    if (!sameDay) spans = currentPeriods(nowMs, timeZone)
    bookings = totals.bookings
    costs = totals.costsOf(spans)
    return costs
  }
}

/** Labels never change; the same objects again are what makes a scrape cheap. */
function cached<T>(make: (row: number) => T): (row: number) => T {
  const made: T[] = []
  return (row) => (made[row] ??= make(row))
}

function rateOf(rates: Rates, type: TokenType): number {
  switch (type) {
    case 'input':
      return rates.input
    case 'output':
      return rates.output
    case 'cache_read':
      return rates.cacheRead
    case 'cache_write_5m':
      return rates.cacheWrite5m
    case 'cache_write_1h':
      return rates.cacheWrite1h
  }
}
