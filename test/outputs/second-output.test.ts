// A second output reads the same metrics and keeps its own births. This made-up one pushes values and stores how many
// series its receiver has acknowledged at 0. The two outputs do not affect each other.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bornSamples, isHistogram, type Metric } from '../../src/metrics/metric.js'
import { usageMetrics } from '../../src/metrics/usage.js'
import { createBirths } from '../../src/outputs/births.js'
import { createPrometheus } from '../../src/outputs/prometheus.js'
import { DrivenState } from '../core/driven-state.js'
import { PLAIN } from '../core/made-lines.js'
import { PRICES } from '../core/pricing/made-prices.js'
import { samples } from '../support/exposition.js'

interface Push {
  readonly requests: readonly number[]
  /** Unpriced tokens by model: sums of several series. */
  readonly unpriced: readonly number[]
  readonly acknowledged: () => void
}

/** All that another output has to implement. */
function createPusher(driven: DrivenState, metrics: readonly Metric[]): () => Push {
  driven.state.pushed ??= driven.state.totals.series.count
  return () => {
    const shows = driven.state.totals.series.count
    const pushed = driven.state.pushed!
    const values = (name: string): number[] =>
      metrics
        .filter(({ definition }) => definition.name === name)
        .flatMap((metric) => {
          const value = metric.read()
          return isHistogram(value) ? [] : [...bornSamples(value, metric, (series) => series >= pushed)]
        })
        .map(({ value }) => value)
    return {
      requests: values('agent_usage_requests_total'),
      unpriced: values('agent_usage_unpriced_tokens_total'),
      acknowledged() {
        driven.state.pushed = shows
        driven.commit()
      },
    }
  }
}

interface Scrape {
  readonly requests: readonly number[]
  readonly unpriced: readonly number[]
  readonly sent: () => void
}

async function outputsOf(driven: DrivenState) {
  const { totals } = driven.state
  const metrics = usageMetrics({
    totals,
    liveConfig: { config: { timeZone: 'UTC', weekStart: 'monday', budgets: [] }, pricer: PRICES },
    now: () => driven.nowMs,
    complete: () => true,
  })
  let commits = 0
  const store = (): void => {
    driven.commit()
    commits += 1
  }
  const births = createBirths({ series: totals.series, commits: () => commits, monotonic: () => 0, holdMs: () => 0 })
  const prometheus = await createPrometheus({ metrics, births, store, ofProcess: false })
  const push = createPusher(driven, metrics)
  return {
    births,
    push,
    scrape: async (): Promise<Scrape> => {
      const { body, sent } = await prometheus.print('text')
      const all = samples(body.toString())
      const values = (name: string): number[] => all.filter((one) => one.name === name).map(({ value }) => value)
      return {
        requests: values('agent_usage_requests_total'),
        unpriced: values('agent_usage_unpriced_tokens_total'),
        sent,
      }
    },
  }
}

/** An unpriced response in a new project. */
function spend(driven: DrivenState, project: number): void {
  driven.tell([{ ...PLAIN, key: `m${project}`, model: 'model-without-price', place: `agent/p${project}/s1` }])
  driven.book()
}

it('a series has its value in each output once that output has shown it at 0', async () => {
  const driven = new DrivenState()
  spend(driven, 0)
  const { births, scrape, push } = await outputsOf(driven)
  births.showAll()
  driven.commit()
  const [tokens = 0] = (await scrape()).unpriced
  expect([(await scrape()).requests, push().requests]).toEqual([[1], [1]])
  spend(driven, 1)
  expect([(await scrape()).requests, push().requests]).toEqual([
    [1, 0],
    [1, 0],
  ])
  push().acknowledged()
  expect([(await scrape()).requests, push().requests]).toEqual([
    [1, 0],
    [1, 1],
  ])
  expect([(await scrape()).unpriced, push().unpriced]).toEqual([[tokens], [2 * tokens]])
  ;(await scrape()).sent()
  expect([(await scrape()).requests, push().requests]).toEqual([
    [1, 1],
    [1, 1],
  ])
  expect((await scrape()).unpriced).toEqual([2 * tokens])
})

const steps = fc.array(
  fc.constantFrom('spend', 'scrape', 'scrape and send', 'push', 'push and acknowledge', 'commit', 'restart' as const),
  { maxLength: 40, size: 'max' },
)

it('neither output changes what the other shows', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (story) => {
      const both = await shown(story)
      expect(both.scraped).toEqual((await shown(story.filter((step) => !step.startsWith('push')))).scraped)
      expect(both.pushed).toEqual((await shown(story.filter((step) => !step.startsWith('scrape')))).pushed)
    }),
    { numRuns: 60 },
  )
})

/** What each output showed. Everything is committed, since a commit for one output stores the state of both. */
async function shown(story: readonly string[]) {
  const driven = new DrivenState()
  let outputs = await outputsOf(driven)
  let projects = 0
  const scraped: unknown[] = []
  const pushed: unknown[] = []
  for (const step of story) {
    if (step === 'spend') spend(driven, projects++)
    else if (step === 'restart') {
      driven.commit()
      driven.restart()
      outputs = await outputsOf(driven)
    } else if (step === 'commit') driven.commit()
    else if (step.startsWith('scrape')) {
      const { sent, ...values } = await outputs.scrape()
      scraped.push(values)
      if (step === 'scrape and send') sent()
    } else {
      const { acknowledged, ...values } = outputs.push()
      pushed.push(values)
      if (step === 'push and acknowledge') acknowledged()
    }
  }
  return { scraped, pushed }
}
