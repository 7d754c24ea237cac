// Metrics under the names of an agent's own telemetry have the same sums as the usage metrics of that agent in every
// scrape, for any sequence of lines, bookings, commits and restarts.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Metric } from '../../src/metrics/metric.js'
import { usageMetrics } from '../../src/metrics/usage.js'
import { createBirths } from '../../src/outputs/births.js'
import { createPrometheus } from '../../src/outputs/prometheus.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import { DrivenState } from '../core/driven-state.js'
import { PLAIN, madeLines, type Made } from '../core/made-lines.js'
import { PRICES } from '../core/pricing/made-prices.js'
import { samples, type Sample } from '../support/exposition.js'

const AGENT = claudeCode.agent
const counters = claudeCode.compat!
const names = counters.map(({ name }) => name)

type Step = { readonly tell: readonly Made[] } | 'scrape' | 'commit' | 'restart'

/** Lines of two agents in the same projects with the same models. */
const lines = madeLines.map((made) =>
  made.map((line, index) =>
    line.kind === 'line'
      ? { ...line, place: line.place.replace(/^agent/, index % 3 === 2 ? 'other-agent' : AGENT) }
      : line,
  ),
)
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: lines.map((tell) => ({ tell })) },
    { weight: 5, arbitrary: fc.constant('scrape' as const) },
    { weight: 1, arbitrary: fc.constantFrom('commit' as const, 'restart' as const) },
  ),
  { maxLength: 15 },
)

it('compat metrics equal the usage metrics of their agent in every scrape, without those of other agents', async () => {
  let atZero = 0
  let shown = 0
  await fc.assert(
    fc.asyncProperty(steps, async (story) => {
      const driven = new DrivenState()
      let scraped = await scrapes(driven)
      for (const step of story) {
        if (step === 'commit') driven.commit()
        else if (step === 'restart') {
          driven.commit()
          driven.restart()
          scraped = await scrapes(driven)
        } else if (step === 'scrape') {
          const all = samples(await scraped())
          const found = byOtherNames(all)
          expect(found).toEqual(expected(all))
          for (const value of Object.values(found)) {
            if (value > 0) shown += 1
            else atZero += 1
          }
        } else {
          driven.tell(step.tell)
          driven.book()
        }
      }
    }),
    { numRuns: 300 },
  )
  expect(Math.min(atZero, shown)).toBeGreaterThan(20)
})

it('compat metrics are absent unless enabled, and change no other metric', async () => {
  const driven = new DrivenState()
  driven.tell([{ ...PLAIN, place: `${AGENT}/one/s1` }])
  driven.book()
  driven.commit()
  const scrape = async (asked: boolean): Promise<string> => (await scrapes(driven, asked))()
  // The first scrape shows the series at 0.
  await scrape(true)
  const [without, withThem] = [await scrape(false), await scrape(true)]
  expect(without).not.toContain('claude_code')
  expect(withThem.startsWith(`${without}\n`)).toBe(true)
  expect([...withThem.slice(without.length).matchAll(/^# TYPE (\S+) counter$/gm)].map(([, name]) => name)).toEqual(
    names,
  )
})

it('compat metrics have their OTLP names and are durable', () => {
  const compat = metricsOf(new DrivenState(), true).slice(-counters.length)
  expect(compat.map(({ definition: { name, otlp, durable } }) => ({ name, otlp, durable }))).toEqual([
    {
      name: 'claude_code_token_usage_tokens_total',
      otlp: { name: 'claude_code.token.usage', unit: 'tokens' },
      durable: true,
    },
    { name: 'claude_code_cost_usage_USD_total', otlp: { name: 'claude_code.cost.usage', unit: 'USD' }, durable: true },
  ])
})

function metricsOf(driven: DrivenState, asked: boolean): readonly Metric[] {
  return usageMetrics({
    totals: driven.state.totals,
    liveConfig: { config: { timeZone: 'UTC', weekStart: 'monday', budgets: [] }, pricer: PRICES },
    now: () => driven.nowMs,
    complete: () => true,
    compat: asked ? [{ agent: AGENT, counters }] : [],
  })
}

/** Scrapes as Prometheus does; new series are at 0. */
async function scrapes(driven: DrivenState, asked = true): Promise<() => Promise<string>> {
  let commits = 0
  const births = createBirths({
    series: driven.state.totals.series,
    commits: () => commits,
    monotonic: () => 0,
    holdMs: () => 0,
  })
  const store = (): void => {
    driven.commit()
    commits += 1
  }
  const prometheus = await createPrometheus({ metrics: metricsOf(driven, asked), births, store, ofProcess: false })
  return async () => {
    const { body, sent } = await prometheus.print('text')
    sent()
    return body.toString()
  }
}

type Values = Readonly<Record<string, number>>

/** Compat samples by name and labels, each once: Prometheus rejects duplicates. */
function byOtherNames(all: readonly Sample[]): Values {
  const found = all.filter(({ name }) => names.includes(name))
  const values = found.map(({ name, labels, value }) => [`${name} ${Object.values(labels).join(' ')}`, value] as const)
  expect(new Set(values.map(([key]) => key)).size).toBe(found.length)
  return Object.fromEntries(values)
}

const TYPES: Readonly<Record<string, string>> = {
  input: 'input',
  output: 'output',
  cache_read: 'cacheRead',
  cache_write_5m: 'cacheCreation',
  cache_write_1h: 'cacheCreation',
}

function expected(all: readonly Sample[]): Values {
  const sums: Record<string, number> = {}
  for (const { name, labels, value } of all) {
    if (labels['agent'] !== AGENT) continue
    const place = `${labels['model']!} ${labels['project']!}`
    const key =
      name === 'agent_usage_tokens_total'
        ? `claude_code_token_usage_tokens_total ${TYPES[labels['token_type']!]!} ${place}`
        : `claude_code_cost_usage_USD_total ${place}`
    if (name === 'agent_usage_tokens_total' || name === 'agent_usage_cost_usd_total')
      sums[key] = (sums[key] ?? 0) + value
  }
  return sums
}
