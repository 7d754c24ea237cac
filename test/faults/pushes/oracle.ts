// What receivers must hold after pushes: the first and the last value of each series of each instance. History starts at its
// value in the first push that arrives; later series start at 0. From these follows the growth that receivers must see.
import type { Pushed } from '../../support/otlp-receiver.js'
import type { Response } from '../logs.js'
import { actual, keyOf, seriesOf, sums } from '../sets.js'

export interface Expected {
  readonly first: number
  readonly last: number
}

/** Series of one instance, keyed by `amountOf`. */
export interface Held {
  readonly uuid: string
  /** False if the instance was lost before everything had arrived, so the last values may be lower. */
  readonly settled: boolean
  readonly series: ReadonlyMap<string, Expected>
  /** Series of all counters with a project, keyed by `keyOf`, that were new when they first arrived. */
  readonly fromZero: ReadonlySet<string>
}

interface Epoch {
  /** Series that existed before the first push, or whose earlier values are unknown. */
  history: ReadonlySet<string>
  /** First values of the series that arrived. */
  readonly first: Map<string, number>
  /** Whether a series was new when it first arrived, keyed by `keyOf`. */
  readonly isNew: Map<string, boolean>
  known: ReadonlyMap<string, number>
  settled: boolean
}

export interface Oracle {
  /** An exporter reads these responses. @param anew whether it treats them as history */
  reads(uuid: string, present: ReadonlySet<Response>, anew: boolean): void
  /** All receivers accepted a push. */
  taken(pushed: Pushed): void
  /** Everything that was read has arrived. */
  settled(uuid: string): void
  held(): readonly Held[]
  /** Sum of the growth that receivers must see. */
  spent(): number
}

export function createOracle(): Oracle {
  const epochs = new Map<string, Epoch>()

  function held(): readonly Held[] {
    return [...epochs]
      .filter(([, { first }]) => first.size > 0)
      .map(([uuid, { first, known, settled, isNew }]) => ({
        ...{ uuid, settled, fromZero: new Set([...isNew].flatMap(([key, is]) => (is ? [key] : []))) },
        series: new Map(Array.from(first, ([key, value]) => [key, { first: value, last: known.get(key) ?? 0 }])),
      }))
  }

  return {
    reads(uuid, present, anew) {
      const known = sums(present)
      const epoch = epochs.get(uuid) ?? {
        history: new Set(),
        first: new Map(),
        isNew: new Map<string, boolean>(),
        known,
        settled: false,
      }
      epochs.set(uuid, epoch)
      if (JSON.stringify([...known]) !== JSON.stringify([...epoch.known])) epoch.settled = false
      epoch.known = known
      if (anew) epoch.history = new Set([...present].map(seriesOf))
    },
    taken({ resource, points }) {
      const epoch = epochs.get(resource['service.instance.id']!)
      if (epoch === undefined) throw new Error('a push of one that has read nothing')
      for (const key of actual(points).keys()) {
        if (epoch.first.has(key)) continue
        const series = key.slice(0, key.lastIndexOf(' '))
        epoch.first.set(key, epoch.history.has(series) ? (epoch.known.get(key) ?? 0) : 0)
      }
      const history = [...epoch.history]
      for (const point of points) {
        const { project, model } = point.labels
        const key = keyOf(point)
        if (project === undefined || epoch.isNew.has(key)) continue
        const begins = model === undefined ? `${project} ` : `${project} ${model}`
        epoch.isNew.set(key, !history.some((series) => series.startsWith(begins)))
      }
    },
    settled: (uuid) => void (epochs.get(uuid)!.settled = true),
    held,
    spent: () =>
      held()
        .flatMap(({ series }) => [...series.values()])
        .reduce((sum, { first, last }) => sum + last - first, 0),
  }
}
