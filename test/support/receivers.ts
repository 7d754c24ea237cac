// Real receivers of pushes, with the files that we ship except for addresses. Each runs for the duration of the test.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'vitest'
import { grafanaFolder } from '../grafana/boards.js'
import { daemon } from './daemon.js'
import { freePort } from './free-port.js'
import { PROMETHEUSES, startPrometheus, withApiAt, type Prometheus } from './prometheus.js'

const COLLECTOR = process.env['AUE_COLLECTOR'] ?? 'otelcol'
const VICTORIAMETRICS = process.env['AUE_VICTORIAMETRICS'] ?? 'victoria-metrics'

/** Queries the database in which the push arrives. */
export interface Receiver extends Pick<Prometheus, 'query' | 'queryHour'> {
  /** URL for `--otlp.endpoint`. */
  readonly endpoint: string
}

type Start = (context: TestContext, folder: string, ruleFiles?: readonly string[]) => Promise<Receiver>

/** Text of a file that we ship, with replaced addresses. @throws Error if an address is not in it */
function shipped(name: string, addresses: Readonly<Record<string, string>> = {}): string {
  let text = readFileSync(`${grafanaFolder}push/${name}`, 'utf8')
  for (const [address, other] of Object.entries(addresses)) {
    if (!text.includes(address)) throw new Error(`${name} does not contain ${address}`)
    text = text.replaceAll(address, other)
  }
  return text
}

/** Prometheus' configuration with rules, evaluated every second. */
function shippedWithRules(
  name: string,
  files: readonly string[],
  others: Readonly<Record<string, string>> = {},
): string {
  const text = shipped(name, { '  - /etc/prometheus/agent-usage/*.yaml': `  ${JSON.stringify(files)}`, ...others })
  return `global: { evaluation_interval: 1s }\n${text}`
}

/** @returns the URL for pushes */
export async function startCollector(
  context: TestContext,
  folder: string,
  name: string,
  addresses: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const place = mkdtempSync(join(folder, 'collector-'))
  const config = shipped(name, { '0.0.0.0:4318': '127.0.0.1:0', ...addresses })
  writeFileSync(join(place, 'collector.yaml'), config)
  // The Collector's own metrics would use a fixed port.
  writeFileSync(join(place, 'quiet.yaml'), 'service: { telemetry: { metrics: { level: none } } }')
  const files = ['collector.yaml', 'quiet.yaml'].map((file) => `--config=file:${join(place, file)}`)
  return daemon(context, [COLLECTOR], files, env)
}

const startPrometheus3: Start = async (context, folder, ruleFiles = []) => {
  const prometheus = await startPrometheus(context, {
    folder,
    program: PROMETHEUSES[1],
    config: shippedWithRules('prometheus.yml', ruleFiles),
    flags: ['--web.enable-otlp-receiver', '--web.enable-remote-write-receiver'],
  })
  return { ...prometheus, endpoint: `${prometheus.url}/api/v1/otlp` }
}

const startScrapedCollector: Start = async (context, folder, ruleFiles = []) => {
  const shown = `127.0.0.1:${await freePort()}`
  const endpoint = await startCollector(context, folder, 'collector-scraped.yaml', { '0.0.0.0:8889': shown })
  const prometheus = await startPrometheus(context, {
    folder,
    config: shippedWithRules('prometheus-scraping.yml', ruleFiles, { '127.0.0.1:8889': shown, '15s': '1s' }),
  })
  return { ...prometheus, endpoint }
}

const startWritingCollector: Start = async (context, folder, ruleFiles) => {
  const prometheus = await startPrometheus3(context, folder, ruleFiles)
  const written = { 'http://127.0.0.1:9090': new URL(prometheus.endpoint).origin }
  return { ...prometheus, endpoint: await startCollector(context, folder, 'collector-remote-write.yaml', written) }
}

const startVictoriaMetrics: Start = async (context, folder) => {
  const place = mkdtempSync(join(folder, 'victoriametrics-'))
  writeFileSync(join(place, 'relabel.yml'), shipped('victoriametrics-relabel.yml'))
  const told = shipped('victoriametrics-relabel.yml').match(/-opentelemetry\.\S+/g)!
  const url = await daemon(
    context,
    [VICTORIAMETRICS],
    [
      `-relabelConfig=${join(place, 'relabel.yml')}`,
      ...told,
      '-httpListenAddr=127.0.0.1:0',
      `-storageDataPath=${place}`,
    ],
  )
  // By default, queries omit the last half minute.
  return { ...withApiAt(url, { latency_offset: '1ms', nocache: '1' }), endpoint: `${url}/opentelemetry` }
}

/** Every way of pushing into a database, by name. */
export const RECEIVERS: Readonly<Record<string, Start>> = {
  'Prometheus 3': startPrometheus3,
  'a Collector that Prometheus scrapes': startScrapedCollector,
  'a Collector that writes to Prometheus 3': startWritingCollector,
  VictoriaMetrics: startVictoriaMetrics,
}
