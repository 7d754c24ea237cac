// A real OpenTelemetry Collector that makes deltas of what it is sent, as for a backend that takes nothing else, and hands them on.
// Nothing is queued: it accepts what the backend accepted.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'vitest'
import { daemon } from './daemon.js'

export const COLLECTOR = process.env['AUE_COLLECTOR'] ?? 'otelcol'

const LISTENING = /Starting HTTP server.*"endpoint": "(127\.0\.0\.1:\d+)"/

export interface DeltaCollectorOptions {
  /** For its files. */
  readonly folder: string
  /** URL of the OTLP receiver that the deltas go to. */
  readonly backend: string
}

/** Runs until the test is done. @returns the URL that it takes pushes at, below which /v1/metrics is */
export function startDeltaCollector(context: TestContext, { folder, backend }: DeltaCollectorOptions): Promise<string> {
  // JSON is YAML, too.
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    processors: { cumulative_to_delta: { max_staleness: 0 } },
    exporters: {
      otlp_http: {
        endpoint: backend,
        sending_queue: { enabled: false },
        retry_on_failure: { enabled: false },
      },
    },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { metrics: { receivers: ['otlp'], processors: ['cumulative_to_delta'], exporters: ['otlp_http'] } },
    },
  }
  const file = join(mkdtempSync(join(folder, 'collector-')), 'collector.yaml')
  writeFileSync(file, JSON.stringify(config))
  return daemon(context, [COLLECTOR], ['--config', `file:${file}`], {}, LISTENING)
}
