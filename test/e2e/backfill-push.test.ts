// A backfill by pushes: receivers keep the series of the running exporter, with the usage of any window and no reset, and an
// interrupted backfill is resumed.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, type TestContext } from 'vitest'
import { createRandom } from '../../src/demo/random.js'
import { startReceiver } from '../support/otlp-receiver.js'
import { COUNTERS, countHardPast, plantPast, usedIn } from '../support/past.js'
import { once, run } from '../support/program.js'
import { PROMETHEUSES, SOON, startPrometheus, type Prometheus } from '../support/prometheus.js'
import { RECEIVERS } from '../support/receivers.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const STEP = 300

interface Receiver extends Pick<Prometheus, 'query'> {
  readonly endpoint: string
}

const STARTS: Readonly<Record<string, (context: TestContext, place: string) => Promise<Receiver>>> = {
  async 'Prometheus 3'(context, place) {
    const prometheus = await startPrometheus(context, {
      folder: place,
      program: PROMETHEUSES[1],
      config: JSON.stringify({ storage: { tsdb: { out_of_order_time_window: '31d' } } }),
      flags: ['--web.enable-otlp-receiver', '--storage.tsdb.retention.time=90d'],
    })
    return { ...prometheus, endpoint: `${prometheus.url}/api/v1/otlp` }
  },
  VictoriaMetrics: (context, place) => RECEIVERS['VictoriaMetrics']!(context, place),
}

it.for(Object.entries(STARTS))('%s accepts values older than those already pushed', async ([name, start], context) => {
  const place = mkdtempSync(join(folder, 'past-'))
  const receiver = await start(context, place)
  const push = [`--otlp.endpoint=${receiver.endpoint}`, '--otlp.host-name=false']
  const past = await countHardPast(place, [...push, '--otlp.interval=1s'])
  const total = 'sum(agent_usage_requests_total)'
  await expect.poll(() => value(receiver, total), SOON).toBeGreaterThan(1000)
  const live = await receiver.query('agent_usage_tokens_total')
  const first = await value(receiver, 'min(min_over_time(timestamp(agent_usage_requests_total)[10m:1s]))')

  const last = Math.floor((first - 1) / STEP) * STEP
  const ended = await run(['backfill', ...past.flags, ...push, '--push', `--to=${last}`])
  expect([ended.code, ended.stderr]).toEqual([0, ''])
  expect(ended.stdout).toMatch(/ accepted \d+ values of \d+ series from .* to .*Z\n$/)

  // No new series appeared.
  expect(await receiver.query('agent_usage_tokens_total')).toHaveLength(live.length)
  past.grow(20)
  const responses = await past.responses()
  await expect.poll(() => value(receiver, total), SOON).toBe(responses.length)
  const end = Math.ceil(Date.now() / 1000)
  for (const family of [...COUNTERS, 'agent_usage_sessions_total']) {
    const resets = await receiver.query(`resets(${family}[40d])`, end)
    expect(resets.length, family).toBeGreaterThan(0)
    expect(resets.filter(({ points }) => points[0]!.value !== 0)).toEqual([])
  }

  // Both ends count: VictoriaMetrics uses the value before the window, Prometheus needs a window longer by a second.
  const more = name === 'VictoriaMetrics' ? 0 : 1
  const random = createRandom(2, name)
  for (let n = 0; n < 300; n += 1) {
    const length = STEP * (12 + Math.floor(random.unit() ** 2 * 1000))
    const until = last - STEP * Math.floor(random.unit() * 6000)
    const counter = COUNTERS[n % COUNTERS.length]!
    const spent = usedIn(responses, (until - length) * 1000, until * 1000)[counter]
    const shown = await value(receiver, `sum(increase(${counter}[${length + more}s]))`, until)
    expect(Math.abs(shown - spent), `${counter}, ${length} s until ${until}`).toBeLessThanOrEqual(0.005 * spent + 1e-9)
  }
  const again = await run(['backfill', ...past.flags, ...push, '--push', `--to=${last}`])
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('already accepted all values up to')])
})

it('resumes after an interruption and sends nothing twice', async () => {
  const place = mkdtempSync(join(folder, 'past-'))
  const past = plantPast(place, Date.now() - 60_000)
  await once([], { flags: past.flags })
  const receiver = await startReceiver()
  const flags = [...past.flags, `--otlp.endpoint=${receiver.url}`, '--push', '--step=15m']
  const ok = {}
  const refusal = Buffer.from('out of bounds')
  receiver.reply(ok, ok, { status: 400, body: refusal })
  const broken = await run(['backfill', ...flags])
  expect(broken.code).toBe(1)
  expect(broken.stderr).toContain('did not accept the values: rejected 400 out of bounds')
  expect(broken.stderr).toMatch(/out_of_order_time_window: 3\dd/)
  expect(receiver.accepted).toHaveLength(2)

  const resumed = await run(['backfill', ...flags])
  expect([resumed.code, resumed.stderr]).toEqual([0, ''])
  const points = receiver.accepted.flatMap((request) => request.points)
  const keyOf = ({ name, labels, timeMs }: (typeof points)[number]): string => JSON.stringify([name, labels, timeMs])
  expect(new Set(points.map(keyOf)).size).toBe(points.length)
  expect(Math.max(...receiver.accepted.map((request) => request.points.length))).toBeLessThanOrEqual(10_000)
  expect(receiver.accepted.length).toBeGreaterThan(5)

  // An uninterrupted backfill sends the same points.
  const whole = await startReceiver()
  const progress = join(place, 'state/backfill-push.json')
  const { what, last } = JSON.parse(readFileSync(progress, 'utf8')) as { what: string; last: number }
  writeFileSync(progress, JSON.stringify({ what: what.replace(receiver.url, whole.url), last, done: 0 }))
  const other = flags.map((flag) => flag.replace(receiver.url, whole.url))
  expect((await run(['backfill', ...other])).code).toBe(0)
  const valued = (all: typeof points): string[] => all.map((point) => `${keyOf(point)} ${point.value}`).sort()
  expect(valued(points)).toEqual(valued(whole.accepted.flatMap((request) => request.points)))
  const [{ resource, scope }] = whole.accepted as [(typeof whole.accepted)[number]]
  expect(resource).toMatchObject({ 'service.name': 'agent-usage-exporter' })
  expect(scope).toEqual({ name: 'agent-usage-exporter', version: '' })
})

it('needs the state of the exporter whose series it continues', async () => {
  const place = mkdtempSync(join(folder, 'past-'))
  const past = plantPast(place, Date.now() - 60_000)
  const receiver = await startReceiver()
  const { code, stderr } = await run(['backfill', ...past.flags, `--otlp.endpoint=${receiver.url}`, '--push'])
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('--push continues the series of an exporter, but there is no state'),
  ])
  expect(receiver.pushes).toEqual([])
})

/** Value of the only series; 0 if there is none. */
async function value(receiver: Receiver, expr: string, atSeconds?: number): Promise<number> {
  const [only] = await receiver.query(expr, atSeconds)
  return only?.points[0]!.value ?? 0
}
