// What receivers must hold after pushes: for each series of each identity the first value and the last. History begins with its
// value when the first push arrives; what is new later begins at 0. From that follows what they must see grow.
import type { Pushed } from '../../support/otlp-receiver.js'
import type { Response } from '../logs.js'
import { actual, keyOf, seriesOf, sums } from '../sets.js'

export interface Expected {
  readonly first: number
  readonly last: number
}

/** Of one identity, by what `amountOf` calls each series. */
export interface Held {
  readonly uuid: string
  /** False: it was lost before all had arrived, so the last values may be less. */
  readonly settled: boolean
  readonly series: ReadonlyMap<string, Expected>
  /** Series of any counter of a project, by `keyOf`, that were new when they first arrived. */
  readonly fromZero: ReadonlySet<string>
}

interface Epoch {
  /** Series that there were before anything was pushed, or of which nobody knows what was. */
  history: ReadonlySet<string>
  /** Their first values, of those that arrived. */
  readonly first: Map<string, number>
  /** By `keyOf`: whether it was new when it first arrived. */
  readonly isNew: Map<string, boolean>
  known: ReadonlyMap<string, number>
  settled: boolean
}

export interface Oracle {
  /** An exporter reads these. @param anew it takes what it finds for history */
  reads(uuid: string, present: ReadonlySet<Response>, anew: boolean): void
  /** All receivers took a push. */
  taken(pushed: Pushed): void
  /** All that was read has arrived. */
  settled(uuid: string): void
  held(): readonly Held[]
  /** Sum of what must be seen to grow. */
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
