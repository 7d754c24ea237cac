// What an output reads: each metric is its definition and a way to read its numbers, which are kept by whoever counts.
// Nothing here knows who asks, or in what format.
import type { Definition } from './catalogue.js'

/** The same object at each read, so that an output may remember what it made of it. In the order of the definition. */
export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels: Labels
  /** The true value, whoever asks. */
  readonly value: number
  /** Row of the usage series that it comes from, so that an output can apply that series' birth. Absent: of no one series. */
  readonly series?: number
}

export interface HistogramValue {
  /** By bucket, not cumulative; the last is for what is above all bounds. */
  readonly counts: Readonly<ArrayLike<number>>
  readonly sum: number
}

export interface Metric {
  readonly definition: Definition
  /**
   * Samples are read as they are taken: to be taken at once. A histogram has no labels, and one value.
   * @param first a counter of usage may be asked for the samples of some rows alone: those from here on
   * @param end those before this
   */
  read(first?: number, end?: number): Iterable<Sample> | HistogramValue
  /** Samples of the same labels are shares of one sum, from a series each: an output adds up what it shows of them. */
  readonly shares?: true
}

export const isHistogram = (value: Iterable<Sample> | HistogramValue): value is HistogramValue => 'counts' in value

/**
 * The samples as they are to be shown to someone for whom some series are not born yet: these are at 0, and so is their share
 * in a sum.
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
