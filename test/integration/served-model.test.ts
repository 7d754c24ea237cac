// The model test through HTTP: what Prometheus sees of a program that is restarted at random while its logs change.
// Counters never fall, and new series start at 0, so that increase() misses nothing.
// AUE_SEED=17 runs only script 17.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createApp, type App } from '../../src/app/app.js'
import { loadConfig } from '../../src/config/config.js'
import { samples, type Sample } from '../support/exposition.js'
import { temporaryFolder } from '../support/tree.js'
import { createGrowth, createOracle, ours } from './model/oracle.js'
import { NOW_MS } from './model/run.js'
import { chanceOf, isChange, isEdit, scriptOf } from './model/script.js'
import { createWorld } from './model/world.js'

const folder = temporaryFolder()
const only = process.env.AUE_SEED
const seeds = only === undefined ? Array.from({ length: 30 }, (_, index) => 1_001 + index) : [Number(only)]

it(`a scraper of ${seeds.length} random scripts sees every counter start at 0 and never fall`, async () => {
  let births = 0
  let exact = 0
  for (const seed of seeds) {
    const result = await watched(seed)
    births += result.births
    exact += result.exact
  }
  expect(births).toBeGreaterThan(seeds.length)
  expect(exact).toBeGreaterThan(seeds.length)
})

async function watched(seed: number) {
  const home = mkdtempSync(join(folder, `${seed}-`))
  const configDir = join(home, 'config')
  const world = createWorld(configDir, 'tame')
  const oracle = createOracle(NOW_MS)
  const growth = createGrowth()
  const births = createBirths()
  const story = [`seed ${seed}`]
  let program = await start()

  async function start() {
    oracle.see(configDir)
    return serving(home, configDir)
  }

  async function look(): Promise<void> {
    oracle.see(configDir)
    await program.app.pass()
  }

  /** Scrapes twice: first with new series at 0, then with all values. */
  async function scrape(): Promise<void> {
    const first = samples(await program.scrape())
    expect(growth.fallen(first) ?? births.objection(first), story.join('\n')).toBeUndefined()
    const second = await program.scrape()
    expect(growth.fallen(samples(second)) ?? oracle.objection(second), story.join('\n')).toBeUndefined()
  }

  try {
    for (const step of scriptOf(seed).steps) {
      const { what } = step
      if (isEdit(what)) await look()
      story.push(isChange(what) ? `${what}: ${world.change(what, chanceOf(step))}` : what)
      if (what !== 'pass' && !isChange(what)) {
        await program.app.stop()
        program = await start()
      } else if (what === 'pass' || isEdit(what)) await look()
      // Several passes, or a restart, may come before the next scrape.
      if (!isChange(what) && chanceOf(step).chance(0.6)) await scrape()
    }
    await scrape()
  } finally {
    await program.app.stop()
  }
  return { births: births.count, exact: oracle.exact }
}

interface Serving {
  readonly app: App
  scrape(): Promise<string>
}

/** Starts the program and waits for its first pass; later passes are run by the test. */
async function serving(home: string, configDir: string): Promise<Serving> {
  const flags = [
    `--claude.config-dir=${configDir}`,
    `--state.dir=${home}/state`,
    '--web.listen-address=127.0.0.1:0',
    '--watch.mode=off',
    '--watch.sweep-interval=24h',
    '--parser.workers=0',
  ]
  const config = loadConfig(flags, { HOME: home })
  let metrics = ''
  const log = {
    debug: () => undefined,
    info: (fields: { metrics?: string }) => (metrics = fields.metrics ?? metrics),
    warn: () => undefined,
    error: (fields: object, message: string) => expect.fail(`${message}: ${JSON.stringify(fields)}`),
  }
  const app = await createApp(config, { version: '0', log, now: () => NOW_MS })
  await app.serve()
  return { app, scrape: async () => ours(await (await fetch(metrics)).text()) }
}

/** Series of the first scrape may have any value; every later one must be born at 0. */
function createBirths() {
  const known = new Set<string>()
  let looks = 0
  let count = 0
  return {
    objection(all: readonly Sample[]): string | undefined {
      looks += 1
      for (const { name, labels, value } of all) {
        const series = `${name}${JSON.stringify(labels)}`
        if (!/^agent_usage_(?!exporter_).*_total$/.test(name) || known.has(series)) continue
        known.add(series)
        if (looks === 1) continue
        count += 1
        if (value !== 0) return `${series} was born at ${value}`
      }
      return undefined
    },
    get count() {
      return count
    },
  }
}
