// Measures the exporter itself. Callers report events; only this file knows the metrics.
import { FALLBACK_REASONS, type Fallbacks } from '../core/ledger/fallback.js'
import { SKIP_REASONS, type SkipReason } from '../core/ledger/skip.js'
import { EXPORTER } from './catalogue.js'
import { counter, gauge, histogram, info, labelledCounter, labelledGauge, reading } from './instruments.js'
import type { Metric } from './metric.js'

/** Where a failure occurred that the exporter recovered from. */
export const STAGES = ['scan', 'parse', 'worker', 'watch', 'store', 'web_config'] as const
export type Stage = (typeof STAGES)[number]

export interface PassFacts {
  readonly seconds: number
  readonly full: boolean
  readonly lookups: number
  readonly hits: number
  /** Modification time of the oldest log file on disk; known only after a full pass. */
  readonly oldestMtimeMs: number | undefined
  /** When the pass ended, in milliseconds since the epoch. */
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
  /** Whether the last full pass could read an agent's logs, and how many files it could not. */
  access(agent: string, up: boolean, unreadable: number): void
  task(waitSeconds: number, runSeconds: number): void
  commit(seconds: number): void
  storeUp(up: boolean): void
  /** When the configuration was read, in milliseconds since the epoch; undefined if that failed and the previous one is kept. */
  configured(at: (() => number) | undefined): void
  health(): Health
  /** The metrics of EXPORTER in the catalogue, in its order. */
  readonly metrics: readonly Metric[]
}

/** Errors and skipped lines since the start, the same numbers as in the metrics. */
export interface Health {
  readonly errors: Readonly<Record<Stage, number>>
  readonly skipped: Readonly<Record<SkipReason, number>>
  /** When the last full pass ended, in milliseconds since the epoch; undefined before the first. */
  readonly lastPassMs: number | undefined
}

/** Values read on each request. */
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

export function createTelemetry(build: BuildInfo, gauges: Gauges): Telemetry {
  let lastPass: (() => number) | undefined
  let lastReload: (() => number) | undefined
  const own = {
    parseDuration: histogram(EXPORTER.parseDuration),
    passDuration: histogram(EXPORTER.passDuration),
    passCacheHitRatio: histogram(EXPORTER.passCacheHitRatio),
    eventLag: histogram(EXPORTER.eventLag),
    cacheLookups: counter(EXPORTER.cacheLookups),
    cacheHits: counter(EXPORTER.cacheHits),
    files: reading(EXPORTER.files, gauges.files),
    ledgerEntries: reading(EXPORTER.ledgerEntries, gauges.ledgerEntries),
    bytesRead: counter(EXPORTER.bytesRead),
    lines: counter(EXPORTER.lines),
    duplicateLines: counter(EXPORTER.duplicateLines),
    linesSkipped: labelledCounter(EXPORTER.linesSkipped, SKIP_REASONS),
    fallbacks: labelledCounter(EXPORTER.fallbacks, FALLBACK_REASONS),
    errors: labelledCounter(EXPORTER.errors, STAGES),
    sourceUp: labelledGauge(EXPORTER.sourceUp),
    filesUnreadable: labelledGauge(EXPORTER.filesUnreadable),
    lastPass: reading(EXPORTER.lastPass, () => (lastPass?.() ?? 0) / 1000),
    oldestTranscript: gauge(EXPORTER.oldestTranscript),
    foldedSeries: reading(EXPORTER.foldedSeries, gauges.foldedSeries),
    poolQueued: reading(EXPORTER.poolQueued, gauges.poolQueued),
    poolRunning: reading(EXPORTER.poolRunning, gauges.poolRunning),
    poolWait: histogram(EXPORTER.poolWait),
    poolRun: histogram(EXPORTER.poolRun),
    storeCommit: histogram(EXPORTER.storeCommit),
    storeUp: gauge(EXPORTER.storeUp),
    reloadSuccessful: gauge(EXPORTER.reloadSuccessful),
    reloadSuccess: reading(EXPORTER.reloadSuccess, () => (lastReload?.() ?? 0) / 1000),
    instanceInfo: info(EXPORTER.instanceInfo, () => ({ id: gauges.instance() })),
    buildInfo: info(EXPORTER.buildInfo, () => ({ ...build })),
  } satisfies Record<keyof typeof EXPORTER, Metric>

  return {
    metrics: Object.values(own),
    read(files) {
      for (const { seconds, bytes, lines, skipped, fallbacks } of files) {
        own.parseDuration.observe(seconds)
        own.bytesRead.inc(bytes)
        own.lines.inc(lines)
        own.linesSkipped.add(skipped)
        own.fallbacks.add(fallbacks)
      }
    },
    duplicates: (count) => own.duplicateLines.inc(count),
    pass(facts) {
      own.passDuration.observe(facts.seconds)
      if (facts.lookups > 0) own.passCacheHitRatio.observe(facts.hits / facts.lookups)
      own.cacheLookups.inc(facts.lookups)
      own.cacheHits.inc(facts.hits)
      if (!facts.full) return
      lastPass = facts.ended
      own.oldestTranscript.set(facts.oldestMtimeMs === undefined ? undefined : facts.oldestMtimeMs / 1000)
    },
    lag: (seconds) => own.eventLag.observe(seconds),
    failed: (stage) => own.errors.inc(stage),
    access(agent, up, unreadable) {
      own.sourceUp.set(agent, up ? 1 : 0)
      own.filesUnreadable.set(agent, unreadable)
    },
    task(waitSeconds, runSeconds) {
      own.poolWait.observe(waitSeconds)
      own.poolRun.observe(runSeconds)
    },
    commit: (seconds) => own.storeCommit.observe(seconds),
    storeUp: (up) => own.storeUp.set(up ? 1 : 0),
    configured(at) {
      own.reloadSuccessful.set(at === undefined ? 0 : 1)
      lastReload = at ?? lastReload
    },
    health: () => ({
      errors: own.errors.byValue(),
      skipped: own.linesSkipped.byValue(),
      lastPassMs: lastPass?.(),
    }),
  }
}
