// A schedule: some history or none, a start, random actions, and at the end a working connection. Then the growth that receivers
// saw must equal the new usage.
import type { Random } from '../../support/random.js'
import { actions, endOutage, freeDisk, type Action } from './actions.js'
import { keyOf } from '../sets.js'
import { COUNTERS, type Receivers } from './receivers.js'
import { Rig } from './rig.js'

export interface Figures {
  pushes: number
  /** Growth of tokens and requests that the receivers saw. */
  spent: number
  /** Number of times that each action was applied. */
  readonly actions: Record<string, number>
}

export interface ScheduleOptions {
  readonly dir: string
  readonly receivers: Receivers
  readonly startMs: number
  readonly figures: Figures
}

const WEIGHTED = Object.entries(actions).flatMap(([what, [weight]]) => Array<string>(weight).fill(what))

/** Runs a schedule. Returns what went wrong, with the actions that led to it, or undefined. */
export async function createSchedule(random: Random, options: ScheduleOptions): Promise<string | undefined> {
  const { figures } = options
  const rig = new Rig({ ...options, tls: random.chance(0.4) })
  const story: string[] = []
  const act = async (what: string, action: Action): Promise<boolean> => {
    rig.machine.pass(random.pick([0, 1, 5]) * 1_000)
    story.push(what)
    const outcome = await action(rig, random)
    if (outcome === undefined) story.pop()
    else story.push(`${story.pop()!}: ${outcome}`)
    return outcome !== undefined
  }
  try {
    await rig.open()
    await act('history', () => history(rig, random))
    await act('start', actions['start']![1])
    for (let left = 6 + random.int(14); left > 0;) {
      const what = random.pick(WEIGHTED)
      if (!(await act(what, actions[what]![1]))) continue
      figures.actions[what] = (figures.actions[what] ?? 0) + 1
      left -= 1
    }
    await act('all is well', async () => {
      endOutage(rig)
      freeDisk(rig)
      if (rig.alive === undefined) await rig.start()
      await rig.settle()
      return 'done'
    })
    return await wrong(rig, options).then((what) => what && [...story, what, ...rig.complaints].join('\n  '))
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return [...story, message, ...rig.complaints].join('\n  ')
  } finally {
    figures.pushes += rig.pushes
    figures.spent += rig.oracle.spent()
    await rig.stop()
  }
}

/** Writes history of a while ago or of a moment ago, or none. */
function history(rig: Rig, random: Random): string {
  const responses = random.pick([0, 3, 12])
  for (let left = responses; left > 0; left -= 1) rig.logs.append(random, 1)
  if (random.chance(0.5)) rig.machine.pass(120_000)
  return `${responses} responses`
}

async function wrong(rig: Rig, { receivers }: ScheduleOptions): Promise<string | undefined> {
  const atSeconds = rig.machine.now() / 1_000 + 1
  const uuid = rig.app!.state.instance
  for (const held of rig.oracle.held()) {
    const what = await receivers.wrong(held, atSeconds)
    if (what !== undefined) return what
  }
  if (rig.complaints.length > 0) return 'a receiver refused what it should take'
  // Series that were pushed may still be new to scrapes.
  const scraped = new Map(
    (await rig.scraped()).filter(({ name }) => COUNTERS.has(name)).map((one) => [keyOf(one), one.value]),
  )
  for (const [name, last] of Object.entries(await receivers.last(uuid, atSeconds))) {
    if (last.size !== scraped.size) return `${name} has ${last.size} series, and a scrape ${scraped.size}`
    for (const [key, value] of last) {
      const shown = scraped.get(key)
      if (shown?.toPrecision(12) !== value.toPrecision(12))
        return `${name}: ${key} is ${value}, and ${shown} in a scrape`
    }
  }
  return undefined
}
