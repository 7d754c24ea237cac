// A backfill into VictoriaMetrics by the commands that it prints: every value is there, and any window shows its usage.
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createRandom } from '../../src/demo/random.js'
import { COUNTERS, plantPast, usedIn } from '../support/past.js'
import { once, run } from '../support/program.js'
import { SOON } from '../support/prometheus.js'
import { RECEIVERS } from '../support/receivers.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const STEP = 300

it('VictoriaMetrics shows the usage of any window after a backfill', async (context) => {
  const place = mkdtempSync(join(folder, 'past-'))
  const database = await RECEIVERS['VictoriaMetrics']!(context, place)
  const past = plantPast(place, Date.now() - 60_000)
  await once([], { flags: past.flags })
  const out = join(place, 'out')
  const { code, stdout } = await run(['backfill', ...past.flags, `--output=${out}`, '--format=victoriametrics'])
  expect(code).toBe(0)
  const url = database.endpoint.replace(/\/opentelemetry$/, '')
  execFileSync('sh', ['-ec', stdout.replace('http://127.0.0.1:8428', url)])

  const [, printed, last] = /^# (\d+) values of .* to (\S+Z): /.exec(stdout)!
  const lastSeconds = Date.parse(last!) / 1000
  const value = async (expr: string): Promise<number> =>
    (await database.query(expr, lastSeconds))[0]?.points[0]!.value ?? 0
  const held = () => value('sum(count_over_time({job="agent-usage"}[60d]))')
  await expect.poll(held, SOON).toBe(Number(printed))

  const responses = await past.responses()
  const random = createRandom(3, 'windows')
  for (let n = 0; n < 300; n += 1) {
    const length = STEP * (12 + Math.floor(random.unit() ** 2 * 1000))
    const ago = STEP * Math.floor(random.unit() * 6000)
    const until = lastSeconds - ago
    const counter = COUNTERS[n % COUNTERS.length]!
    const spent = usedIn(responses, (until - length) * 1000, until * 1000)[counter]
    const [only] = await database.query(`sum(increase(${counter}[${length}s]))`, until)
    expect(
      Math.abs((only?.points[0]!.value ?? 0) - spent),
      `${counter}, ${length} s until ${until}`,
    ).toBeLessThanOrEqual(0.005 * spent + 1e-9)
  }
})
