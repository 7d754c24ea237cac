// The whole program in this process, over a store on a simulated disk and logs whose calls fail: schedules of all that can
// happen to them, judged by what was written. What was shown never falls, nothing is counted twice, and nothing is lost that
// could be known (oracle.ts). AUE_FAULT_SCHEDULES=10000 runs more schedules, from AUE_FAULT_FIRST=501 on;
// AUE_SEED=17 one of them; AUE_FAULT_STEP=3 books three responses in a step.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { seeded } from '../support/random.js'
import { temporaryFolder } from '../support/tree.js'
import { createSchedule, type Figures } from './in-process/schedule.js'

vi.mock('node:fs', async (importOriginal) => {
  const { withFaults } = await import('./in-process/log-disk.js')
  return withFaults(await importOriginal())
})
// Its observers of this process would stay for as long as that does.
vi.mock('prom-client/lib/defaultMetrics.js', () => ({ default: () => undefined }))

const folder = temporaryFolder()
const only = process.env.AUE_SEED
const schedules = Number(process.env.AUE_FAULT_SCHEDULES ?? 500)
const first = Number(process.env.AUE_FAULT_FIRST ?? 1)
const seeds = only === undefined ? Array.from({ length: schedules }, (_, index) => first + index) : [Number(only)]
/** After so many that fail there is enough to look at. */
const MOST_FAILURES = 12

it('loses nothing that can be known', { timeout: 0 }, async () => {
  const figures: Figures = { starts: 0, refusals: 0, passes: 0, scrapes: 0, responses: 0, unread: 0, actions: {} }
  const failures: string[] = []
  for (const seed of seeds) {
    const dir = mkdtempSync(join(folder, `${seed}-`))
    const failure = await createSchedule(seeded(seed), dir, figures)
    rmSync(dir, { recursive: true, force: true })
    if (failure !== undefined) failures.push(`seed ${seed}:\n  ${failure}`)
    if (failures.length === MOST_FAILURES) break
  }
  if (schedules > 500 || only !== undefined) console.log(figures)
  expect(failures.join('\n\n')).toBe('')
  // They are wild enough.
  const { actions, ...counts } = figures
  for (const [what, count] of Object.entries({ ...counts, ...actions }))
    if (only === undefined) expect(count, what).toBeGreaterThan(schedules / 100)
})
