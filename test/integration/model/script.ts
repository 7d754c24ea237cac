// The script of a model run: what happens, in order. Each step carries its own source of chance, so that a script from
// which steps were dropped still means the same for those that are left.
import { seeded, type Random } from '../../support/random.js'
import type { Voice } from './speech.js'
import { CHANGES, type Change } from './world.js'

/** What happens to the program: it looks, is stopped and started, dies, or is stopped in the middle of looking. */
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
 * 14 to 27 steps, the first of them something to read, the last a look. Every 40th script is read by a worker, every
 * 10th without a cache.
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

/** Ids that are fresh in this step are fresh in the whole run. */
export function chanceOf({ seed }: Step): Random {
  const random = seeded(seed)
  return { ...random, fresh: (prefix) => random.fresh(`${prefix}${seed.toString(36)}-`) }
}

/** Nothing else may happen to a file between two looks when something in its middle changes: see world.ts. */
export function isEdit(what: Change | Event): boolean {
  return what === 'edit in place' || what === 'edit by rename'
}

export function isChange(what: Change | Event): what is Change {
  return (CHANGES as readonly string[]).includes(what)
}
