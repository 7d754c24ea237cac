// Actions on the disk of the state: it fills up, becomes read-only, runs out of descriptors, fails some calls, and recovers.
import type { Call } from '../../store/simulated-disk.js'
import type { Actions } from './actions.js'
import type { Rig } from './rig.js'

const CALLS: readonly Call[] = [
  'open',
  'read',
  'write',
  'write',
  'flush',
  'flush',
  'rename',
  'link',
  'remove',
  'truncate',
  'stat',
  'mkdir',
  'list',
]

export const diskActions: Actions = {
  'fill the disk': [
    3,
    (rig, random) => {
      const { disk } = rig.machine
      const used = disk.names().reduce((sum, name) => sum + (disk.read(name)?.length ?? 0), 0)
      const spare = random.pick([0, 0, 10, 300, 3_000])
      disk.capacity = used + spare
      rig.hurt()
      return `but ${spare} bytes`
    },
  ],
  'make the disk read-only': [
    2,
    (rig) => {
      rig.machine.disk.readOnly = true
      rig.hurt()
      return 'done'
    },
  ],
  'give the state to another': [
    2,
    (rig) => {
      rig.machine.disk.foreign = true
      rig.hurt()
      return 'done'
    },
  ],
  'take all descriptors': [
    2,
    (rig, random) => {
      const { disk } = rig.machine
      const spare = random.pick([0, 0, 1, 2, 3])
      disk.descriptors = disk.openFiles + spare
      rig.hurt()
      return `but ${spare}`
    },
  ],
  'let calls fail': [
    6,
    (rig, random) => {
      const call = random.pick(CALLS)
      const code = random.pick(['EIO', 'ENOMEM'])
      let after = random.int(6)
      const planned = random.pick([1, 1, 3, Infinity])
      let times = planned
      rig.machine.disk.fails = (each) => (each !== call || (after -= 1) >= 0 || (times -= 1) < 0 ? undefined : code)
      rig.failing = true
      rig.hurt()
      return `${call}, ${planned} times, with ${code}, after ${after}`
    },
  ],
  'mend the disk': [8, (rig) => (rig.isBroken ? mendDisk(rig) : undefined)],
}

export function mendDisk(rig: Rig): string {
  Object.assign(rig.machine.disk, {
    fails: () => undefined,
    capacity: Infinity,
    readOnly: false,
    foreign: false,
    descriptors: Infinity,
  })
  rig.failing = false
  return 'done'
}
