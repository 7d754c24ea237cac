// A real Prometheus that scrapes one exporter and evaluates rules every second, and its query API.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type TestContext } from 'vitest'
import { parse } from 'yaml'
import { grafanaFolder } from '../grafana/boards.js'
import { ruleFiles } from '../grafana/expressions.js'
import { daemon } from './daemon.js'

/** Options of `expect.poll`: one look a second, for up to a minute. */
export const SOON = { timeout: 60_000, interval: 100 } as const

/** The oldest supported version, and version 3. */
export const PROMETHEUSES = ['prometheus', process.env['AUE_PROMETHEUS_3'] ?? 'prometheus-3'] as const

export interface PrometheusOptions {
  /** One of `PROMETHEUSES`; default: the first. */
  readonly program?: string
  /** Folder for its files. */
  readonly folder: string
  /** Text of the configuration file; default: made from the options below. */
  readonly config?: string
  /** URL of the exporter to scrape, if any. */
  readonly exporter?: string
  readonly ruleFiles?: readonly string[]
  /** URL of an Alertmanager. */
  readonly alertmanager?: string
  /** Data directory, which may already have blocks. */
  readonly storage?: string
  readonly flags?: readonly string[]
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>
  /** Points in order of time; one for an instant query. */
  readonly points: readonly { readonly seconds: number; readonly value: number }[]
}

export interface Prometheus {
  readonly url: string
  /** Data directory; empty if the server is not Prometheus. */
  readonly storage: string
  /** Evaluates an expression now or at a time; returns raw samples for a range selector. @throws Error with its message */
  query(expr: string, atSeconds?: number): Promise<readonly Series[]>
  /** Evaluates an expression over the last hour, like a graph. @throws Error with its message */
  queryHour(expr: string): Promise<readonly Series[]>
}

type Point = readonly [seconds: number, value: string]
type Answer =
  | { readonly status: 'error'; readonly error: string }
  | {
      readonly status: 'success'
      readonly data:
        | { readonly resultType: 'scalar'; readonly result: Point }
        | {
            readonly resultType: 'vector' | 'matrix'
            readonly result: readonly {
              readonly metric: Readonly<Record<string, string>>
              readonly value?: Point
              readonly values?: readonly Point[]
            }[]
          }
    }

/** Starts Prometheus for the duration of the test. Its first scrape comes after five seconds of target discovery. */
export async function startPrometheus(context: TestContext, options: PrometheusOptions): Promise<Prometheus> {
  const folder = mkdtempSync(join(options.folder, 'prometheus-'))
  const targets = (url: string) => [{ static_configs: [{ targets: [new URL(url).host] }] }]
  const { storage = join(folder, 'storage') } = options
  // JSON is valid YAML.
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: options.ruleFiles ?? [],
    alerting: { alertmanagers: options.alertmanager === undefined ? [] : targets(options.alertmanager) },
    scrape_configs:
      options.exporter === undefined ? [] : [{ job_name: 'agent-usage', ...targets(options.exporter)[0] }],
  }
  writeFileSync(join(folder, 'prometheus.yml'), options.config ?? JSON.stringify(config))
  const url = await daemon(
    context,
    [options.program ?? PROMETHEUSES[0]],
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${storage}`,
      '--web.listen-address=127.0.0.1:0',
      ...(options.flags ?? []),
    ],
  )
  await expect.poll(async () => (await fetch(`${url}/-/ready`)).status, SOON).toBe(200)
  return { ...withApiAt(url), storage }
}

/** Query API of a server. @param more parameters of every query */
export function withApiAt(url: string, more: Readonly<Record<string, string>> = {}): Prometheus {
  return {
    url,
    storage: '',
    query: (expr, atSeconds) =>
      ask(url, 'query', { ...more, query: expr, ...(atSeconds && { time: String(atSeconds) }) }),
    queryHour(expr) {
      const end = Date.now() / 1000
      return ask(url, 'query_range', { ...more, query: expr, start: String(end - 3600), end: String(end), step: '15' })
    },
  }
}

export interface AgentOptions {
  /** Folder for its files. */
  readonly folder: string
  /** URL of the exporter. */
  readonly exporter: string
  /** URL of the Prometheus to which it sends. */
  readonly receiver: string
  /** Variables HOST, USER and TEAM. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Starts Prometheus 3 in agent mode for the duration of the test, with the file that we ship except for addresses and shorter
 * delays.
 */
export async function startAgent(
  context: TestContext,
  { folder, exporter, receiver, env }: AgentOptions,
): Promise<void> {
  const place = mkdtempSync(join(folder, 'agent-'))
  const shipped = readFileSync(`${grafanaFolder}fleet/prometheus-agent.yml`, 'utf8')
  const config = shipped
    .replace('127.0.0.1:9853', new URL(exporter).host)
    .replace('https://prometheus.example.org', receiver)
    .replace('scrape_interval: 15s', 'scrape_interval: 1s')
  writeFileSync(join(place, 'agent.yml'), config)
  const flags = [`--config.file=${join(place, 'agent.yml')}`, `--storage.agent.path=${join(place, 'storage')}`]
  await daemon(context, [PROMETHEUSES[1]], ['--agent', ...flags, '--web.listen-address=127.0.0.1:0'], env)
}

/** Copies our rules with delays of one second; everything else is as shipped. @returns paths of the copies */
export function impatientRules(folder: string): string[] {
  const place = mkdtempSync(join(folder, 'rules-'))
  return ruleFiles.map((name) => {
    const shipped = readFileSync(`${grafanaFolder}rules/${name}.yaml`, 'utf8')
    const file = join(place, `${name}.yaml`)
    writeFileSync(file, shipped.replaceAll(/^( +for:) \d+[mh]$/gm, '$1 1s'))
    return file
  })
}

/** The rules of a file without the delays that `impatientRules` changes. */
export function rulesApartFromDelays(file: string): unknown {
  return parse(readFileSync(file, 'utf8'), (key, value: unknown) => (key === 'for' ? 'some time' : value), {
    merge: true,
  })
}

async function ask(url: string, path: string, parameters: Record<string, string>): Promise<Series[]> {
  const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`)
  const answer = (await response.json()) as Answer
  if (answer.status === 'error') throw new Error(`${parameters['query']}: ${answer.error}`)
  const point = ([seconds, value]: Point) => ({ seconds, value: Number(value) })
  if (answer.data.resultType === 'scalar') return [{ labels: {}, points: [point(answer.data.result)] }]
  return answer.data.result.map(({ metric, value, values = [value!] }) => ({
    labels: metric,
    points: values.map(point),
  }))
}
