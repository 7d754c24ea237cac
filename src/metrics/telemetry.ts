// What the exporter measures of itself while it works. Others tell it what happened; it knows the metrics.
import type { Registry } from 'prom-client'
import { FALLBACK_REASONS, type Fallbacks } from '../core/ledger/fallback.js'
import { SKIP_REASONS, type SkipReason } from '../core/ledger/skip.js'
import { EXPORTER, type Definition } from './catalogue.js'
import { Counter, Gauge, Histogram } from './prom-client.js'
import { registerRead, sample } from './samples.js'
import { registerTally } from './tally.js'

/** Where something failed that the exporter went on after. */
export const STAGES = ['scan', 'parse', 'worker', 'watch', 'store', 'web_config'] as const
export type Stage = (typeof STAGES)[number]

export interface PassFacts {
  readonly seconds: number
  readonly full: boolean
  readonly lookups: number
  readonly hits: number
  /** Of transcripts on disk; only a full pass knows. */
  readonly oldestMtimeMs: number | undefined
  /** When it ended, milliseconds since the epoch. */
  readonly ended: () => number
}

export interface ReadFacts {
  readonly seconds: number
  readonly bytes: number
  readonly lines: number
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>
  readonly fallbacks: Fallbacks
}

export interface Telemetry {
  read(files: readonly ReadFacts[]): void
  duplicates(count: number): void
  pass(facts: PassFacts): void
  lag(seconds: number): void
  failed(stage: Stage): void
  /** What the last full pass could read of an agent's logs. */
  access(agent: string, up: boolean, unreadable: number): void
  task(waitSeconds: number, runSeconds: number): void
  commit(seconds: number): void
  storeUp(up: boolean): void
  /** The configuration was read and taken at that moment, milliseconds since the epoch; undefined: the former is kept. */
  configured(at: (() => number) | undefined): void
  health(): Promise<Health>
}

/** How the work went since the program started, in the numbers that the metrics show. */
export interface Health {
  readonly errors: Readonly<Record<Stage, number>>
  readonly skipped: Readonly<Record<SkipReason, number>>
  /** When the latest full pass ended, milliseconds since the epoch; undefined before the first has. */
  readonly lastPassMs: number | undefined
}

/** Read when someone asks. */
export interface Gauges {
  readonly files: () => number
  readonly ledgerEntries: () => number
  readonly foldedSeries: () => number
  readonly poolQueued: () => number
  readonly poolRunning: () => number
  /** UUID of the state. */
  readonly instance: () => string
}

export interface BuildInfo {
  readonly version: string
  readonly node: string
  readonly backend: string
}

