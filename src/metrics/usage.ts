// The usage metrics. They keep no number of their own: each is read from the totals when someone asks.
import { Counter, Gauge, type Registry } from 'prom-client'
import { AMOUNT, type Series, type SeriesLabels } from '../core/series.js'
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

export function registerUsage(registry: Registry, view: UsageView): void {
  const { totals, pricer } = view
  const { series } = totals
  const common = ({ name, help, labels }: Definition) => ({ name, help, labelNames: [...labels], registers: [registry] })
  const labelsOf = labelCache(series)

  function* shown(): Generator<{ readonly row: number; readonly labels: SeriesLabels; readonly born: boolean }> {
    if (!view.complete()) return
    const nowMs = view.now()
    for (let row = 0; row < series.count; row += 1) {
      yield { row, labels: labelsOf(row), born: series.shown(row, nowMs, view.birthHoldMs) }
    }
  }

  const plain = [
    [USAGE.cost, AMOUNT.cost, NANOS],
    [USAGE.requests, AMOUNT.requests, 1],
    [USAGE.webSearches, AMOUNT.searches, 1],
  ] as const
  new Counter({
    ...common(USAGE.tokens),
    collect() {
      this.reset()
      for (const { row, labels, born } of shown()) {
        for (const [token, token_type] of TOKEN_TYPES.entries()) {
          this.inc({ ...labels, token_type }, born ? series.total(row, AMOUNT.tokens + token) : 0)
        }
      }
    },
  })
  for (const [definition, amount, divisor] of plain) {
    new Counter({
      ...common(definition),
      collect() {
        this.reset()
        for (const { row, labels, born } of shown()) this.inc({ ...labels }, born ? series.total(row, amount) / divisor : 0)
      },
    })
  }
  new Counter({
    ...common(USAGE.corrections),
    collect() {
      this.reset()
      if (view.complete()) for (const reason of CORRECTION_REASONS) this.inc({ reason }, totals.correction(reason))
    },
  })
  new Counter({
    ...common(USAGE.unpriced),
    collect() {
      this.reset()
      for (const { row, labels, born } of shown()) {
        if (series.unpriced(row) > 0) this.inc({ model: labels.model }, born ? series.unpriced(row) : 0)
      }
    },
  })

  const costs = periodCosts(view)
  new Gauge({
    ...common(USAGE.periodCost),
    collect() {
      this.reset()
      if (!view.complete()) return
      const byPeriod = costs()
      for (const { row, labels } of shown()) {
        for (const [index, period] of PERIODS.entries()) this.set({ period, ...labels }, byPeriod[index]![row]! / NANOS)
      }
    },
  })
  new Gauge({
    ...common(USAGE.lastActivity),
    collect() {
      this.reset()
      const latest = new Map<string, { readonly labels: SeriesLabels; time: number }>()
      for (const { row, labels } of shown()) {
        const time = totals.lastActivity(row)
        const key = `${labels.agent}\0${labels.project}`
        if (!Number.isNaN(time) && !((latest.get(key)?.time ?? Number.NaN) >= time)) latest.set(key, { labels, time })
      }
      for (const { labels, time } of latest.values()) this.set({ agent: labels.agent, project: labels.project }, time / 1000)
    },
  })
  new Gauge({
    ...common(USAGE.price),
    collect() {
      this.reset()
      const models = new Set([...shown()].map(({ labels }) => labels.model))
      for (const model of models) {
        const rates = pricer.ratesNow(model, view.now())
        if (rates === undefined) continue
        for (const token_type of TOKEN_TYPES) this.set({ model, token_type }, rateOf(rates, token_type) / NANOS)
      }
    },
  })
}

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

/** Labels never change, and making them anew at each scrape would cost more than the numbers. */
function labelCache(series: Series): (row: number) => SeriesLabels {
  const cache: SeriesLabels[] = []
  return (row) => (cache[row] ??= series.labels(row))
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
