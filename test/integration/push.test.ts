// The real program pushes to a real receiver: what is pushed, when, and with which resource.
import { rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { sumOf } from '../support/exposition.js'
import { startReceiver, type Pushed } from '../support/otlp-receiver.js'
import { homes, NOW_MS, requests, running, transcript, type Home } from './running.js'

const newHome = homes()
let home: Home

beforeEach(() => {
  home = newHome({ 'a/A.jsonl': transcript('/w/old', '1') })
})

const write = (name: string, text: string): void => writeFileSync(join(home.configDir, 'projects/a', name), text)
const FAILED = 'a push failed: the next one carries everything'
const NEW = { project: 'new' }

/** Requests by project in a push. */
const pushedRequests = ({ points }: Pushed): Record<string, number> =>
  Object.fromEntries(
    points
      .filter(({ name }) => name === 'agent_usage_requests_total')
      .map(({ labels, value }) => [labels['project']!, value]),
  )

it('pushes after the first pass, with history at its full value', async () => {
  const receiver = await startReceiver()
  await running(home, [`--otlp.endpoint=${receiver.url}`])
  await expect.poll(() => receiver.pushes.length).toBe(1)
  const [push] = receiver.pushes
  expect(pushedRequests(push!)).toEqual({ old: 1 })
  expect(push!.path).toBe('/v1/metrics')
  expect(push!.headers).toMatchObject({ 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' })
  expect(Number(push!.headers['content-length'])).toBeGreaterThan(0)
  expect(push!.headers['transfer-encoding']).toBeUndefined()
})

it('pushes the series and values that a scrape shows', async () => {
  const receiver = await startReceiver()
  const { app, scrape } = await running(home, [`--otlp.endpoint=${receiver.url}`])
  await expect.poll(() => receiver.accepted.length).toBe(1)
  write('B.jsonl', transcript('/w/new', '2', '3'))
  await app.pass()
  for (let time = 0; time < 2; time += 1) expect(await app.push()).toBe(true)
  await scrape()
  const scraped = await scrape()
  const { points } = receiver.accepted.at(-1)!
  const pushed = points.flatMap(({ name, labels, type, value, count = 0, buckets = [], bounds = [] }) => {
    if (type !== 'histogram') return [[name, labels, value] as const]
    let sum = 0
    const les = [...bounds.map(String), '+Inf']
    return [
      ...buckets.map((one, index) => [`${name}_bucket`, { le: les[index]! }, (sum += one)] as const),
      [`${name}_sum`, {}, value] as const,
      [`${name}_count`, {}, count] as const,
    ]
  })
  // These change between the push and the scrape.
  const moves = /_otlp_|_store_commit_/
  const comparable = (all: readonly (readonly [string, object, number])[]): string[] =>
    all.map(([name, labels, value]) => JSON.stringify([name, labels, moves.test(name) ? '' : value])).sort()
  expect(comparable(pushed)).toEqual(comparable(scraped.map(({ name, labels, value }) => [name, labels, value])))
  expect(requests(scraped, NEW)).toBe(2)
})

it('pushes are cumulative from a fixed start time, and a restart or an upgrade changes no resource', async () => {
  const receiver = await startReceiver()
  const flags = [`--otlp.endpoint=${receiver.url}`, '--otlp.resource-attributes=team=blue']
  const first = await running(home, flags)
  await expect.poll(() => receiver.pushes.length).toBe(1)
  await first.app.stop()
  await running(home, flags, { now: () => NOW_MS + 3_600_000, version: '99' })
  await expect.poll(() => receiver.pushes.length).toBe(3)
  const [before, , after] = receiver.pushes
  const usage = ({ points }: Pushed) =>
    points
      .filter(({ name, type }) => type === 'sum' && !name.includes('exporter'))
      .map(({ name, unit, labels, startMs, temporality, monotonic }) => ({
        ...{ name, unit, labels, startMs, temporality, monotonic },
      }))
  expect(usage(after!)).toEqual(usage(before!))
  expect(usage(before!).length).toBeGreaterThan(5)
  for (const { temporality, monotonic, startMs } of usage(before!)) {
    expect({ temporality, monotonic }).toEqual({ temporality: 2, monotonic: true })
    // Earlier than any receiver: one that was running at the start time would take history for new spend.
    expect(startMs).toBe(Date.UTC(2020, 0, 1))
  }
  expect(after!.resource).toEqual(before!.resource)
  expect(before!.resource).toEqual({
    'service.name': 'agent-usage-exporter',
    'service.instance.id': first.app.state.instance,
    'host.name': hostname(),
    team: 'blue',
  })
  expect(before!.scope).toEqual({ name: 'agent-usage-exporter', version: '' })
})

it('shows a new project at 0 until a push is fully accepted, then at its value', async () => {
  const receiver = await startReceiver()
  const { app } = await running(home, [`--otlp.endpoint=${receiver.url}`])
  await expect.poll(() => receiver.accepted.length).toBe(1)
  write('B.jsonl', transcript('/w/new', '2', '3'))
  await app.pass()
  receiver.reply({ status: 400 })
  expect(await app.push()).toBe(false)
  // One push of a command that ends sends the zeros, then the values.
  expect(await app.push()).toBe(true)
  expect(receiver.pushes.slice(1).map((push) => pushedRequests(push)['new'])).toEqual([0, 0, 2])
})

it('stores acknowledged births, so that no value returns to 0 after a restart', async () => {
  const receiver = await startReceiver()
  const flags = [`--otlp.endpoint=${receiver.url}`]
  const first = await running(home, flags)
  await expect.poll(() => receiver.accepted.length).toBe(1)
  write('B.jsonl', transcript('/w/new', '2'))
  await first.app.pass()
  await first.app.push()
  await first.app.stop()
  write('C.jsonl', transcript('/w/dark', '3'))
  await running(home, flags)
  await expect.poll(() => receiver.accepted.length).toBe(5)
  expect(pushedRequests(receiver.accepted[4]!)).toEqual({ old: 1, new: 1, dark: 0 })
})

it('pushes once more when it stops', async () => {
  const receiver = await startReceiver()
  const { app } = await running(home, [`--otlp.endpoint=${receiver.url}`])
  await expect.poll(() => receiver.accepted.length).toBe(1)
  write('A.jsonl', transcript('/w/old', '1', '2'))
  await app.pass()
  await app.stop()
  expect(receiver.accepted.map(pushedRequests)).toEqual([{ old: 1 }, { old: 2 }])
})

it('gets a new instance id if the state is lost, and shows history at its full value', async () => {
  const receiver = await startReceiver()
  const flags = [`--otlp.endpoint=${receiver.url}`]
  const first = await running(home, flags)
  await expect.poll(() => receiver.accepted.length).toBe(1)
  await first.app.stop()
  write('B.jsonl', transcript('/w/new', '2'))
  rmSync(home.stateDir, { recursive: true })
  const { app } = await running(home, flags)
  await expect.poll(() => receiver.accepted.length).toBe(3)
  const ids = receiver.accepted.map(({ resource }) => resource['service.instance.id'])
  expect(ids).toEqual([ids[0], ids[0], app.state.instance])
  expect(ids[2]).not.toBe(ids[0])
  expect(pushedRequests(receiver.accepted[2]!)).toEqual({ old: 1, new: 1 })
})

it('treats usage since a state without pushes as history', async () => {
  const first = await running(home)
  await first.app.stop()
  expect(first.app.state.pushed).toBeUndefined()
  write('B.jsonl', transcript('/w/new', '2'))
  const receiver = await startReceiver()
  await running(home, [`--otlp.endpoint=${receiver.url}`])
  await expect.poll(() => receiver.accepted.length).toBe(1)
  expect(pushedRequests(receiver.accepted[0]!)).toEqual({ old: 1, new: 1 })
})

it('shows in the summary, in metrics and at /-/ready whether and when a push was accepted', async () => {
  const receiver = await startReceiver()
  receiver.reply({ status: 401 })
  const { app, scrape, url, complaints } = await running(home, [`--otlp.endpoint=${receiver.url}`])
  const lastPush = async (): Promise<unknown> => {
    const { exporter } = (await (await fetch(`${url}/api/summary`)).json()) as { exporter: Record<string, unknown> }
    return exporter['last_push']
  }
  await expect.poll(() => complaints.map(({ message }) => message)).toContain(FAILED)
  const ready = async (): Promise<string> => (await fetch(`${url}/-/ready`)).text()
  expect(await lastPush()).toBeNull()
  expect(await ready()).toBe(
    'OK\nthe last push was not accepted: the receiver refused the credentials; the next one carries everything\n',
  )
  expect(await app.push()).toBe(true)
  expect(await lastPush()).toBe(new Date(NOW_MS).toISOString())
  expect(await ready()).toBe('OK\n')
  const all = await scrape()
  expect(sumOf(all, 'agent_usage_exporter_otlp_exports_total')).toBe(2)
  expect(sumOf(all, 'agent_usage_exporter_otlp_failures_total', { reason: 'auth' })).toBe(1)
  expect(sumOf(all, 'agent_usage_exporter_otlp_last_success_timestamp_seconds')).toBe(NOW_MS / 1000)
})

it('has no metrics of pushes if nothing is pushed', async () => {
  const { scrape } = await running(home)
  expect((await scrape()).filter(({ name }) => name.includes('otlp'))).toEqual([])
})

it('warns if delta temporality is configured', async () => {
  const receiver = await startReceiver()
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
  }
  const { complaints } = await running(home, ['--otlp.endpoint=env'], { env })
  expect(complaints.map(({ message }) => message)).toEqual([expect.stringContaining('cumulative regardless')])
})
