// A real Prometheus that scrapes one exporter every second and evaluates rules as often, and what it answers.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type TestContext } from 'vitest'
import { parse } from 'yaml'
import { grafanaFolder } from '../grafana/boards.js'
import { ruleFiles } from '../grafana/expressions.js'
import { daemon } from './daemon.js'

/** For `expect.poll`: it looks every second, and what did not come within a minute does not come. */
export const SOON = { timeout: 60_000, interval: 100 } as const

/** The oldest that we promise, and version 3. */
export const PROMETHEUSES = ['prometheus', process.env['AUE_PROMETHEUS_3'] ?? 'prometheus-3'] as const

export interface PrometheusOptions {
  /** One of `PROMETHEUSES`; default: the first. */
  readonly program?: string
  /** For its files. */
  readonly folder: string
  /** The text of its configuration file; otherwise one is made of what follows. */
  readonly config?: string
  /** URL of the exporter; without it nothing is scraped. */
  readonly exporter?: string
  readonly ruleFiles?: readonly string[]
  /** URL of an Alertmanager. */
  readonly alertmanager?: string
  /** The directory of its database, in which there may be blocks already. */
  readonly storage?: string
  readonly flags?: readonly string[]
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>
  /** In the order of time; of an instant query, one. */
  readonly points: readonly { readonly seconds: number; readonly value: number }[]
}

export interface Prometheus {
  readonly url: string
  /** Its data directory; empty where it is not ours. */
  readonly storage: string
  /** What an expression is now, or at that time; of a range selector, the raw samples. @throws Error what it says */
  query(expr: string, atSeconds?: number): Promise<readonly Series[]>
  /** What a graph of the last hour shows. @throws Error what it says */
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

/** Runs until the test is done. Its first scrape takes five seconds: so long it waits for targets to come together. */
export async function startPrometheus(context: TestContext, options: PrometheusOptions): Promise<Prometheus> {
  const folder = mkdtempSync(join(options.folder, 'prometheus-'))
  const targets = (url: string) => [{ static_configs: [{ targets: [new URL(url).host] }] }]
  const { storage = join(folder, 'storage') } = options
  // JSON is YAML, too.
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

/** A server with Prometheus' API. @param more parameters of every query */
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
  /** For its files. */
  readonly folder: string
  /** URL of the exporter. */
  readonly exporter: string
  /** URL of the Prometheus that it sends to. */
  readonly receiver: string
  /** HOST, USER and TEAM. */
  readonly env: Readonly<Record<string, string>>
}

/** Prometheus 3 as the agent of a machine, with the file that we ship, but for addresses and patience. Runs until the test is done. */
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

/** Copies of our rules that wait for a second only; all else is as shipped. @returns their files */
export function impatientRules(folder: string): string[] {
  const place = mkdtempSync(join(folder, 'rules-'))
  return ruleFiles.map((name) => {
    const shipped = readFileSync(`${grafanaFolder}rules/${name}.yaml`, 'utf8')
    const file = join(place, `${name}.yaml`)
    writeFileSync(file, shipped.replaceAll(/^( +for:) \d+[mh]$/gm, '$1 1s'))
    return file
  })
}

/** The rules of a file without what `impatientRules` changes. */
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
