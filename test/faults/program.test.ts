// The built program on a failing machine: its disk fills up or becomes read-only; its state is removed, moved, replaced by an
// older copy or given to another user; memory or descriptors run out, the clock is wrong; and it is ended at any moment. Shown
// values never fall, and nothing that can be known is lost (oracle.ts).
// AUE_FAULT_PROGRAMS=300 runs 300 schedules, AUE_SEED=17 only schedule 17.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/tree.js'
import { actions } from './actions.js'
import { createRig } from './rig.js'
import { chanceOf, scheduleOf } from './schedule.js'

const folder = temporaryFolder()
const only = process.env.AUE_SEED
const programs = Number(process.env.AUE_FAULT_PROGRAMS ?? 30)
const seeds = only === undefined ? Array.from({ length: programs }, (_, index) => index + 1) : [Number(only)]

it.for(seeds)('no shown counter falls and no known usage is lost, seed %i', async (seed, context) => {
  const { clock, steps } = scheduleOf(seed)
  const rig = await createRig(context, mkdtempSync(join(folder, `${seed}-`)), { clock })
  const story: string[] = []
  for (const step of steps) {
    try {
      const outcome = await actions[step.what](rig, chanceOf(step))
      story.push(`${step.what}: ${outcome}`)
    } catch (error) {
      expect.fail(
        `seed ${seed}:\n  ${[...story, step.what].join('\n  ')}\n${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
})
