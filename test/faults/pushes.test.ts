// The whole program in this process pushes to a real Prometheus 3, by default and with zeros at start times, and through a real
// Collector that makes deltas, while it is killed at any moment and whatever can go wrong on the way goes wrong. What they see grow
// is what was spent, history is none of it, and nothing falls (pushes/oracle.ts). AUE_PUSH_SCHEDULES=2000 runs more schedules, from
// AUE_PUSH_FIRST=201 on; AUE_SEED=17 one of them.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { seeded } from '../support/random.js'
import { temporaryFolder } from '../support/tree.js'
import { actions } from './pushes/actions.js'
import { holdInterval } from './pushes/interval.js'
import { startReceivers } from './pushes/receivers.js'
import { createSchedule, type Figures } from './pushes/schedule.js'

// Its observers of this process would stay for as long as that does.
vi.mock('prom-client/lib/defaultMetrics.js', () => ({ default: () => undefined }))

const folder = temporaryFolder()
const only = process.env.AUE_SEED
const schedules = Number(process.env.AUE_PUSH_SCHEDULES ?? 200)
const first = Number(process.env.AUE_PUSH_FIRST ?? 1)
const seeds = only === undefined ? Array.from({ length: schedules }, (_, index) => first + index) : [Number(only)]
/** After so many that fail there is enough to look at. */
const MOST_FAILURES = 12
/** All schedules lie within the hour that a Prometheus takes samples of without an out-of-order window, and that is past. */
const startMs = Date.now() - 7_200_000

it('receivers see grow what was spent', { timeout: 0 }, async (context) => {
  const receivers = await startReceivers(context, folder)
  holdInterval()
  const figures: Figures = { pushes: 0, spent: 0, actions: {} }
  const failures: string[] = []
  for (const seed of seeds) {
    const dir = mkdtempSync(join(folder, `${seed}-`))
    const failure = await createSchedule(seeded(seed), { dir, receivers, startMs, figures })
    rmSync(dir, { recursive: true, force: true })
    if (failure !== undefined) failures.push(`seed ${seed}:\n  ${failure}`)
    if (failures.length === MOST_FAILURES) break
  }
  if (schedules !== 200 || only !== undefined) console.log(figures)
  expect(failures.join('\n\n')).toBe('')
  // They are wild enough.
  for (const what of Object.keys(actions))
    if (schedules >= 200 && only === undefined) expect(figures.actions[what] ?? 0, what).toBeGreaterThan(2)
})
