// The script of a model run: its steps in order. Each step has a seed of its own, so that dropping some steps does not change
// the others.
import { seeded, type Random } from '../../support/random.js'
import type { Voice } from './speech.js'
import { CHANGES, type Change } from './world.js'

/** Events of the program: a pass, a stop and a start, a crash, or a stop within a pass. */
export type Event = 'pass' | 'restart' | 'crash' | 'abort'

export interface Step {
  readonly what: Change | Event
  readonly seed: number
}

export interface Script {
  readonly seed: number
  readonly voice: Voice
  readonly workers: 0 | 1
  readonly cache: boolean
  readonly steps: readonly Step[]
}

const WEIGHTS: Readonly<Record<Change | Event, number>> = {
  append: 7,
  tear: 3,
  complete: 3,
  truncate: 1,
  'replace in place': 2,
  'replace by rename': 1,
  'edit in place': 1,
  'edit by rename': 1,
  fork: 3,
  'copy ahead': 2,
  rename: 1,
  delete: 1,
  'back up': 1,
  restore: 2,
  pass: 9,
  restart: 2,
  crash: 1,
  abort: 1,
}

const KINDS = Object.keys(WEIGHTS) as (Change | Event)[]
const DRAWN = KINDS.flatMap((what) => Array<Change | Event>(WEIGHTS[what]).fill(what))

/**
 * 14 to 27 steps. The first appends to a log, the last is a pass. Every 40th script uses a worker, every 10th runs without
 * the cache.
 */
export function scriptOf(seed: number): Script {
  const random = seeded(seed)
  const steps = Array.from({ length: 12 + random.int(14) }, () => ({
    what: random.pick(DRAWN),
    seed: random.int(2 ** 31),
  }))
  const first: Step = { what: 'append', seed: random.int(2 ** 31) }
  return {
    seed,
    voice: seed % 2 === 0 ? 'hostile' : 'tame',
    workers: seed % 40 === 7 ? 1 : 0,
    cache: seed % 10 !== 3,
    steps: [first, ...steps, { what: 'pass', seed: 0 }],
  }
}

/** Random source of a step. Its fresh ids are unique in the whole run. */
export function chanceOf({ seed }: Step): Random {
  const random = seeded(seed)
  return { ...random, fresh: (prefix) => random.fresh(`${prefix}${seed.toString(36)}-`) }
}

/** An edit within a file must be the only change of that file between two passes: see world.ts. */
export function isEdit(what: Change | Event): boolean {
  return what === 'edit in place' || what === 'edit by rename'
}

export function isChange(what: Change | Event): what is Change {
  return (CHANGES as readonly string[]).includes(what)
}