export function createTelemetry(registry: Registry, build: BuildInfo, gauges: Gauges): Telemetry {
  const registers = [registry]
  const common = ({ name, help, labels }: Definition) => ({ name, help, labelNames: [...labels], registers })
  const counter = (definition: Definition): Counter => new Counter(common(definition))
  const gauge = (definition: Definition): Gauge => new Gauge(common(definition))
  const histogram = (definition: Definition): Histogram =>
    new Histogram({ ...common(definition), buckets: [...definition.buckets!] })
  const read = (definition: Definition, value: () => number): Gauge =>
    new Gauge({
      ...common(definition),
      collect() {
        this.set(value())
      },
    })

  const parsed = registerTally(registry, EXPORTER.parseDuration)
  const passDuration = histogram(EXPORTER.passDuration)
  const hitRatio = histogram(EXPORTER.passCacheHitRatio)
  const eventLag = histogram(EXPORTER.eventLag)
  const lookups = counter(EXPORTER.cacheLookups)
  const hits = counter(EXPORTER.cacheHits)
  read(EXPORTER.files, gauges.files)
  read(EXPORTER.ledgerEntries, gauges.ledgerEntries)
  const bytesRead = counter(EXPORTER.bytesRead)
  const linesRead = counter(EXPORTER.lines)
  const duplicateLines = counter(EXPORTER.duplicateLines)
  const linesSkipped = counter(EXPORTER.linesSkipped)
  for (const reason of SKIP_REASONS) linesSkipped.inc({ reason }, 0)
  const fallbackLines = counter(EXPORTER.fallbacks)
  for (const reason of FALLBACK_REASONS) fallbackLines.inc({ reason }, 0)
  const errors = counter(EXPORTER.errors)
  for (const stage of STAGES) errors.inc({ stage }, 0)
  const sourceUp = gauge(EXPORTER.sourceUp)
  const filesUnreadable = gauge(EXPORTER.filesUnreadable)
  let lastPass: (() => number) | undefined
  read(EXPORTER.lastPass, () => (lastPass?.() ?? 0) / 1000)
  const oldest = gauge(EXPORTER.oldestTranscript)
  new Counter({
    ...common(EXPORTER.foldedSeries),
    collect() {
      this.reset()
      this.inc(gauges.foldedSeries())
    },
  })
  read(EXPORTER.poolQueued, gauges.poolQueued)
  read(EXPORTER.poolRunning, gauges.poolRunning)
  const poolWait = histogram(EXPORTER.poolWait)
  const poolRun = histogram(EXPORTER.poolRun)
  const storeCommit = histogram(EXPORTER.storeCommit)
  const storeUp = gauge(EXPORTER.storeUp)
  const reloadSuccessful = gauge(EXPORTER.reloadSuccessful)
  let lastReload: (() => number) | undefined
  read(EXPORTER.reloadSuccess, () => (lastReload?.() ?? 0) / 1000)
  registerRead(registry, EXPORTER.instanceInfo, () => [sample({ id: gauges.instance() }, 1)])
  gauge(EXPORTER.buildInfo).set({ ...build }, 1)

  return {
    read(files) {
      let sumBytes = 0
      let sumLines = 0
      for (const { seconds, bytes, lines, skipped, fallbacks: fallbacks } of files) {
        parsed(seconds)
        sumBytes += bytes
        sumLines += lines
        for (const [reason, count] of Object.entries(skipped)) linesSkipped.inc({ reason }, count)
        for (const [reason, count] of Object.entries(fallbacks)) fallbackLines.inc({ reason }, count)
      }
      bytesRead.inc(sumBytes)
      linesRead.inc(sumLines)
    },
    duplicates: (count) => duplicateLines.inc(count),
    pass(facts) {
      passDuration.observe(facts.seconds)
      if (facts.lookups > 0) hitRatio.observe(facts.hits / facts.lookups)
      lookups.inc(facts.lookups)
      hits.inc(facts.hits)
      if (!facts.full) return
      lastPass = facts.ended
      if (facts.oldestMtimeMs === undefined) oldest.remove()
      else oldest.set(facts.oldestMtimeMs / 1000)
    },
    lag: (seconds) => eventLag.observe(seconds),
    failed: (stage) => errors.inc({ stage }),
    access(agent, up, unreadable) {
      sourceUp.set({ agent }, up ? 1 : 0)
      filesUnreadable.set({ agent }, unreadable)
    },
    task(waitSeconds, runSeconds) {
      poolWait.observe(waitSeconds)
      poolRun.observe(runSeconds)
    },
    commit: (seconds) => storeCommit.observe(seconds),
    storeUp: (up) => storeUp.set(up ? 1 : 0),
    configured(at) {
      reloadSuccessful.set(at === undefined ? 0 : 1)
      lastReload = at ?? lastReload
    },
    async health() {
      return {
        errors: await valuesBy<Stage>('stage', errors),
        skipped: await valuesBy<SkipReason>('reason', linesSkipped),
        lastPassMs: lastPass?.(),
      }
    },
  }
}

/** By the values of its only label. */
async function valuesBy<Value extends string>(label: string, counter: Counter): Promise<Record<Value, number>> {
  const { values } = await counter.get()
  return Object.fromEntries(values.map((one) => [one.labels[label], one.value])) as Record<Value, number>
}
