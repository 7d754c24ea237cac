// The whole program in this process pushes to a real Prometheus 3, by default and with zeros at start times, and through a real
// Collector that makes deltas, while it is killed at any moment and the connection fails in every way. The growth that receivers
// see is the new usage without history, and nothing falls (pushes/oracle.ts). AUE_PUSH_SCHEDULES=2000 runs 2,000 schedules,
// AUE_PUSH_FIRST=201 starts at schedule 201, AUE_SEED=17 runs only schedule 17.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { seeded } from '../support/random.js'
import { temporaryFolder } from '../support/tree.js'
import { actions } from './pushes/actions.js'
import { holdInterval } from './pushes/interval.js'
import { startReceivers } from './pushes/receivers.js'
import { createSchedule, type Figures } from './pushes/schedule.js'

// The library's observers would stay in this process after each program has ended.
vi.mock('prom-client/lib/defaultMetrics.js', () => ({ default: () => undefined }))

const folder = temporaryFolder()
const only = process.env.AUE_SEED
const schedules = Number(process.env.AUE_PUSH_SCHEDULES ?? 200)
const first = Number(process.env.AUE_PUSH_FIRST ?? 1)
const seeds = only === undefined ? Array.from({ length: schedules }, (_, index) => first + index) : [Number(only)]
/** Number of failed schedules after which the test ends. */
const MOST_FAILURES = 12
/** Start of the schedules: all lie in the past, within the hour of samples that Prometheus accepts without an out-of-order window. */
const startMs = Date.now() - 7_200_000

it('receivers see exactly the new usage grow', { timeout: 0 }, async (context) => {
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
  // Every action must have happened often enough.
  for (const what of Object.keys(actions))
    if (schedules >= 200 && only === undefined) expect(figures.actions[what] ?? 0, what).toBeGreaterThan(2)
})
