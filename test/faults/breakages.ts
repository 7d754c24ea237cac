// Steps of a schedule that act on the machine: its disk, the state directory on it, its limits, its clock.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import type { Random } from '../support/random.js'
import type { Rig } from './rig.js'
import type { What } from './schedule.js'
import { effects } from './serving.js'
import { copyOver, copyTo, filesOf, giveTo, NOBODY, removeLocks, replaceBy, replaceLargest } from './state-files.js'

export type Action = (rig: Rig, random: Random) => string | Promise<string>
type Breakage = Extract<
  What,
  | `${'copy' | 'put' | 'replace' | 'remove' | 'move' | 'give'} the ${string}`
  | `${string} the disk${string}`
  | `${'little' | 'few'} ${string}`
  | 'set the clock'
>

const NO_STATE = 'there is none'

export const breakages: Readonly<Record<Breakage, Action>> = {
  'copy the state'({ homes, oracle }) {
    if (!existsSync(homes.state)) return NO_STATE
    copyTo(homes.state, homes.copy)
    oracle.became('copy', oracle.holds('state'))
    return `${oracle.holds('copy').size} responses`
  },
  'put the copy back'(rig, random) {
    const { homes, oracle } = rig
    if (!existsSync(homes.copy) || rig.exporter !== undefined) return NO_STATE
    const over = random.chance(0.5)
    if (over) copyOver(homes.copy, homes.state)
    else replaceBy(homes.copy, homes.state)
    oracle.became('state', oracle.holds('copy'))
    rig.hurt()
    return over ? 'over it' : 'in its place'
  },
  async 'replace the state by the copy'(rig, random) {
    const { homes, oracle } = rig
    if (!existsSync(homes.copy) || !existsSync(homes.state)) return NO_STATE
    if (rig.exporter !== undefined) await rig.settle()
    const file = random.chance(0.5)
    if (file) replaceLargest(homes.copy, homes.state)
    else replaceBy(homes.copy, homes.state)
    oracle.disturbed(oracle.holds('copy'))
    rig.hurt()
    return file ? 'its file' : 'its directory'
  },
  async 'remove the state'(rig, random) {
    const { homes, oracle } = rig
    if (rig.exporter !== undefined) await rig.settle()
    const what = random.pick(['its directory', 'its file', 'all in its directory'])
    if (what === 'its file') for (const path of filesOf(homes.state).slice(0, 1)) rmSync(path)
    else rmSync(homes.state, { recursive: true, force: true })
    if (what === 'all in its directory') mkdirSync(homes.state, { mode: 0o700 })
    oracle.disturbed(new Set())
    rig.hurt()
    return what
  },
  async 'move the state away'(rig) {
    const { homes, oracle } = rig
    if (!existsSync(homes.state)) return NO_STATE
    if (rig.exporter !== undefined) await rig.settle()
    rmSync(homes.away, { recursive: true, force: true })
    renameSync(homes.state, homes.away)
    oracle.became('away', oracle.holds('state'))
    oracle.disturbed(new Set())
    rig.hurt()
    return `${oracle.holds('away').size} responses`
  },
  'put the state back'(rig) {
    const { homes, oracle } = rig
    if (!existsSync(homes.away) || rig.exporter !== undefined) return NO_STATE
    rmSync(homes.state, { recursive: true, force: true })
    renameSync(homes.away, homes.state)
    oracle.returned(oracle.holds('away'))
    rig.hurt()
    return `${oracle.holds('state').size} responses`
  },
  'fill the disk'(rig, random) {
    const unlocked = rig.exporter === undefined && random.chance(0.5)
    if (unlocked) removeLocks(rig.homes.state)
    const butBytes = random.pick([0, 0, 4_096, 16_384, 65_536])
    rig.machine.fill(butBytes)
    rig.condition.disk = 'full'
    rig.hurt()
    return `but ${butBytes} bytes${unlocked ? ', its locks removed' : ''}`
  },
  'free the disk'(rig) {
    rig.machine.free()
    rig.condition.disk = 'fine'
    return 'done'
  },
  'make the disk read-only'(rig) {
    rig.machine.makeReadOnly()
    rig.condition.disk = 'read-only'
    rig.hurt()
    return 'done'
  },
  'make the disk writable'(rig) {
    rig.machine.makeWritable()
    rig.condition.disk = 'fine'
    return 'done'
  },
  'give the state to another'(rig, random) {
    if (!existsSync(rig.homes.state) || rig.exporter !== undefined) return NO_STATE
    rig.condition.owner = 'another'
    rig.condition.readable = random.chance(0.6)
    giveTo(NOBODY, rig.homes.state, rig.condition.readable)
    rig.hurt()
    return rig.condition.readable ? 'we may read it' : 'we may not even read it'
  },
  'give the state back'(rig) {
    rig.condition.owner = 'us'
    rig.condition.readable = true
    giveTo(0, rig.homes.state, false)
    return 'done'
  },
  async 'little address space'(rig, random) {
    if (rig.exporter !== undefined) return NO_STATE
    const addressSpace = 900_000_000 + random.int(400_000_000)
    const codes: string[] = []
    for (let tries = 1 + random.int(4); tries > 0; tries--) {
      const { code, signal } = await rig.once({ addressSpace })
      codes.push(String(code ?? signal))
    }
    return `${addressSpace} bytes: ${codes.join(', ')}`
  },
  async 'few descriptors'(rig, random) {
    if (rig.exporter !== undefined) return NO_STATE
    const [descriptors, spare] = [80 + random.int(120), random.pick([0, 0, 1, 2, 4])]
    if (!(await rig.start({ descriptors }))) return 'it refused'
    await rig.serving().crowd(descriptors, spare)
    await effects(
      () => rig.look(),
      () => rig.oracle.wrote(rig.logs.append(random, 3)),
      3,
    )
    rig.serving().disperse()
    await rig.settle()
    await rig.stop()
    return `${descriptors}, but ${spare} taken`
  },
  async 'set the clock'(rig, random) {
    if (rig.exporter === undefined) return NO_STATE
    rig.oracle.wrote(rig.logs.begin(random, 1 + random.int(3)))
    await rig.settle()
    const seconds = random.pick([-3_600, -10, -4, 0, 5, 3_600])
    rig.machine.setClock(seconds)
    await rig.settle()
    return `${seconds} s off`
  },
}
