// Helpers of tests of single faults: short logs, and an exporter that is started, scraped and stopped.
import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { samples, sumOf, type Sample } from '../support/exposition.js'
import { line, lines } from '../support/line.js'
import { described, type End, type Exporter, type Launch } from './exporter.js'
import type { Rig } from './rig.js'
import { isUsage, keyOf } from './sets.js'
import { until } from './until.js'

interface Serving {
  readonly signal?: NodeJS.Signals
  readonly hardship?: Launch['hardship']
  /** Exit codes allowed after a stop. */
  readonly codes?: readonly number[]
}

/** Runs `work` with a ready exporter, stops or kills it, and checks its exit. */
export async function serving<T>(
  rig: Rig,
  work: (exporter: Exporter) => Promise<T>,
  { signal = 'SIGTERM', hardship = {}, codes = [0] }: Serving = {},
): Promise<T> {
  const exporter = rig.launch({ hardship })
  if (!(await exporter.ready()))
    expect.fail(`it ${described(exporter.ended()!)} before it was ready: ${exporter.log()}`)
  const result = await work(exporter)
  const end = await exporter.end(signal)
  expect(signal === 'SIGTERM' ? codes : [null], `it ${described(end)}`).toContain(end.code)
  return result
}

/** Runs `once`; returns its exit and its samples. */
export async function once(rig: Rig, options: Launch = {}): Promise<End & { readonly shown: readonly Sample[] }> {
  const exporter = rig.launch({ ...options, command: 'once' })
  const end = await exporter.end()
  return { ...end, shown: samples(exporter.printed()) }
}

/** Appends one response to the log of a project. */
export function write(rig: Rig, project: string, id: number | string, model = 'o48'): void {
  const path = join(rig.logs.configDir, 'projects', `-w-${project}`, 'session.jsonl')
  mkdirSync(dirname(path), { recursive: true })
  appendFileSync(path, lines(line(`msg_${id}/req_${id} ${model} 10/160/0/0/1000`, { line: { cwd: `/w/${project}` } })))
}

/** Writes many responses, so that the state takes a while to open. */
export function plantMany(rig: Rig, count: number): void {
  const usage = { output_tokens: 9 }
  const all = Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      type: 'assistant',
      cwd: '/w/many',
      message: { id: `msg_many-${index}`, model: 'claude-opus-4-8', usage },
    }),
  )
  mkdirSync(join(rig.logs.configDir, 'projects/-w-many'))
  writeFileSync(join(rig.logs.configDir, 'projects/-w-many/session.jsonl'), `${all.join('\n')}\n`)
}

export function removeLogs(rig: Rig): void {
  const projects = join(rig.logs.configDir, 'projects')
  for (const name of readdirSync(projects)) rmSync(join(projects, name), { recursive: true })
}

/** Counts one response and removes its log, so that only the state has it. */
export async function keepOne(rig: Rig): Promise<void> {
  write(rig, 'app', 1)
  expect(await serving(rig, requests)).toBe(1)
  removeLogs(rig)
}

export const requestsIn = (all: readonly Sample[]): number => sumOf(all, 'agent_usage_requests_total')
export const requests = async (exporter: Exporter): Promise<number> => requestsIn(await exporter.scrape())

/** The first scrape that shows `count` requests. */
export function shown(exporter: Exporter, count: number): Promise<readonly Sample[]> {
  return until(
    () => `${count} requests; it said ${exporter.log()}`,
    async () => {
      const all = await exporter.scrape()
      return requestsIn(all) === count ? all : undefined
    },
  )
}

/** Values of usage counters by series. */
export function usage(all: readonly Sample[]): Readonly<Record<string, number>> {
  return Object.fromEntries(all.filter(isUsage).map((sample) => [keyOf(sample), sample.value]))
}

/** Waits until everything was read, or reading has failed several times. */
export async function effects(
  scrape: () => Promise<readonly Sample[]>,
  speak: () => void,
  count: number,
): Promise<void> {
  const known = (all: readonly Sample[]): number => sumOf(all, 'agent_usage_exporter_ledger_entries')
  const errors = (all: readonly Sample[], labels = {}): number =>
    sumOf(all, 'agent_usage_exporter_errors_total', labels)
  const before = await scrape()
  speak()
  await until(
    () => `any effect of ${count} responses`,
    async () => {
      const now = await scrape()
      const store = { stage: 'store' }
      const noticed = errors(now) >= errors(before) + 12 || errors(now, store) >= errors(before, store) + 2
      return known(now) >= known(before) + count || noticed || undefined
    },
  )
}
