// A schedule: logs and a start, random actions, and a final repair of everything. After that, all that can be known must be
// shown, and again once the logs are deleted.
import { mkdirSync, rmSync } from 'node:fs'
import type { Random } from '../../support/random.js'
import { actions, type Action } from './actions.js'
import { mendDisk } from './disk-actions.js'
import { logDisk, mendLogs } from './log-disk.js'
import { Rig, type Figures as RigFigures } from './rig.js'

export interface Figures extends RigFigures {
  /** Number of times that each action was applied. */
  readonly actions: Record<string, number>
}

const WEIGHTED = Object.entries(actions).flatMap(([what, [weight]]) => Array<string>(weight).fill(what))
const SECOND_MS = 1_000
/** Number of responses booked in one step. */
const STEP_SIZE = process.env.AUE_FAULT_STEP

/** Runs a schedule. Returns what went wrong, with the actions that led to it, or undefined. */
export async function createSchedule(random: Random, dir: string, figures: Figures): Promise<string | undefined> {
  const rig = new Rig(dir, figures)
  if (STEP_SIZE !== undefined) rig.bookingStep = Number(STEP_SIZE)
  const story: string[] = []
  const act = async (what: string, action: Action): Promise<boolean> => {
    rig.machine.pass(random.pick([0, 1, 5, 60]) * SECOND_MS)
    story.push(what)
    const outcome = await action(rig, random)
    if (outcome === undefined) {
      story.pop()
      return false
    }
    story.push(`${story.pop()!}: ${outcome}`)
    figures.actions[what] = (figures.actions[what] ?? 0) + 1
    return true
  }
  try {
    await act('append', actions.append![1])
    await act('start', actions.start![1])
    for (let left = 5 + random.int(11); left > 0;) {
      const what = random.pick(WEIGHTED)
      if (await act(what, actions[what]![1])) left -= 1
    }
    await act('mend the disk', mendDisk)
    mendLogs()
    await act(
      'last end',
      async () => (await actions[random.pick(['stop', 'kill', 'cut the power'])]![1](rig, random)) ?? 'nobody runs',
    )
    if (random.chance(0.5)) await act('all logs are gone', removeLogs)
    await act('last start', started)
    await rig.stop()
    await act('all logs are gone', removeLogs)
    await act('last start', started)
    await rig.stop()
    return undefined
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return [...story, message, ...rig.complaints.slice(-10)].join('\n  ')
  } finally {
    await rig.abandon()
  }
}

function removeLogs(rig: Rig): string {
  rmSync(logDisk.folder, { recursive: true })
  mkdirSync(logDisk.folder)
  rig.logs.forget()
  return 'done'
}

async function started(rig: Rig): Promise<string> {
  if (!(await rig.start())) throw new Error('it did not start, though all is well')
  return 'ready'
}
