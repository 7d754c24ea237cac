// The model test: random scripts of everything that happens to logs and to the program, compared with a list of all lines
// that could ever be read. AUE_SEED=17 runs only script 17, AUE_MODEL_RUNS=5000 runs 5,000 scripts.
//
// A crash here is a copy of the stored file, since one process cannot lock a directory twice. test/e2e/kill.test.ts kills a
// real process within a commit.
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/tree.js'
import { run } from './model/run.js'
import { scriptOf, type Script } from './model/script.js'

const folder = temporaryFolder()
const only = process.env.AUE_SEED
const runs = Number(process.env.AUE_MODEL_RUNS ?? 500)
const seeds = only === undefined ? Array.from({ length: runs }, (_, index) => index + 1) : [Number(only)]

it(`every pass of ${seeds.length} random scripts shows what the oracle expects`, { timeout: 3_600_000 }, async () => {
  let exact = 0
  let bounded = 0
  for (const seed of seeds) {
    const script = scriptOf(seed)
    const outcome = await run(script, folder)
    exact += outcome.exact
    bounded += outcome.bounded
    if (outcome.objection !== undefined) expect.fail(await report(script))
  }
  // Expositions with corrections are checked less strictly, so they must be the minority.
  expect(exact).toBeGreaterThan(bounded)
})

/** Drops every step that is not needed for the failure, and describes what is left. */
async function report(script: Script): Promise<string> {
  let { steps } = script
  for (let index = 0; index < steps.length;) {
    const fewer = steps.filter((_, at) => at !== index)
    const { objection } = await run({ ...script, steps: fewer }, folder)
    if (objection !== undefined) steps = fewer
    else index += 1
  }
  const { story, objection } = await run({ ...script, steps }, folder)
  return `seed ${script.seed} (${script.voice}), cut down to\n  ${story.join('\n  ')}\n${objection ?? 'it passes now'}`
}
