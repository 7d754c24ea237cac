// Totals of the responses of any agent, by model and by project and model.
import { labels } from './projects.js'
import { costOf, modelLabel } from './prices.js'
import { projectModel, type Reference, type Totals } from './reference.js'

/** A distinct response. */
export interface Use {
  /** Path of the project. */
  readonly project: string
  /** Logged name. */
  readonly model: string
  readonly timestampMs: number
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
  /** Cost stated in the log, used if no price is known. */
  readonly loggedNanos?: number
  /** Cost by the price table of the agent's reference. */
  readonly nanos?: number
}

export type Sums = Pick<Reference, 'perModel' | 'perProjectModel'>

export function sumsOf(uses: readonly Use[]): Sums {
  const label = labels(uses.map(({ project }) => project))
  const perModel = new Map<string, Totals>()
  const perProjectModel = new Map<string, Totals>()
  for (const use of uses) {
    const model = modelLabel(use.model)
    add(perModel, model, use)
    add(perProjectModel, projectModel(label.get(use.project)!, model), use)
  }
  return { perModel, perProjectModel }
}

function add(sums: Map<string, Totals>, name: string, use: Use): void {
  const sum = sums.get(name)
  sums.set(name, {
    requests: (sum?.requests ?? 0) + 1,
    input: (sum?.input ?? 0) + use.input,
    output: (sum?.output ?? 0) + use.output,
    cache_write_5m: (sum?.cache_write_5m ?? 0) + use.cacheWrite5m,
    cache_write_1h: (sum?.cache_write_1h ?? 0) + use.cacheWrite1h,
    cache_read: (sum?.cache_read ?? 0) + use.cacheRead,
    webSearches: 0,
    costUsd: Math.round((sum?.costUsd ?? 0) * 1e9 + nanosOf(use)) / 1e9,
  })
}

function nanosOf(use: Use): number {
  if (use.nanos !== undefined) return use.nanos
  const billable = { ...use, fast: false, us: false, batch: false, refused: false }
  const { nanos, priced } = costOf(billable, 0, use.timestampMs)
  return priced ? Number(nanos) : (use.loggedNanos ?? 0)
}
