// Event loop lag since the last scrape, under the names that prom-client uses and dashboards know. Replaces the
// library's own metrics, which count the time between two samples as lag, and show a period without samples as NaN and
// 9e9 s.
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import Gauge from 'prom-client/lib/gauge.js'
import type Registry from 'prom-client/lib/registry.js'

/** Milliseconds between samples. Shorter ones would keep an idle process awake. */
const PERIOD_MS = 200

/** By the distinguishing part of the name; computed from samples in nanoseconds. */
const STATISTICS: Readonly<
  Record<string, { readonly help: string; readonly of: (samples: RecordableHistogram) => number }>
> = {
  min: { help: 'Minimum event loop lag since the last scrape, in seconds.', of: ({ min }) => min },
  max: { help: 'Maximum event loop lag since the last scrape, in seconds.', of: ({ max }) => max },
  mean: { help: 'Mean event loop lag since the last scrape, in seconds.', of: ({ mean }) => mean },
  stddev: {
    help: 'Standard deviation of the event loop lag since the last scrape, in seconds.',
    of: ({ stddev }) => stddev,
  },
  p50: { help: 'Median event loop lag since the last scrape, in seconds.', of: (samples) => samples.percentile(50) },
  p90: {
    help: '90th percentile of the event loop lag since the last scrape, in seconds.',
    of: (samples) => samples.percentile(90),
  },
  p99: {
    help: '99th percentile of the event loop lag since the last scrape, in seconds.',
    of: (samples) => samples.percentile(99),
  },
}

/** Resolution of the library's own sampling, which is to do nothing: the longest time that a timer takes. */
export const NEVER_MS = 2 ** 31 - 1

/** Replaces what the library registered. */
export function addEventLoopLag(registry: Registry): void {
  const samples = sampleLag()
  // The first of them that a scrape reads computes all, so that they are of the same samples.
  const collect = (): void => {
    // There may be no sample between two scrapes in quick succession: what was shown is still the latest.
    if (samples.count === 0) return
    for (const { gauge, of } of gauges) gauge.set(of(samples) / 1e9)
    samples.reset()
  }
  const gauges = Object.entries(STATISTICS).map(([part, { help, of }], index) => {
    const name = `nodejs_eventloop_lag_${part}_seconds`
    registry.removeSingleMetric(name)
    return { of, gauge: new Gauge({ name, help, registers: [registry], ...(index === 0 && { collect }) }) }
  })
}

/**
 * Not monitorEventLoopDelay: each of its samples is a period plus the lag, which cannot be separated exactly, and after
 * each reset it misses one.
 */
function sampleLag(): RecordableHistogram {
  const samples = createHistogram({ figures: 2, highest: 3_600e9 })
  let last = performance.now()
  const sample = (): void => {
    const now = performance.now()
    // A histogram cannot record 0. A timer may also be slightly early.
    samples.record(Math.max(1, Math.round((now - last - PERIOD_MS) * 1e6)))
    last = now
  }
  setInterval(sample, PERIOD_MS).unref()
  return samples
}
