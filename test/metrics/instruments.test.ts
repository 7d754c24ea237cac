// Instruments for the exporter's own metrics: they must print what prom-client prints.
import { Histogram, Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { EXPORTER } from '../../src/metrics/catalogue.js'
import {
  counter,
  gauge,
  histogram,
  info,
  labelledCounter,
  labelledGauge,
  reading,
} from '../../src/metrics/instruments.js'
import { isHistogram } from '../../src/metrics/metric.js'
import { printed } from '../outputs/printed.js'
import { samplesOf } from './read.js'

const OBSERVED = [0, 0.0001, 0.00011, 0.25, 0.2500001, 10, 11, 1e-9, 3600]

describe('a histogram', () => {
  it('prints like that of prom-client, before and after observations', async () => {
    const registry = new Registry()
    const { name, help, buckets } = EXPORTER.parseDuration
    const library = new Histogram({ name, help, buckets: [...buckets], registers: [registry] })
    const own = histogram(EXPORTER.parseDuration)
    expect(await printed([own])).toBe(await registry.metrics())
    for (const value of OBSERVED) {
      own.observe(value)
      library.observe(value)
    }
    expect(await printed([own])).toBe(await registry.metrics())
    const value = own.read()
    expect(isHistogram(value) && Array.from(value.counts).reduce((sum, count) => sum + count)).toBe(OBSERVED.length)
  })
})

describe('a counter', () => {
  it('starts at 0', () => {
    const own = counter(EXPORTER.lines)
    expect(samplesOf(own)).toEqual([{ labels: {}, value: 0 }])
    own.inc()
    own.inc(41)
    expect(samplesOf(own)).toEqual([{ labels: {}, value: 42 }])
  })

  it('with a label has a sample for each label value', () => {
    const own = labelledCounter(EXPORTER.errors, ['scan', 'parse'])
    own.inc('parse')
    own.add({ parse: 2 })
    own.add({})
    expect(samplesOf(own)).toEqual([
      { labels: { stage: 'scan' }, value: 0 },
      { labels: { stage: 'parse' }, value: 3 },
    ])
    expect(own.byValue()).toEqual({ scan: 0, parse: 3 })
  })
})

describe('a gauge', () => {
  it('is 0 until set, and has no sample while its value is undefined', () => {
    const own = gauge(EXPORTER.oldestTranscript)
    const seen = [undefined, 7].map((value) => {
      const before = samplesOf(own).map((sample) => sample.value)
      own.set(value)
      return before
    })
    expect([...seen, samplesOf(own).map((sample) => sample.value)]).toEqual([[0], [], [7]])
  })

  it('with a label has a sample for each label value that was set', () => {
    const own = labelledGauge(EXPORTER.sourceUp)
    expect(samplesOf(own)).toEqual([])
    own.set('b', 1)
    own.set('a', 1)
    own.set('b', 0)
    expect(samplesOf(own)).toEqual([
      { labels: { agent: 'b' }, value: 0 },
      { labels: { agent: 'a' }, value: 1 },
    ])
  })

  it('can read its value or its labels from a function at each scrape', () => {
    let files = 3
    let id = 'one'
    const [read, told] = [reading(EXPORTER.files, () => files), info(EXPORTER.instanceInfo, () => ({ id }))]
    expect([...samplesOf(read), ...samplesOf(told)].map(({ labels, value }) => [labels, value])).toEqual([
      [{}, 3],
      [{ id: 'one' }, 1],
    ])
    files = 4
    id = 'two'
    expect([...samplesOf(read), ...samplesOf(told)].map(({ labels, value }) => [labels, value])).toEqual([
      [{}, 4],
      [{ id: 'two' }, 1],
    ])
  })
})
