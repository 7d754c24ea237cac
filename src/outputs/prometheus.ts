// The exposition that Prometheus scrapes. All usage is read at one moment, printing it yields to the event loop every
// few milliseconds, and a series that is new to the scraper is shown at 0 first.
import { bornSamples, isHistogram, type HistogramValue, type Labels, type Metric } from '../metrics/metric.js'
import type { Births } from './births.js'
import { CONTENT_TYPE, seriesText, writeAll, type Family, type Format } from './text-format.js'

export type { Format } from './text-format.js'

export interface Print {
  readonly contentType: string
  readonly body: Buffer
  /** To be called when a scraper, or the file in its place, has all of it. */
  readonly sent: () => void
}

export interface PrometheusOptions {
  readonly metrics: readonly Metric[]
  readonly births: Births
  /** Stores which series were seen at 0. */
  readonly store: () => void
  /**
   * Also prints the metrics of the process itself. Not for a textfile, where they would clash with the collector's own.
   */
  readonly ofProcess: boolean
}

export interface Prometheus {
  /** All of our numbers are read before this returns its promise. */
  print(format: Format): Promise<Print>
}

export async function createPrometheus({ metrics, births, store, ofProcess }: PrometheusOptions): Promise<Prometheus> {
  const readers = metrics.map(createReader)
  const processFamilies = ofProcess ? (await import('./process-metrics.js')).createProcessMetrics() : () => []
  return {
    async print(format) {
      const unborn = births.unborn()
      const seen = new Set<number>()
      const families = readers.map((read) => read(unborn, seen))
      const body = await writeAll([...families, ...(await processFamilies())], format)
      return {
        contentType: CONTENT_TYPE[format],
        body,
        sent() {
          if (births.saw(seen)) store()
        },
      }
    },
  }
}

/** Reads a metric for a scraper, and adds the unborn series that it shows to `seen`. */
type Reader = (unborn: ReadonlySet<number>, seen: Set<number>) => Family

function createReader(metric: Metric): Reader {
  const { name, type, help, buckets = [] } = metric.definition
  const bounds = [...buckets, '+Inf'].map((le) => seriesText(`${name}_bucket`, { le }))
  const histogramSeries = [...bounds, `${name}_sum`, `${name}_count`]
  const textOf = createSeriesTexts(name)
  return (unborn, seen) => {
    const value = metric.read()
    if (isHistogram(value)) {
      return { name, type, help, seriesAt: (index) => histogramSeries[index]!, values: histogramValues(value) }
    }
    const isUnborn = (row: number): boolean => {
      if (!unborn.has(row)) return false
      seen.add(row)
      return true
    }
    const samples = unborn.size > 0 || metric.shares ? bornSamples(value, metric, isUnborn) : value
    const labelsAt: Labels[] = []
    const values: number[] = []
    for (const sample of samples) {
      labelsAt.push(sample.labels)
      values.push(sample.value)
    }
    return { name, type, help, seriesAt: (index) => textOf(labelsAt[index]!, index), values }
  }
}

/** Each text is made once: the same labels appear on each scrape, hardly ever in another order. */
function createSeriesTexts(name: string): (labels: Labels, index: number) => string {
  const written: Labels[] = []
  const texts: string[] = []
  return (labels, index) => {
    if (written[index] !== labels) {
      written[index] = labels
      texts[index] = seriesText(name, labels)
    }
    return texts[index]!
  }
}

/** Names of the cumulative buckets, of the sum and of the count. */
function histogramValues({ counts, sum }: HistogramValue): number[] {
  let count = 0
  const cumulative = Array.from(counts, (bucket) => (count += bucket))
  return [...cumulative, sum, count]
}
