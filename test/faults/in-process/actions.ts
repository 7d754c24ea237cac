// Actions on the logs, on the exporter and on its machine. Each returns what was done, for the report, or undefined if it does
// not apply at the moment. Each throws if a law is broken.
import { setImmediate } from 'node:timers/promises'
import type { Random } from '../../support/random.js'
import type { Response } from '../logs.js'
import { diskActions } from './disk-actions.js'
import { CALLS, logDisk, mendLogs } from './log-disk.js'
import type { End, Process } from './machine.js'
import type { Rig } from './rig.js'
import { stateActions } from './state-actions.js'

export type Action = (rig: Rig, random: Random) => string | undefined | Promise<string | undefined>

/** A long model name, so that a full disk has no room for the new records. */
const LONG_MODEL = 'm'.repeat(150)

export type Actions = Readonly<Record<string, readonly [weight: number, Action]>>

export const actions: Actions = {
  ...diskActions,
  ...stateActions,
  start: [14, async (rig) => (rig.alive === undefined ? ((await rig.start()) ? 'ready' : 'it refused') : undefined)],
  'start and end at once': [
    3,
    async (rig, random) => {
      if (rig.alive !== undefined) return undefined
      const how = endOf(random)
      return (await rig.start((process) => dieSoon(process, random, how))) ? 'ready' : `${how}, or it refused`
    },
  ],
  append: [6, (rig, random) => said(rig, random, rig.logs.append(random, 1 + random.int(8)))],
  'begin a project': [
    5,
    (rig, random) => {
      const much = random.chance(0.2)
      return said(rig, random, rig.logs.begin(random, much ? 60 : 1 + random.int(3), much ? LONG_MODEL : undefined))
    },
  ],
  'remove logs': [
    3,
    async (rig, random) => {
      await passed(rig)
      return rig.logs.remove(random)
    },
  ],
  'rewrite a log': [
    3,
    async (rig, random) => {
      const { story } = rig.logs.rewrite(random)
      return random.chance(0.5) ? `${story}, ${await passed(rig)}` : story
    },
  ],
  pass: [
    4,
    async (rig) => {
      await rig.pass()
      return 'done'
    },
  ],
  scrape: [4, async (rig) => ((await rig.look()) === undefined ? undefined : 'shown')],
  'pass and settle': [3, passed],
  'scrape while a pass runs': [
    4,
    async (rig, random) => {
      if (rig.alive === undefined) return undefined
      const passing = rig.pass()
      for (let scrapes = 1 + random.int(4); scrapes > 0; scrapes -= 1) {
        await rig.look()
        for (let turns = random.int(4); turns > 0; turns -= 1) await setImmediate()
      }
      await passing
      await rig.settle()
      return 'shown'
    },
  ],
  'end in a pass': [
    5,
    async (rig, random) => {
      if (rig.alive === undefined) return undefined
      const how = endOf(random)
      dieSoon(rig.alive.process, random, how)
      if (random.chance(0.7)) rig.logs.append(random, 1 + random.int(8))
      await passed(rig)
      return end(rig, random, how) === undefined ? how : `${how} after it`
    },
  ],
  stop: [
    3,
    async (rig) => {
      if (rig.alive === undefined) return undefined
      await rig.stop()
      return 'stopped'
    },
  ],
  kill: [3, (rig, random) => end(rig, random, 'killed')],
  'cut the power': [3, (rig, random) => end(rig, random, 'power cut')],
  'let logs be unreadable': [
    4,
    async (rig, random) => {
      const call = random.pick(CALLS)
      const [after, times] = [random.int(3), random.pick([1, 2, Infinity])]
      const outcome = outcomeOf(random, call)
      logDisk.fault = { call, outcome, after, times }
      const story = `${call}: ${outcome}, ${times} times, after ${after}`
      if (random.chance(0.4)) return story
      rig.logs.append(random, 1 + random.int(8))
      return `${story}, ${await passed(rig)}`
    },
  ],
  'make logs readable': [
    5,
    () => {
      if (logDisk.fault === undefined && logDisk.vanished === 0) return undefined
      mendLogs()
      return 'done'
    },
  ],
  'set the clock': [
    3,
    (rig, random) => {
      const seconds = random.pick([-86_400 * 3, -3_600, -10, 10, 3_600, 86_400 * 40])
      rig.machine.setClock(seconds * 1_000)
      return `by ${seconds} s`
    },
  ],
  'reload prices': [
    3,
    async (rig, random) => {
      const spoilt = rig.alive !== undefined && random.chance(0.2)
      if (spoilt) rig.prices.spoil()
      else rig.prices.raise()
      await rig.alive?.app.reload()
      if (spoilt) rig.prices.mend()
      await passed(rig)
      return spoilt ? 'spoilt' : `level ${rig.prices.level}`
    },
  ],
}

/** Runs a full pass and scrapes its result. */
async function passed(rig: Rig): Promise<string> {
  if (rig.alive === undefined) return 'nobody looks'
  await rig.pass()
  await rig.settle()
  return 'shown'
}

async function said(rig: Rig, random: Random, responses: readonly Response[]): Promise<string> {
  const story = `${responses.length} of ${responses[0]!.project}`
  return random.chance(0.6) ? `${story}, ${await passed(rig)}` : story
}

function end(rig: Rig, random: Random, how: End): string | undefined {
  if (rig.alive === undefined) return undefined
  rig.alive.process.die(how, () => random.int(1_000) / 1_000)
  return how
}

const endOf = (random: Random): End => random.pick(['killed', 'power cut'])

function dieSoon(process: Process, random: Random, how: End): void {
  process.dieAt(random.int(random.pick([4, 12, 40])), how, () => random.int(1_000) / 1_000)
}

function outcomeOf(random: Random, call: (typeof CALLS)[number]): NonNullable<typeof logDisk.fault>['outcome'] {
  if (call === 'readSync' && random.chance(0.5)) return 'short'
  if (call === 'openSync' && random.chance(0.4)) return 'vanish'
  return random.pick(['EIO', 'EMFILE', 'EACCES', 'ENOMEM'])
}
