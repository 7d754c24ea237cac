// Actions on the state on the simulated disk: it is removed, moved, replaced by an older copy, or cut short.
import type { Random } from '../../support/random.js'
import type { Response } from '../logs.js'
import type { Actions } from './actions.js'
import { JOURNAL, STATE } from './launch.js'
import { mendLogs } from './log-disk.js'
import type { Rig } from './rig.js'

const AWAY = '/disk/away'

/** Copies of the state of an earlier time. */
const copies = new WeakMap<Rig, Buffer>()
/** Rigs whose state was moved away while the running exporter noticed it. */
const aware = new WeakSet<Rig>()

export const stateActions: Actions = {
  'copy the state': [
    4,
    (rig) => {
      const state = rig.machine.disk.read(JOURNAL)
      if (state === undefined) return undefined
      copies.set(rig, state)
      rig.oracle.became('copy', rig.oracle.holds('state'))
      return `${rig.oracle.holds('copy').size} responses`
    },
  ],
  'put the copy in its place': [
    5,
    async (rig, random) => {
      const copy = copies.get(rig)
      if (copy === undefined) return undefined
      const inPlace = random.chance(0.5)
      await disturb(rig, rig.oracle.holds('copy'), () => rig.machine.disk.put(JOURNAL, copy, inPlace))
      const noticed = random.chance(0.6) && (await noticing(rig, random))
      return `${inPlace ? 'over it' : 'as another file'}${noticed ? ', noticed' : ''}`
    },
  ],
  'remove the state': [
    3,
    async (rig, random) => {
      if (rig.machine.disk.read(JOURNAL) === undefined) return undefined
      const path = random.pick([JOURNAL, STATE])
      await disturb(rig, new Set(), () => rig.machine.disk.move(path))
      return path
    },
  ],
  'move the state away': [
    3,
    async (rig, random) => {
      const { disk } = rig.machine
      if (disk.read(STATE) === undefined) return undefined
      let held: ReadonlySet<Response> = new Set()
      await disturb(rig, new Set(), () => {
        held = rig.oracle.holds('state')
        disk.move(AWAY)
        disk.move(STATE, AWAY)
      })
      rig.oracle.became('away', held)
      aware.delete(rig)
      // The exporter can note in the file it leaves that there is a newer one.
      if (!rig.isBroken && random.chance(0.6) && (await noticing(rig, random))) aware.add(rig)
      return `${held.size} responses${aware.has(rig) ? ', noticed' : ''}`
    },
  ],
  'put the state back': [
    9,
    (rig) => {
      const {
        oracle,
        machine: { disk },
      } = rig
      if (rig.alive !== undefined || disk.read(AWAY) === undefined) return undefined
      disk.move(STATE)
      disk.move(AWAY, STATE)
      const held = oracle.holds('away')
      if (aware.has(rig)) oracle.became('state', held)
      else oracle.returned(held)
      oracle.became('away', new Set())
      rig.hurt()
      return `${held.size} responses`
    },
  ],
  'cut the state': [2, (rig, random) => change(rig, random, (state) => state.subarray(0, random.int(state.length)))],
  // Only while no exporter runs, since a running one checks only the end of its file.
  'spoil the state': [
    4,
    (rig, random) =>
      rig.alive !== undefined
        ? undefined
        : change(rig, random, (state) => {
            for (let bytes = 1 + random.int(20); bytes > 0; bytes -= 1)
              state[spoilable(random, state.length)] = random.int(256)
            return state
          }),
  ],
  'touch the state': [
    3,
    async (rig, random) => {
      const { disk } = rig.machine
      const state = disk.read(JOURNAL)
      if (state === undefined) return undefined
      const inPlace = random.chance(0.4)
      await disturb(rig, rig.oracle.holds('state'), () => disk.put(JOURNAL, state, inPlace))
      const noticed = random.chance(0.6) && (await noticing(rig, random))
      return `the same bytes${inPlace ? '' : ' in another file'}${noticed ? ', noticed' : ''}`
    },
  ],
}

/** A random position outside the format number, since a state of a later version is rightly rejected. */
function spoilable(random: Random, length: number): number {
  const at = random.int(length)
  return at >= 8 && at < 12 ? 0 : at
}

async function change(rig: Rig, random: Random, changed: (state: Buffer) => Buffer): Promise<string | undefined> {
  const { disk } = rig.machine
  if (!disk.read(JOURNAL)?.length) return undefined
  await disturb(rig, new Set(), () => disk.put(JOURNAL, changed(disk.read(JOURNAL)!), random.chance(0.7)))
  return `${disk.read(JOURNAL)!.length} bytes`
}

/** Makes the exporter commit, so that it notices what was done to its state. */
async function noticing(rig: Rig, random: Random): Promise<boolean> {
  if (!rig.isRunning()) return false
  rig.logs.append(random, 1)
  await rig.pass()
  await rig.settle()
  return rig.isRunning()
}

/** Changes the state after the running exporter has read and shown everything, so that its next commit notices the change. */
async function disturb(rig: Rig, held: ReadonlySet<Response>, how: () => void): Promise<void> {
  mendLogs()
  await rig.pass()
  await rig.settle()
  // A change within a second of the last commit looks like that commit.
  rig.machine.pass(2_000)
  how()
  rig.oracle.disturbed(held)
  rig.hurt()
}
