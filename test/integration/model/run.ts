// Runs a script against the program in this process, with the real store, real files and, in some scripts, a real worker.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { BIRTH } from '../../../src/outputs/births.js'
import { createApp, type App } from '../../../src/app/app.js'
import { loadConfig } from '../../../src/config/config.js'
import { poolOf } from '../../support/pool.js'
import { createOracle } from './oracle.js'
import { chanceOf, isChange, isEdit, type Script, type Step } from './script.js'
import { createWorld } from './world.js'

export const NOW_MS = Date.parse('2026-11-22T12:00:00Z')
/** Bytes from which a task is given to a worker. */
const WORTH_A_WORKER = 300_000

export interface Outcome {
  /** The steps taken, one line each; the last one is the one that failed. */
  readonly story: readonly string[]
  readonly objection: string | undefined
  readonly exact: number
  readonly bounded: number
}

/** Runs a script in a folder of its own below `parent`, and removes the folder. */
export async function run(script: Script, parent: string): Promise<Outcome> {
  const home = mkdtempSync(join(parent, `${script.seed}-`))
  const configDir = join(home, 'config')
  const world = createWorld(configDir, script.voice, script.workers === 0 ? 0 : WORTH_A_WORKER)
  const oracle = createOracle(NOW_MS)
  const story: string[] = []
  const errors: string[] = []
  let stateDir = join(home, 'state-0')
  let app = await start()

  async function start(): Promise<App> {
    const flags = [
      'once',
      `--claude.config-dir=${configDir}`,
      `--state.dir=${stateDir}`,
      `--parser.workers=${script.workers}`,
      `--cache=${script.cache}`,
    ]
    const error = (fields: object, message: string) => errors.push(`${message}: ${JSON.stringify(fields)}`)
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error }
    return createApp(loadConfig(flags, { HOME: home }), {
      version: '0',
      log,
      now: () => NOW_MS,
      pool: poolOf(script.workers),
    })
  }

  async function pass(): Promise<string | undefined> {
    oracle.see(configDir)
    await app.pass()
    // Series are not held at 0 here; served-model.test.ts tests births.
    const { series } = app.state.totals
    for (let row = 0; row < series.count; row += 1) series.setBirth(row, BIRTH.shown)
    const { body } = await app.print('text')
    return errors[0] ?? oracle.objection(body)
  }

  async function restart(): Promise<undefined> {
    await app.stop()
    app = await start()
  }

  /** A crash leaves only what is on disk: the next process continues with a copy of the stored file. */
  async function crash(): Promise<undefined> {
    const left = join(stateDir, 'state.journal')
    stateDir = join(home, `state-${story.length}`)
    mkdirSync(stateDir)
    if (existsSync(left)) copyFileSync(left, join(stateDir, 'state.journal'))
    await restart()
  }

  /** Stops at a random point of a pass. Whatever was stored of it, the next pass over the same files completes it. */
  async function abort(step: Step): Promise<string | undefined> {
    const broken = app.pass().catch(() => undefined)
    for (let turns = chanceOf(step).int(12); turns > 0; turns--) await setImmediate()
    await restart()
    await broken
    return pass()
  }

  async function take(step: Step): Promise<string | undefined> {
    const { what } = step
    if (isChange(what)) {
      const before = isEdit(what) ? await pass() : undefined
      story.push(`${what}: ${world.change(what, chanceOf(step))}`)
      return before ?? (isEdit(what) ? pass() : undefined)
    }
    story.push(what)
    switch (what) {
      case 'pass':
        return pass()
      case 'restart':
        return restart()
      case 'crash':
        return crash()
      case 'abort':
        return abort(step)
    }
  }

  let objection: string | undefined
  try {
    for (const step of script.steps) {
      objection = await take(step)
      if (objection !== undefined) break
    }
  } catch (error) {
    objection = error instanceof Error ? (error.stack ?? error.message) : String(error)
  } finally {
    await app.stop()
    rmSync(home, { recursive: true, force: true })
  }
  return { story, objection, exact: oracle.exact, bounded: oracle.bounded }
}
