// The model test: random scripts of everything that happens to logs and to the program, against a list of every line
// that was ever there to be read. AUE_SEED=17 runs one script, AUE_MODEL_RUNS=5000 more of them.
//
// A process that is really killed, in the middle of a commit, is test/e2e/kill.test.ts: here a crash is a copy of the
// stored file, since one process cannot lock a directory twice.
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/tree.js'
import { run } from './model/run.js'
import { scriptOf, type Script } from './model/script.js'

const folder = temporaryFolder()
const only = process.env.AUE_SEED
const runs = Number(process.env.AUE_MODEL_RUNS ?? 500)
const seeds = only === undefined ? Array.from({ length: runs }, (_, index) => index + 1) : [Number(only)]

it(`shows what ${seeds.length} scripts of changes leave`, { timeout: 3_600_000 }, async () => {
  let exact = 0
  let bounded = 0
  for (const seed of seeds) {
    const script = scriptOf(seed)
    const outcome = await run(script, folder)
    exact += outcome.exact
    bounded += outcome.bounded
    if (outcome.objection !== undefined) expect.fail(await report(script))
  }
  // Corrections excuse from exactness; they must stay the exception, or this test checks little.
  expect(exact).toBeGreaterThan(bounded)
})

/** The script without the steps that it fails without, one at a time, and what is wrong then. */
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
