// Passes over a real tree with a real state, with a record of their events.
import { createPricer } from '../../src/core/pricing/pricing.js'
import { MEASURE } from '../../src/core/schema.js'
import { State } from '../../src/core/state.js'
import { createPasses } from '../../src/ingest/pass.js'
import type { RunPass } from '../../src/ingest/pass-report.js'
import { loadBuiltInPrices } from '../../src/prices/price-file.js'
import { buildPriceTable } from '../../src/prices/price-table.js'
import type { Backend } from '../../src/decode/decoder.js'
import type { SourceDirectories } from '../../src/sources/index.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import type { ParserPool } from '../../src/worker/pool.js'

export interface Passing {
  readonly state: State
  readonly pass: RunPass
  readonly abort: AbortController
  /** `read 10`, `worker failed`, `settled true`, …, since they were last taken. */
  readonly takeEvents: () => string[]
  readonly total: (amount: number) => number
}

export function passing(
  directories: readonly string[] | readonly SourceDirectories[],
  {
    pool,
    cache = true,
    helps = false,
    remembers = false,
    now = Date.now,
  }: { pool?: ParserPool; cache?: boolean; helps?: boolean; remembers?: boolean; now?: () => number } = {},
): Passing {
  const state = new State()
  const abort = new AbortController()
  const pricer = createPricer(buildPriceTable(loadBuiltInPrices()))
  let events: string[] = []
  const pass = createPasses({
    state,
    sources: directories.flatMap((each) =>
      typeof each === 'string' ? { source: claudeCode, paths: [each], named: true } : each,
    ),
    pool,
    backend: (process.env.AUE_BACKEND ?? 'wasm') as Backend,
    cache,
    helps,
    remembers,
    now,
    signal: abort.signal,
    publish(complete) {
      events.push(`settled ${complete}`)
      if (state.totals.waiting) state.totals.book({ pricer, nowMs: 0, maxSeries: 1_000 })
    },
    events: {
      rootsResolved: () => undefined,
      workPlanned: () => undefined,
      read: (files) => events.push(...files.map(({ bytes }) => `read ${bytes}`)),
      duplicates: (count) => count > 0 && events.push(`duplicates ${count}`),
      replaced: () => events.push('replaced'),
      scanFailed: () => events.push('scan failed'),
      readFailed: () => events.push('read failed'),
      workerFailed: () => events.push('worker failed'),
      joinFailed: (paths) => events.push(`join failed ${paths.length}`),
      usageVisible: () => events.push('visible'),
    },
  })
  return {
    state,
    pass,
    abort,
    takeEvents() {
      const taken = events
      events = []
      return taken
    },
    total(amount) {
      const { series } = state.totals
      return Array.from({ length: series.count }, (_, row) => series.total(row, amount)).reduce(
        (sum, each) => sum + each,
        0,
      )
    },
  }
}

export const REQUESTS = MEASURE.requests
