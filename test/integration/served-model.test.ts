// The model test through HTTP: what one Prometheus sees of a program that is restarted now and then while its logs
// change. Counters never fall, and a series that it has not seen before begins at 0, so that increase() misses nothing.
// AUE_SEED=17 runs one script.
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

it(`shows ${seeds.length} scripts to a scraper`, async () => {
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

  /** What a scraper sees, twice: once what is new is at 0, then everything is there. */
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
      // Not every pass is seen by a scraper: several may come before it looks, or a restart.
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

/** The program after its first pass, which looks only when it is told to. */
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

/** What is there at the first look may have any value; every series that is met later must be 0 then. */
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
