// The built program is killed at random moments of its first pass, its starts, its passes and commits, and right after
// scrapes, while its logs grow. No counter that was scraped may ever fall, and at the end all are exact.
// AUE_KILLS=300 sets the number of kills, AUE_SEED=17 changes their moments.
//
// Timers here set the moments of kills; nothing is awaited by them.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { createGrowth, createOracle, ours } from '../integration/model/oracle.js'
import { samples, sumOf } from '../support/exposition.js'
import { once, serve as serveOnce, type OnceOptions, type Served } from '../support/program.js'
import { seeded } from '../support/random.js'
import { temporaryFolder } from '../support/tree.js'
import { plantGrowingTree } from './kill/growing-tree.js'
import { launch as launchOnce, type Launched } from './kill/launched.js'

const folder = temporaryFolder()
const kills = Number(process.env.AUE_KILLS ?? 36)
const seed = Number(process.env.AUE_SEED ?? 1)
const FLAGS = ['--watch.sweep-interval=1s']

const running: Pick<Launched, 'kill'>[] = []
afterEach(() => running.splice(0).forEach((program) => program.kill('SIGKILL')))

type Serving = 'append' | 'commit' | 'scrape'

it(
  `no counter falls across ${kills} kills, and all are exact at the end (seed ${seed})`,
  { timeout: 3_600_000 },
  async () => {
    const random = seeded(seed)
    const home = mkdtempSync(join(folder, 'kills-'))
    const tree = plantGrowingTree(join(home, 'config'), random, 64)
    const stateDir = join(home, 'state')
    const oracle = createOracle(0)
    const growth = createGrowth()
    const workers = () => `--parser.workers=${random.int(3)}`
    const passMs = await firstPassMs(tree.configDir, join(home, 'scratch'))

    async function scrape(program: Served, moment: string): Promise<void> {
      const text = ours(await program.scrape())
      expect(growth.fallen(samples(text)), moment).toBeUndefined()
    }

    /** Kills a first pass, or a start with the stored state. */
    async function killStarting(): Promise<void> {
      const program = launch(tree.configDir, stateDir, [...FLAGS, workers()])
      // If everything was read before, there is hardly a first pass.
      if (random.chance(0.8)) await program.logged('first pass', 'ready')
      await setTimeout(random.int(passMs))
      program.kill('SIGKILL')
      expect(await program.gone).toBeNull()
    }

    async function killServing(moment: Serving, index: number): Promise<void> {
      const name = `kill ${index}, ${moment}`
      const program = await serve([tree.configDir], { stateDir, flags: [...FLAGS, workers()] })
      await program.ready()
      await scrape(program, name)
      if (index === Math.floor(kills / 2)) {
        // Everything has been read by now.
        oracle.see(tree.configDir)
        tree.removeHalf()
        await scrape(program, name)
      }
      switch (moment) {
        case 'append': {
          const dying = setTimeout(random.int(200)).then(() => program.stop('SIGKILL'))
          await growUntil(dying, program, () => scrape(program, name))
          break
        }
        case 'commit':
          tree.grow()
          await setTimeout(random.int(12))
          break
        case 'scrape':
          for (let n = random.int(5); n >= 0; n--) {
            tree.grow()
            await scrape(program, name)
          }
      }
      expect(await program.stop('SIGKILL'), name).toBeNull()
    }

    async function growUntil(dying: Promise<unknown>, program: Served, look: () => Promise<void>): Promise<void> {
      while (program.child.exitCode === null && !program.child.killed) {
        tree.grow()
        if (!random.chance(0.5)) continue
        await look().catch((error: unknown) => {
          if (!program.child.killed) throw error
        })
      }
      await dying
    }

    for (let index = 0; index < kills; index++) {
      const moment = random.pick<'start' | Serving>(['start', 'append', 'commit', 'commit', 'scrape'])
      if (moment === 'start' || index < kills / 4) await killStarting()
      else await killServing(moment, index)
    }

    // The next process reads what the last one left unread; its new series are shown from the second scrape on.
    oracle.see(tree.configDir)
    const program = await serve([tree.configDir], { stateDir, flags: FLAGS })
    await program.ready()
    await scrape(program, 'in the end')
    const text = ours(await program.scrape())
    expect(await program.stop()).toBe(0)
    expect(growth.fallen(samples(text))).toBeUndefined()
    expect(oracle.objection(text)).toBeUndefined()
    expect(sumOf(samples(text), 'agent_usage_corrections_total')).toBe(0)
  },
)

