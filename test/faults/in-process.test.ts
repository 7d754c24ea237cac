// The whole program in this process, with a store on a simulated disk and logs whose calls fail, in random schedules. Shown
// values never fall, nothing counts twice, and nothing that can be known is lost (oracle.ts). AUE_FAULT_SCHEDULES=10000 runs
// 10,000 schedules, AUE_FAULT_FIRST=501 starts at schedule 501, AUE_SEED=17 runs only schedule 17, AUE_FAULT_STEP=3 books
// three responses in each step.
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
// The library's observers would stay in this process after each program has ended.
vi.mock('prom-client/lib/defaultMetrics.js', () => ({ default: () => undefined }))

const folder = temporaryFolder()
const only = process.env.AUE_SEED
const schedules = Number(process.env.AUE_FAULT_SCHEDULES ?? 500)
const first = Number(process.env.AUE_FAULT_FIRST ?? 1)
const seeds = only === undefined ? Array.from({ length: schedules }, (_, index) => first + index) : [Number(only)]
/** Number of failed schedules after which the test ends. */
const MOST_FAILURES = 12

it('no shown counter falls and no known usage is lost in any schedule', { timeout: 0 }, async () => {
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
  // Every action must have happened often enough.
  const { actions, ...counts } = figures
  for (const [what, count] of Object.entries({ ...counts, ...actions }))
    if (only === undefined) expect(count, what).toBeGreaterThan(schedules / 100)
})
