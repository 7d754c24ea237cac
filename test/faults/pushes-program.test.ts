// The built program, killed by real signals, pushes to the receivers of pushes.test.ts. AUE_PUSH_PROGRAMS=200 runs 200 schedules,
// AUE_SEED=17 only schedule 17.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import limit from 'p-limit'
import { expect, it } from 'vitest'
import { seeded } from '../support/random.js'
import { temporaryFolder } from '../support/tree.js'
import { createProgramSchedule } from './pushes/program.js'
import { startReceivers } from './pushes/receivers.js'

const folder = temporaryFolder()
const only = process.env.AUE_SEED
const programs = Number(process.env.AUE_PUSH_PROGRAMS ?? 16)
const seeds = only === undefined ? Array.from({ length: programs }, (_, index) => index + 1) : [Number(only)]
/** Schedules run concurrently, since they mostly wait. */
const atATime = limit(4)

it('receivers see exactly the new usage grow although the program is killed', { timeout: 0 }, async (context) => {
  const receivers = await startReceivers(context, folder)
  const run = async (seed: number): Promise<string[]> => {
    const failure = await createProgramSchedule(seeded(seed), mkdtempSync(join(folder, `${seed}-`)), receivers)
    return failure === undefined ? [] : [`seed ${seed}:\n  ${failure}`]
  }
  const failures = await Promise.all(seeds.map((seed) => atATime(() => run(seed))))
  expect(failures.flat().join('\n\n')).toBe('')
})