// A program that needs more than 4.5 s to stop exits with 1.
it(
  'exits with 0 if it is stopped in its first pass, and keeps nothing of that pass',
  { timeout: 600_000 },
  async () => {
    const random = seeded(seed + 1)
    const home = mkdtempSync(join(folder, 'first-'))
    const tree = plantGrowingTree(join(home, 'config'), random, 48)
    const passMs = await firstPassMs(tree.configDir, join(home, 'scratch'))
    const oracle = createOracle(0)
    oracle.see(tree.configDir)
    for (let round = 0; round < 6; round++) {
      const options = { stateDir: join(home, `state-${round}`), flags: [`--parser.workers=${round % 3}`] }
      const first = await serve([tree.configDir], options)
      await setTimeout(random.int(passMs))
      expect(await first.stop(), `round ${round}`).toBe(0)
      const second = await serve([tree.configDir], options)
      await second.ready()
      // If half a history were kept, the rest would be born at 0 and look like new spend.
      expect(oracle.objection(ours(await second.scrape())), `round ${round}`).toBeUndefined()
      expect(await second.stop(), `round ${round}`).toBe(0)
    }
  },
)

it('exits with 0 if it is stopped while logs grow and scrapes are answered', { timeout: 600_000 }, async () => {
  const random = seeded(seed + 2)
  const home = mkdtempSync(join(folder, 'stops-'))
  const tree = plantGrowingTree(join(home, 'config'), random, 4)
  const stateDir = join(home, 'state')
  const growth = createGrowth()
  for (let round = 0; round < 8; round++) {
    const program = await serve([tree.configDir], { stateDir, flags: [...FLAGS, `--parser.workers=${round % 3}`] })
    await program.ready()
    expect(growth.fallen(samples(ours(await program.scrape())))).toBeUndefined()
    for (let n = random.int(20); n >= 0; n--) tree.grow()
    await setTimeout(random.int(10))
    const cutOff = random.chance(0.5) ? program.scrape().catch(() => undefined) : undefined
    expect(await program.stop(), `round ${round}`).toBe(0)
    await cutOff
  }
  const oracle = createOracle(0)
  oracle.see(tree.configDir)
  await once([tree.configDir], { stateDir })
  const text = ours(await once([tree.configDir], { stateDir }))
  expect(growth.fallen(samples(text)) ?? oracle.objection(text)).toBeUndefined()
})

it('a second process exits with 1 and leaves the state directory to the first', async () => {
  const home = mkdtempSync(join(folder, 'second-'))
  const tree = plantGrowingTree(join(home, 'config'), seeded(seed), 1)
  const stateDir = join(home, 'state')
  const first = await serve([tree.configDir], { stateDir })
  await first.ready()
  const before = ours(await first.scrape())
  const line = `agent-usage-exporter: [^\\n]*${stateDir}[^\\n]*\\(pid ${first.child.pid!}\\)[^\\n]*`
  const refusal = expect.stringMatching(new RegExp(`^\\w+ exited with 1: ${line}\\n?$`)) as string
  await expect(serve([tree.configDir], { stateDir })).rejects.toHaveProperty('message', refusal)
  await expect(once([tree.configDir], { stateDir })).rejects.toHaveProperty('message', refusal)
  expect(createGrowth().fallen(samples(before))).toBeUndefined()
  expect(samples(ours(await first.scrape())).filter(usage)).toEqual(samples(before).filter(usage))
  expect(await first.stop()).toBe(0)
})

/** Duration of a first pass, from its announcement to `ready`. Used only to spread the kills. */
async function firstPassMs(configDir: string, stateDir: string): Promise<number> {
  const program = launch(configDir, stateDir, ['--parser.workers=1'])
  await program.logged('first pass')
  const start = performance.now()
  await program.logged('ready')
  const ms = performance.now() - start
  program.kill('SIGTERM')
  expect(await program.gone).toBe(0)
  return Math.ceil(ms)
}

async function serve(configDirs: readonly string[], options: OnceOptions): Promise<Served> {
  const program = await serveOnce(configDirs, options)
  running.push({ kill: (signal) => program.child.kill(signal) })
  return program
}

function launch(...start: Parameters<typeof launchOnce>): Launched {
  const program = launchOnce(...start)
  running.push(program)
  return program
}

function usage({ name }: { readonly name: string }): boolean {
  return !name.startsWith('agent_usage_exporter_')
}
