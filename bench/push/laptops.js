// Many pushing laptops in one process: each has its own totals, works, sleeps and wakes. Bundled and started by bench/fleet.js, which
// sends a task and receives a report of the usage. Laptops push with the program's own code.
import { State } from '../../src/core/state.js'
import { createPushTelemetry } from '../../src/metrics/push-telemetry.js'
import { usageMetrics } from '../../src/metrics/usage.js'
import { createPush } from '../../src/outputs/otlp/otlp.js'
import { createPushBirths } from '../../src/outputs/otlp/push-births.js'
import { PRICES } from '../../test/core/pricing/made-prices.js'
import { PLAIN, batchOf } from '../../test/core/made-lines.js'
import { createRandom } from '../tree/random.js'

/**
 * `first`: number of the first laptop. `projects`: per laptop, with two models each.
 * @typedef {{ url: string, laptops: number, first: number, intervalMs: number, seconds: number, projects: number }} Task
 * `spent`: tokens since the first push. `total`: including earlier ones. `seconds`: duration of each accepted push.
 * @typedef {{ spent: number, total: number, pushes: number, failures: Record<string, number>, seconds: number[] }} Report
 */

const now = Date.now
const monotonic = () => performance.now()
const pause = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms))
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** @param {Task} task @param {number} number @param {Report} report */
function createLaptop({ url, intervalMs, projects }, number, report) {
  const random = createRandom(number)
  const state = new State()
  let commits = 0
  let responses = 0
  let spending = false
  const births = createPushBirths({ state, commit: () => void (commits += 1), commits: () => commits })
  const metrics = usageMetrics({
    totals: state.totals,
    liveConfig: { config: { timeZone: 'UTC', weekStart: 'monday', budgets: [] }, pricer: PRICES },
    now,
    complete: () => true,
  })

  function spend(/** @type {string} */ project, /** @type {string} */ model) {
    const output = random.between(1, 1000)
    const place = `agent/${project}/s1`
    const line = { ...PLAIN, key: `laptop-${number}-${responses++}`, place, model, output, time: now() }
    state.ledger.join(batchOf([line]), (entry) => state.totals.remember(entry))
    state.totals.book({ pricer: PRICES, nowMs: now(), maxSeries: 1000 }, Infinity)
    const tokens = line.input + output + line.cacheRead
    report.total += tokens
    if (spending) report.spent += tokens
  }
  for (let project = 0; project < projects; project += 1)
    for (const model of ['model-a', 'model-b']) spend(`p${project}`, model)
  births.showAll()
  spending = true

  /** @type {ReturnType<typeof createPush> | undefined} */
  let push
  function wake() {
    const telemetry = createPushTelemetry(() => () => now())
    const ended = telemetry.ended.bind(telemetry)
    telemetry.ended = (/** @type {Parameters<typeof ended>} */ ...args) => {
      const [seconds, failure] = args
      report.pushes += 1
      if (failure === undefined) report.seconds.push(seconds)
      else report.failures[failure] = (report.failures[failure] ?? 0) + 1
      ended(...args)
    }
    return (push = createPush({
      target: { url, intervalMs, timeoutMs: 10_000, gzip: true, headers: {} },
      identity: {
        'service.name': 'agent-usage-exporter',
        'host.name': `laptop-${number}`,
        'service.instance.id': `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      },
      ...{
        metrics: [...metrics, ...telemetry.metrics],
        births,
        telemetry,
        now,
        monotonic,
        log: quiet,
      },
    }))
  }
  return {
    /** Works until `endMs` and sometimes sleeps. Usage continues meanwhile, as without a network. */
    async live(/** @type {number} */ endMs) {
      await pause(random.between(0, intervalMs))
      let left = 0
      await wake().now()
      while (now() < endMs) {
        await pause(intervalMs / 2)
        spend(`p${random.between(0, projects - 1)}`, random.pick(['model-a', 'model-b']))
        if (random.chance(0.02)) spend(`new-${responses}`, 'model-a')
        if (push === undefined && --left <= 0) await wake().now()
        else if (push !== undefined && random.chance(0.05)) {
          await push.close()
          push = undefined
          left = random.between(2, 12)
        }
      }
    },
    /** Pushes until everything has arrived, since new series are pushed at 0 first. */
    async finish() {
      push ??= wake()
      for (let accepted = 0; accepted < 2;) {
        if (await push.now()) accepted += 1
        else await pause(random.between(100, 1000))
      }
      await push.close()
    },
  }
}

process.once('message', async (/** @type {Task} */ task) => {
  /** @type {Report} */
  const report = { spent: 0, total: 0, pushes: 0, failures: {}, seconds: [] }
  const laptops = Array.from({ length: task.laptops }, (_, at) => createLaptop(task, task.first + at, report))
  const endMs = now() + 1000 * task.seconds
  await Promise.all(laptops.map((laptop) => laptop.live(endMs)))
  const { pushes } = report
  await Promise.all(laptops.map((laptop) => laptop.finish()))
  process.send?.({ ...report, pushes })
  process.disconnect()
})
