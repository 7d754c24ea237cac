// The interface for outputs: a metric is its definition and a way to read its numbers, which the counting code keeps.
// Nothing here knows the reader or the format.
import type { Definition } from './catalogue.js'

/**
 * The same object on each read, so that an output may cache what it derives from it. In the order of the definition.
 */
export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels: Labels
  /** The true value, independent of the reader. */
  readonly value: number
  /**
   * Row of the usage series that it comes from, so that an output can apply the birth of that series. Absent if it
   * comes from no single series.
   */
  readonly series?: number
}

export interface HistogramValue {
  /** By bucket, not cumulative; the last one is for values above all bounds. */
  readonly counts: Readonly<ArrayLike<number>>
  readonly sum: number
}

export interface Metric {
  readonly definition: Definition
  /**
   * Samples are computed as they are read, so they must be consumed at once. A histogram has no labels, and one value.
   * @param first first row; a usage counter can be asked for the samples of some rows only
   * @param end row after the last
   */
  read(first?: number, end?: number): Iterable<Sample> | HistogramValue
  /**
   * Samples with the same labels are shares of one sum, one from each series: an output adds up what it shows of them.
   */
  readonly shares?: true
}

export const isHistogram = (value: Iterable<Sample> | HistogramValue): value is HistogramValue => 'counts' in value

/**
 * The samples as shown to a reader for whom some series are not born yet: these are at 0, and so is their share in a
 * sum.
 */
export function bornSamples(
  samples: Iterable<Sample>,
  { shares }: Metric,
  isUnborn: (series: number) => boolean,
): Iterable<Sample> {
  const born = heldAtZero(samples, isUnborn)
  return shares ? addedUp(born) : born
}

function* heldAtZero(samples: Iterable<Sample>, isUnborn: (series: number) => boolean): Generator<Sample> {
  for (const sample of samples) {
    yield sample.series !== undefined && isUnborn(sample.series) ? { ...sample, value: 0 } : sample
  }
}

function addedUp(samples: Iterable<Sample>): Sample[] {
  const sums = new Map<Labels, number>()
  for (const { labels, value } of samples) sums.set(labels, (sums.get(labels) ?? 0) + value)
  return Array.from(sums, ([labels, value]) => ({ labels, value }))
}
