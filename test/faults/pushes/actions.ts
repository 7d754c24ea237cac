// Actions while logs grow and an exporter pushes. Each returns what was done, for the report, or undefined if it does not apply
// at the moment.
import type { Treatment } from '../../support/otlp-proxy.js'
import type { Random } from '../../support/random.js'
import { JOURNAL } from '../in-process/launch.js'
import type { Rig } from './rig.js'

export type Action = (rig: Rig, random: Random) => string | undefined | Promise<string | undefined>

const chanceOf = (random: Random) => (): number => random.int(1_000) / 1_000

/** Outages: what happens to a push, and the maximum number of pushes tried, since some take long. */
const OUTAGES: Readonly<
  Record<string, readonly [treat: (random: Random) => Treatment | 'unreachable' | 'stranger', most: number]>
> = {
  'answers are lost': [() => 'lost', 6],
  'connections break': [() => 'broken', 6],
  'nobody accepts connections': [() => 'unreachable', 6],
  'the certificate is wrong': [() => 'stranger', 6],
  'nobody answers': [() => 'hang', 1],
  'answers come too late': [() => 'late', 1],
  'a part is refused': [(random) => ({ keeps: keeping(random.int(1_000)) }), 4],
  'all is refused: 400': [() => ({ status: 400 }), 4],
  'nobody is let in: 401': [() => ({ status: 401 }), 4],
  'too much: 429 with Retry-After': [
    (random) => ({ status: 429, headers: { 'retry-after': random.pick(['0', '1', '3600']) } }),
    4,
  ],
  'overloaded: 503': [() => ({ status: 503 }), 4],
}

/** An outage of this kind for some intervals, in which logs may grow. */
async function outage(rig: Rig, random: Random, [treat, most]: (typeof OUTAGES)[string]): Promise<string | undefined> {
  if (rig.alive === undefined) return undefined
  const treatment = treat(random)
  if (treatment === 'unreachable') rig.proxy.reachable = false
  else if (treatment === 'stranger') rig.proxy.wear('stranger')
  else rig.treatment = treatment
  const intervals = 1 + random.int(most)
  for (let interval = 0; interval < intervals && rig.isAlive(); interval += 1) {
    if (random.chance(0.5)) await spend(rig, random)
    await pushOnce(rig, random)
  }
  // The outage may continue during the next actions.
  const lasts = most > 1 && random.chance(0.3)
  if (!lasts) endOutage(rig)
  return `for ${intervals} intervals${lasts ? ', and on' : ''}`
}

/** A fixed selection of about half of the metrics. */
function keeping(salt: number): (metric: string) => boolean {
  return (metric) => Buffer.from(metric).reduce((sum, byte) => (sum * 31 + byte) >>> 0, salt) % 2 === 0
}

export const actions: Readonly<Record<string, readonly [weight: number, Action]>> = {
  ...Object.fromEntries(
    Object.entries(OUTAGES).map(([what, kind]) => [what, [1, (rig: Rig, random: Random) => outage(rig, random, kind)]]),
  ),
  start: [
    14,
    async (rig, random) => {
      if (rig.alive !== undefined) return undefined
      if (random.chance(0.3)) rig.version += 1
      await rig.start()
      return `version ${rig.version}`
    },
  ],
  'start and end at once': [
    3,
    async (rig, random) => {
      if (rig.alive !== undefined) return undefined
      const calls = random.int(random.pick([10, 40]))
      await rig.start((process) => process.dieAt(calls, 'killed', chanceOf(random)))
      rig.kill('killed')
      return `at call ${calls} to the disk`
    },
  ],
  spend: [10, spend],
  'spend on something new': [
    7,
    async (rig, random) => {
      rig.logs.begin(random, 1 + random.int(3))
      await rig.pass()
      return 'done'
    },
  ],
  'spend, and nobody looks': [
    4,
    (rig, random) => {
      rig.logs.append(random, 1 + random.int(4))
      return 'done'
    },
  ],
  push: [14, pushOnce],
  'spend while a push is under way': [
    6,
    async (rig, random) => {
      if (rig.alive === undefined) return undefined
      await rig.push(async () => {
        rig.logs.begin(random, 1 + random.int(2))
        await rig.pass()
      })
      return 'done'
    },
  ],
  'the outage ends': [
    4,
    (rig) => {
      endOutage(rig)
      return 'done'
    },
  ],
  kill: [4, (rig) => die(rig, () => rig.kill('killed'))],
  'cut the power': [
    2,
    (rig, random) => (rig.isBroken ? undefined : die(rig, () => rig.kill('power cut', chanceOf(random)))),
  ],
  'die in a push': [
    6,
    async (rig, random) => {
      if (rig.alive === undefined) return undefined
      rig.ambush = random.pick(['when it arrives', 'when it was accepted'] as const)
      const when = rig.ambush
      if (random.chance(0.5)) await spend(rig, random)
      await pushOnce(rig, random)
      rig.ambush = undefined
      return when
    },
  ],
  'die at a call to the disk': [
    6,
    async (rig, random) => {
      if (rig.alive === undefined) return undefined
      const calls = random.int(12)
      rig.alive.process.dieAt(calls, 'killed', chanceOf(random))
      for (let tries = 0; tries < 4 && rig.isAlive(); tries += 1) {
        rig.logs.append(random, 1)
        await rig.pass()
        await pushOnce(rig, random)
      }
      rig.kill('killed')
      return `at call ${calls}`
    },
  ],
  stop: [
    4,
    async (rig) => {
      if (rig.alive === undefined) return undefined
      await rig.stop()
      return 'done'
    },
  ],
  sleep: [
    2,
    (rig) => {
      rig.machine.pass(240_000)
      return 'done'
    },
  ],
  'lose the state': [
    2,
    async (rig, random) => {
      if (rig.alive === undefined || rig.isBroken) return undefined
      const settled = random.chance(0.5)
      if (settled) {
        endOutage(rig)
        await rig.settle()
      }
      rig.kill('killed')
      rig.machine.disk.move(JOURNAL)
      return settled ? 'all had arrived' : 'done'
    },
  ],
  'fill the disk': [
    2,
    (rig, random) => {
      const { disk } = rig.machine
      const spare = random.pick([0, 0, 10, 300])
      disk.capacity = disk.names().reduce((sum, name) => sum + (disk.read(name)?.length ?? 0), 0) + spare
      return `but ${spare} bytes`
    },
  ],
  // A running exporter clears its note about the full disk. If none runs, the next start must find the note.
  'free the disk': [4, (rig) => (rig.isBroken ? freeDisk(rig) : undefined)],
}

export async function spend(rig: Rig, random: Random): Promise<string> {
  rig.logs.append(random, 1 + random.int(4))
  await rig.pass()
  return 'done'
}

async function pushOnce(rig: Rig, random: Random): Promise<string | undefined> {
  if (rig.alive === undefined) return undefined
  rig.machine.pass(random.pick([1, 5, 30]) * 1_000)
  await rig.push()
  return 'done'
}

export function endOutage(rig: Rig): void {
  rig.treatment = 'accept'
  rig.proxy.reachable = true
  rig.proxy.wear('server')
}

export function freeDisk(rig: Rig): string {
  rig.machine.disk.capacity = Infinity
  return 'done'
}

function die(rig: Rig, how: () => void): string | undefined {
  if (rig.alive === undefined) return undefined
  how()
  return 'done'
}
