// The steps of a schedule in order: on the logs, the exporter and its machine. A schedule is a pure function of its seed, and each
// step has a seed of its own, so that dropping some steps does not change the others.
import { seeded, type Random } from '../support/random.js'

export const WHATS = [
  'start',
  'append',
  'begin a project',
  'remove logs',
  'rewrite a log',
  'scrape',
  'stop',
  'kill',
  'end while it opens',
  'once',
  'a second one',
  'copy the state',
  'put the copy back',
  'replace the state by the copy',
  'remove the state',
  'move the state away',
  'put the state back',
  'fill the disk',
  'free the disk',
  'make the disk read-only',
  'make the disk writable',
  'give the state to another',
  'give the state back',
  'little address space',
  'few descriptors',
  'set the clock',
] as const
export type What = (typeof WHATS)[number]

export interface Step {
  readonly what: What
  readonly seed: number
}

export interface Schedule {
  readonly seed: number
  /** Whether the machine has a simulated clock. */
  readonly clock: boolean
  readonly steps: readonly Step[]
}

/** Planned conditions, which need not come true. */
interface Plan {
  readonly runs: boolean
  readonly clock: boolean
  readonly disk: 'fine' | 'full' | 'read-only'
  readonly owner: 'us' | 'another'
  readonly state: boolean
  readonly copy: boolean
  readonly away: boolean
}

interface Kind {
  readonly weight: number
  readonly when: (plan: Plan) => boolean
  readonly then?: Partial<Plan>
}

const always = (): boolean => true
const runs = (plan: Plan): boolean => plan.runs
const rests = (plan: Plan): boolean => !plan.runs
/** Whether the state directory can be changed. */
const free = (plan: Plan): boolean => plan.disk === 'fine' && plan.owner === 'us'

const KINDS: Readonly<Record<What, Kind>> = {
  start: { weight: 12, when: rests, then: { runs: true, state: true } },
  append: { weight: 5, when: always },
  'begin a project': { weight: 4, when: always },
  'remove logs': { weight: 4, when: always },
  'rewrite a log': { weight: 2, when: always },
  scrape: { weight: 4, when: runs },
  stop: { weight: 4, when: runs, then: { runs: false } },
  kill: { weight: 4, when: runs, then: { runs: false } },
  'end while it opens': { weight: 3, when: (plan) => rests(plan) && plan.state },
  once: { weight: 3, when: rests, then: { state: true } },
  'a second one': { weight: 1, when: (plan) => plan.runs && free(plan) },
  'copy the state': { weight: 4, when: (plan) => rests(plan) && plan.state, then: { copy: true } },
  'put the copy back': { weight: 4, when: (plan) => rests(plan) && plan.copy && free(plan), then: { state: true } },
  'replace the state by the copy': { weight: 4, when: (plan) => plan.runs && plan.copy && free(plan) },
  'remove the state': { weight: 2, when: (plan) => plan.state && free(plan), then: { state: false } },
  'move the state away': { weight: 2, when: (plan) => plan.state && free(plan), then: { state: false, away: true } },
  'put the state back': {
    weight: 5,
    when: (plan) => plan.away && rests(plan) && free(plan),
    then: { state: true, away: false },
  },
  'fill the disk': { weight: 4, when: (plan) => plan.disk === 'fine', then: { disk: 'full' } },
  'free the disk': { weight: 5, when: (plan) => plan.disk === 'full', then: { disk: 'fine' } },
  'make the disk read-only': { weight: 3, when: (plan) => plan.disk === 'fine', then: { disk: 'read-only' } },
  'make the disk writable': { weight: 5, when: (plan) => plan.disk === 'read-only', then: { disk: 'fine' } },
  'give the state to another': {
    weight: 3,
    when: (plan) => rests(plan) && plan.state && free(plan),
    then: { owner: 'another' },
  },
  'give the state back': { weight: 5, when: (plan) => plan.owner === 'another' && rests(plan), then: { owner: 'us' } },
  'little address space': { weight: 2, when: rests },
  'few descriptors': { weight: 2, when: (plan) => rests(plan) && plan.owner === 'us' },
  'set the clock': { weight: 8, when: (plan) => plan.runs && plan.clock },
}

/** Logs and a start, 5 to 12 random steps, and a final repair after which everything must be shown. */
export function scheduleOf(seed: number): Schedule {
  const random = seeded(seed)
  const step = (what: What): Step => ({ what, seed: random.int(2 ** 31) })
  const clock = seed % 5 === 0
  const steps = [step('append'), step('start')]
  let plan: Plan = { runs: true, clock, disk: 'fine', owner: 'us', state: true, copy: false, away: false }
  const take = (what: What): void => {
    steps.push(step(what))
    plan = { ...plan, ...KINDS[what].then }
  }
  for (let left = 5 + random.int(8); left > 0; left--) {
    take(
      random.pick(WHATS.flatMap((what) => (KINDS[what].when(plan) ? Array<What>(KINDS[what].weight).fill(what) : []))),
    )
  }
  if (plan.disk === 'full') take('free the disk')
  if (plan.disk === 'read-only') take('make the disk writable')
  if (plan.runs) take(random.pick(['stop', 'kill']))
  if (plan.owner === 'another') take('give the state back')
  for (const what of ['start', 'append', 'stop', 'once'] as const) take(what)
  return { seed, clock, steps }
}

/** Random source of a step. Its fresh ids are unique in the whole schedule. */
export function chanceOf({ seed }: Step): Random {
  const random = seeded(seed)
  return { ...random, fresh: (prefix) => random.fresh(`${prefix}${seed.toString(36)}-`) }
}
