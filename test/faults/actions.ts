// Steps of a schedule that act on the logs and on the exporter. Each returns what was done, for the report, and throws if a law
// is broken.
//
// Timers here set the moments of kills; nothing is awaited by them.
import { existsSync, watch } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Random } from '../support/random.js'
import { breakages, type Action } from './breakages.js'
import type { Response } from './logs.js'
import { object, unnatural, type Rig } from './rig.js'
import type { What } from './schedule.js'
import { removeLocks } from './state-files.js'

/** Result of a step that does not apply because an exporter runs, or none does, contrary to the plan. */
const NOTHING = 'nothing to do'
/** A long model name, so that a full disk has no room for the new records. */
const LONG_MODEL = 'm'.repeat(150)

export const actions: Readonly<Record<What, Action>> = {
  ...breakages,
  async start(rig) {
    if (rig.exporter !== undefined) return NOTHING
    return (await rig.start()) ? 'ready' : 'it refused'
  },
  append: (rig, random) => said(rig, random, rig.logs.append(random, 1 + random.int(4))),
  'begin a project'(rig, random) {
    const much = random.chance(0.3)
    return said(rig, random, rig.logs.begin(random, much ? 300 : 1 + random.int(3), much ? LONG_MODEL : undefined))
  },
  async 'remove logs'(rig, random) {
    await settled(rig)
    return rig.logs.remove(random)
  },
  async 'rewrite a log'(rig, random) {
    await settled(rig)
    const { story, added } = rig.logs.rewrite(random)
    rig.oracle.wrote(added)
    await settled(rig)
    return story
  },
  scrape: settled,
  async stop(rig) {
    if (rig.exporter === undefined) return NOTHING
    await rig.stop()
    return 'ended'
  },
  async kill(rig, random) {
    if (rig.exporter === undefined) return NOTHING
    if (random.chance(0.5)) await settled(rig)
    else await setTimeout(random.int(40))
    await rig.kill()
    return 'killed'
  },
  async 'end while it opens'(rig, random) {
    if (rig.exporter !== undefined) return NOTHING
    const signals = Array.from({ length: 1 + random.int(4) }, () =>
      random.pick(['SIGTERM', 'SIGTERM', 'SIGINT', 'SIGKILL'] as const),
    )
    for (const signal of signals) await endOpening(rig, signal, random.chance(0.5) ? 0 : random.int(30))
    return signals.join(', ')
  },
  async once(rig) {
    if (rig.exporter !== undefined) return NOTHING
    return `ended with ${(await rig.once()).code!}`
  },
  async 'a second one'(rig, random) {
    // If the state was removed together with its lock, a second process cannot notice that it is in use.
    if (rig.exporter === undefined || rig.oracle.unnoticed()) return NOTHING
    const unlocked = random.chance(0.7)
    if (unlocked) removeLocks(rig.homes.state)
    const second = rig.launch({ command: 'once' })
    const end = await second.end()
    object(unnatural(second, end))
    if (end.code === 0)
      throw new Error(`a second one worked on the same state${unlocked ? ', its lock file removed' : ''}`)
    await settled(rig)
    return `${unlocked ? 'its lock file removed, ' : ''}ended with ${end.code!}`
  },
}

/** Starts an exporter and ends it `ms` milliseconds after it first touches its state directory, or when it is ready. */
export async function endOpening(rig: Rig, signal: NodeJS.Signals, ms: number): Promise<void> {
  const { state } = rig.homes
  const watcher = watch(existsSync(state) ? state : dirname(state))
  const touched = new Promise((resolve) => watcher.once('change', resolve))
  const opening = rig.launch()
  try {
    await Promise.race([touched, opening.ready()])
    await setTimeout(ms)
    object(unnatural(opening, await opening.end(signal)))
  } finally {
    watcher.close()
  }
}

async function said(rig: Rig, random: Random, responses: readonly Response[]): Promise<string> {
  rig.oracle.wrote(responses)
  const story = `${responses.length} of ${responses[0]!.project}`
  return random.chance(0.6) ? `${story}, ${await settled(rig)}` : story
}

async function settled(rig: Rig): Promise<string> {
  if (rig.exporter === undefined) return 'nobody looks'
  await rig.settle()
  return 'shown'
}
