// The catalogue is the list of all metrics: each definition is read in one place, with the labels that it names, and its
// unit and its behaviour across restarts are as it says.
import { beforeAll, describe, expect, it } from 'vitest'
import { EXPORTER, PUSH, USAGE, type Definition } from '../../src/metrics/catalogue.js'
import { isHistogram, type Metric } from '../../src/metrics/metric.js'
import { createPushTelemetry, type PushTelemetry } from '../../src/metrics/push-telemetry.js'
import { createTelemetry, type Telemetry } from '../../src/metrics/telemetry.js'
import { usageMetrics } from '../../src/metrics/usage.js'
import { DrivenState } from '../core/driven-state.js'
import { PLAIN } from '../core/made-lines.js'
import { PRICES } from '../core/pricing/made-prices.js'
import { printed } from '../outputs/printed.js'
import { samplesOf } from './read.js'

const DEFINITIONS: readonly Definition[] = [...Object.values(EXPORTER), ...Object.values(PUSH), ...Object.values(USAGE)]
const BUDGET = { name: 'all', period: 'day', limitUsd: 7, match: {} } as const

let driven: DrivenState
let telemetry: Telemetry
let metrics: readonly Metric[]

function usageOf(state: DrivenState): readonly Metric[] {
  return usageMetrics({
    totals: state.state.totals,
    liveConfig: { config: { timeZone: 'UTC', weekStart: 'monday', budgets: [BUDGET] }, pricer: PRICES },
    now: () => state.nowMs,
    complete: () => true,
  })
}

function newTelemetry(): Telemetry {
  return createTelemetry(
    { version: '1', node: 'v1', backend: 'v8' },
    {
      files: () => 1,
      ledgerEntries: () => 2,
      foldedSeries: () => 3,
      poolQueued: () => 4,
      poolRunning: () => 5,
      instance: () => 'id',
    },
  )
}

const newPushTelemetry = (): PushTelemetry => createPushTelemetry(() => () => 0)

beforeAll(() => {
  driven = new DrivenState()
  const unpriced = { ...PLAIN, model: 'model-without-price', place: 'agent/two/s1' }
  driven.tell([PLAIN, { ...unpriced, key: 'm2' }, { ...unpriced, key: 'm3', costNanos: 5 }])
  driven.book()
  // A correction: a response counted in one project turns out to belong to another.
  driven.tell([{ ...PLAIN, time: 0, place: 'agent/two/s1' }])
  driven.book()
  driven.commit()
  telemetry = newTelemetry()
  telemetry.access('agent', true, 0)
  metrics = [...telemetry.metrics, ...newPushTelemetry().metrics, ...usageOf(driven)]
})

describe('the catalogue', () => {
  it('lists each metric once, in the order of reading', () => {
    expect(metrics.map(({ definition }) => definition)).toEqual(DEFINITIONS)
    expect(new Set(DEFINITIONS.map(({ name }) => name)).size).toBe(DEFINITIONS.length)
  })

  it('is printed completely in each format', async () => {
    for (const [format, suffix] of [['text', ''] as const, ['openmetrics', '_total'] as const]) {
      const body = await printed(metrics, format)
      const types = [...body.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name, type]) =>
        type === 'counter' ? `${name!}${suffix}` : name,
      )
      expect(types).toEqual(DEFINITIONS.map(({ name }) => name))
    }
  })

  it('names the labels of samples in their order', () => {
    const told = metrics.filter((metric) => metric.definition.type !== 'histogram')
    for (const metric of told) {
      const samples = samplesOf(metric)
      expect(samples, metric.definition.name).not.toEqual([])
      for (const { labels } of samples) expect(Object.keys(labels)).toEqual(metric.definition.labels)
    }
  })

  it('has names, help texts and units that are valid in both formats', () => {
    for (const { name, type, help, labels, buckets, unit } of DEFINITIONS) {
      expect(name).toMatch(/^agent_usage_[a-z_]+$/)
      // OpenMetrics removes the suffix in TYPE and adds it to samples.
      expect(name.endsWith('_total'), name).toBe(type === 'counter')
      expect(help).toMatch(/\.$/)
      expect(unit ?? '{}', name).toMatch(/^\{[A-Za-z]*\}$/)
      expect(buckets !== undefined, name).toBe(type === 'histogram')
      if (type === 'histogram') expect(labels).toEqual([])
    }
  })
})

describe('reading a metric', () => {
  it('returns the same label objects each time', () => {
    for (const metric of metrics.filter(
      (one) => one.definition.type !== 'histogram' && one.definition.labels.length > 0,
    )) {
      const [before, after] = [samplesOf(metric), samplesOf(metric)]
      expect(after).toHaveLength(before.length)
      for (const [index, { labels }] of after.entries())
        expect(labels === before[index]!.labels, metric.definition.name).toBe(true)
    }
  })

  it('returns the series row only for usage counters', () => {
    const ofSeries = metrics.flatMap((metric) => {
      const value = metric.read()
      return !isHistogram(value) && [...value].some(({ series }) => series !== undefined)
        ? [metric.definition.name]
        : []
    })
    expect(ofSeries).toEqual(
      ['tokens', 'cost', 'loggedCost', 'requests', 'webSearches', 'sessions', 'unpriced'].map((key) => nameOf(key)),
    )
  })
})

describe('after a restart', () => {
  it('durable counters continue and all others start at 0', () => {
    telemetry.failed('scan')
    telemetry.duplicates(2)
    const before = new Map(countersOf(metrics))
    driven.restart()
    const after = new Map(countersOf([...newTelemetry().metrics, ...newPushTelemetry().metrics, ...usageOf(driven)]))
    const durable = DEFINITIONS.filter((one) => one.durable === true).map(({ name }) => name)
    expect(durable).toEqual(
      Object.values(USAGE)
        .filter(({ type }) => type === 'counter')
        .map(({ name }) => name),
    )
    for (const [name, value] of before) {
      if (name === EXPORTER.foldedSeries.name) continue
      expect([name, after.get(name)]).toEqual([name, durable.includes(name) ? value : 0])
    }
    for (const name of durable.filter((one) => one !== USAGE.webSearches.name))
      expect(before.get(name)).toBeGreaterThan(0)
  })
})

const nameOf = (key: string): string => USAGE[key as keyof typeof USAGE].name

function countersOf(all: readonly Metric[]): (readonly [string, number])[] {
  return all
    .filter(({ definition }) => definition.type === 'counter')
    .map((metric) => [metric.definition.name, samplesOf(metric).reduce((sum, { value }) => sum + value, 0)])
}
