// The clock is set at random, by seconds or by decades, while logs grow and the program runs passes, is scraped, reloads and
// restarts. No counter falls, no duration is negative, and all numbers are right once the clock is.
// AUE_SEED=17 runs only script 17.
import { appendFileSync, existsSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sumOf, type Sample } from '../support/exposition.js'
import { line, lines } from '../support/line.js'
import { seeded, type Random } from '../support/random.js'
import { NOW_MS, homes, running, type Home, type Running } from './running.js'

const home = homes()
const HOUR = 3_600_000
const DAY = 24 * HOUR
const YEAR = 365 * DAY
const only = process.env.AUE_SEED
const seeds = only === undefined ? Array.from({ length: 25 }, (_, index) => index + 1) : [Number(only)]

interface World {
  /** True time. */
  trueMs: number
  /** Error of the clock. */
  offMs: number
}

it.each(seeds)('numbers stay right while the clock is set (seed %i)', async (seed) => {
  const random = seeded(seed)
  const world: World = { trueMs: NOW_MS, offMs: 0 }
  const now = (): number => world.trueMs + world.offMs
  const place = home({ 'a/A.jsonl': response('first', '/w/one', NOW_MS) })
  const times = [NOW_MS]
  const start = (): Promise<Running> =>
    running(place, ['--timezone=UTC', `--prices.file=${prices(place, 1)}`, '--metrics.birth-hold=10s'], {
      now,
      monotonic: () => world.trueMs,
    })
  let program = await start()
  let counters = new Map<string, number>()

  async function look(): Promise<readonly Sample[]> {
    const all = await program.scrape()
    const shown = countersOf(all)
    for (const [name, value] of counters)
      expect([name, shown.get(name)]).toSatisfy(([, then]: [string, number | undefined]) => (then ?? 0) >= value)
    counters = shown
    for (const { name, labels, value } of all)
      if (/_seconds(_sum)?$/.test(name) && !/timestamp/.test(name))
        expect([name, labels, value]).toSatisfy(() => value >= 0)
    return all
  }

  for (let step = 0; step < 40; step += 1) {
    const passed = random.pick([0, 1, 999, 5_000, 60_000, HOUR])
    world.trueMs += passed
    switch (
      random.pick(['set', 'set', 'put right', 'write', 'write', 'write', 'pass', 'pass', 'pass', 'reload', 'restart'])
    ) {
      case 'set':
        world.offMs =
          random.pick([-1, 1]) * random.pick([1, 900, 4_000, HOUR, DAY - 1, DAY + 1, 40 * DAY, YEAR, 50 * YEAR])
        break
      case 'put right':
        world.offMs = 0
        break
      case 'write': {
        // The agent uses the same clock, or is on another machine with a right clock.
        const time = random.chance(0.5) ? now() : world.trueMs
        times.push(time)
        write(place, random, response(`r${step}`, random.pick(['/w/one', '/w/two', `/w/p${step}`]), time), now())
        break
      }
      case 'pass':
        await program.app.pass()
        break
      case 'reload':
        prices(place, random.pick([1, 2, 5]))
        await program.app.reload()
        break
      case 'restart':
        await program.app.stop()
        program = await start()
        // The exporter's own counters start again with each process.
        counters = new Map([...counters].filter(([name]) => !name.startsWith('agent_usage_exporter_')))
        break
    }
    if (random.chance(0.6)) await look()
  }

  world.offMs = 0
  await program.app.pass()
  await look()
  world.trueMs += 20_000
  const all = await look()
  expect(sumOf(all, 'agent_usage_requests_total')).toBe(times.length)
  const believed = times.filter((time) => time <= now() + DAY)
  const activity = all
    .filter(({ name }) => name === 'agent_usage_last_activity_timestamp_seconds')
    .map(({ value }) => value * 1000)
  expect(Math.max(...activity)).toBeCloseTo(Math.max(...believed), 3)
  for (const name of ['last_pass', 'config_last_reload_success']) {
    expect(sumOf(all, `agent_usage_exporter_${name}_timestamp_seconds`) * 1000).toBeLessThanOrEqual(now() + 1_000)
  }
  expect(sumOf(all, 'agent_usage_exporter_last_pass_timestamp_seconds') * 1000).toBeCloseTo(now() - 20_000, 3)
  // No lag is longer than the time until the next full pass, here hours at most.
  expect(sumOf(all, 'agent_usage_exporter_event_lag_seconds_sum')).toBeLessThanOrEqual(
    ((world.trueMs - NOW_MS) / 1000) * times.length,
  )
})

/** Appends to one of two files, with `nowMs` as its modification time. */
function write({ configDir }: Home, random: Random, text: string, nowMs: number): void {
  const path = join(configDir, 'projects/a', random.pick(['A.jsonl', 'B.jsonl']))
  if (existsSync(path)) appendFileSync(path, text)
  else writeFileSync(path, text)
  utimesSync(path, nowMs / 1000, nowMs / 1000)
}

function response(id: string, cwd: string, timeMs: number): string {
  return lines(
    line(`msg_${id}/r${id} house-model 1000/10`, { line: { cwd, timestamp: new Date(timeMs).toISOString() } }),
  )
}

/** Writes a file with dated prices, multiplied by `factor`, and returns its path. */
function prices({ dir }: Home, factor: number): string {
  const path = join(dir, 'prices.yaml')
  const rows = [
    `{ input: ${factor}, output: 10 }`,
    `{ from: 2026-11-22, input: ${2 * factor}, output: 10 }`,
    `{ from: 2027-06-01, input: ${4 * factor}, output: 10 }`,
  ]
  writeFileSync(path, `models: { house-model: { prices: [${rows.join(', ')}] } }\n`)
  return path
}

function countersOf(all: readonly Sample[]): Map<string, number> {
  const counters = all.filter(({ name }) => /_(total|count|sum|bucket)$/.test(name))
  return new Map(counters.map(({ name, labels, value }) => [`${name}${JSON.stringify(labels)}`, value]))
}
