// A real Collector with the files that we ship, between the exporter and a backend: usage arrives exactly once, even if the
// backend was unavailable.
import { appendFileSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { EXPORTER, PUSH, USAGE } from '../../src/metrics/catalogue.js'
import { samples, sumOf } from '../support/exposition.js'
import { freePort } from '../support/free-port.js'
import { line, lines } from '../support/line.js'
import { startReceiver } from '../support/otlp-receiver.js'
import { serve, type Served } from '../support/program.js'
import { PROMETHEUSES, SOON, startPrometheus } from '../support/prometheus.js'
import { startCollector } from '../support/receivers.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()

let responses = 0
function response(project: string): string {
  responses += 1
  return lines(line(`msg_${responses}/r${responses} o48 10/160/7/3/1000`, { line: { cwd: `/w/${project}` } }))
}
const TOKENS = 1180

interface Machine {
  readonly spend: (project: string) => void
  /** Starts a new exporter on the machine. */
  readonly serving: () => Promise<Served>
}

/** A machine with a history of two responses of the project `old`. */
function machine(endpoint: string): Machine {
  const place = mkdtempSync(join(folder, 'machine-'))
  const configDir = plant(join(place, 'config'), { 'a/old.jsonl': response('old') + response('old') })
  return {
    spend: (project) => appendFileSync(join(configDir, `projects/a/${project}.jsonl`), response(project)),
    async serving() {
      const flags = [`--otlp.endpoint=${endpoint}`, '--otlp.interval=1s', '--watch.sweep-interval=1s']
      const exporter = await serve([configDir], { stateDir: join(place, 'state'), flags })
      onTestFinished(async () => {
        await exporter.stop()
      })
      return exporter
    },
  }
}

it('a Collector sends a delta backend exactly the new usage, across restarts of the exporter and refusals of the backend', async (context) => {
  const backend = await startReceiver()
  const endpoint = await startCollector(
    context,
    folder,
    'collector-delta.yaml',
    { 'https://otlp.example.org': backend.url },
    { OTLP_TOKEN: 'abc' },
  )
  const { spend, serving } = machine(endpoint)
  const points = () => backend.accepted.flatMap((push) => push.points)
  const sent = (name: string, project: string): number =>
    points()
      .filter((point) => point.name === name && point.labels['project'] === project)
      .reduce((sum, { value }) => sum + value, 0)
  const requests = (project: string): number => sent(USAGE.requests.name, project)

  let exporter = await serving()
  await exporter.ready()
  // The Collector sends nothing of a total that it receives for the first time.
  await expect.poll(() => points().length, SOON).toBeGreaterThan(0)
  for (const [round, signal] of (['SIGKILL', 'SIGTERM'] as const).entries()) {
    backend.reply({ status: 503 })
    spend('new')
    await expect.poll(() => requests('new'), SOON).toBe(2 * round + 1)
    await exporter.stop(signal)
    spend('new')
    exporter = await serving()
    await expect.poll(() => requests('new'), SOON).toBe(2 * round + 2)
  }
  expect(sent(USAGE.tokens.name, 'new')).toBe(4 * TOKENS)
  expect([sent(USAGE.tokens.name, 'old'), requests('old')]).toEqual([0, 0])
  const sums = points().filter(({ type }) => type !== 'gauge')
  expect(new Set(sums.map(({ temporality }) => temporality))).toEqual(new Set([1]))
  expect(backend.pushes.some(({ headers }) => headers.authorization === 'Api-Token abc')).toBe(true)
})

it('a Collector accepts no push that its remote-write backend has not accepted', async (context) => {
  const port = await freePort()
  const address = `127.0.0.1:${port}`
  const written = { '127.0.0.1:9090': address }
  const endpoint = await startCollector(context, folder, 'collector-remote-write.yaml', written)
  const { spend, serving } = machine(endpoint)
  const exporter = await serving()
  await exporter.ready()
  const own = async (name: string): Promise<number> => sumOf(samples(await exporter.scrape()), name)
  await expect.poll(() => own(PUSH.failures.name), SOON).toBeGreaterThan(0)
  spend('new')
  // The response was counted, and one more push has failed since then.
  await expect.poll(() => own(EXPORTER.ledgerEntries.name), SOON).toBe(3)
  const failed = await own(PUSH.failures.name)
  await expect.poll(() => own(PUSH.failures.name), SOON).toBeGreaterThan(failed)
  expect(await own(PUSH.lastSuccess.name)).toBe(0)

  const prometheus = await startPrometheus(context, {
    folder,
    program: PROMETHEUSES[1],
    flags: ['--web.enable-remote-write-receiver', `--web.listen-address=${address}`],
  })
  const grown = async (): Promise<number | undefined> => {
    const range = 'agent_usage_tokens_total[10m]'
    return (await prometheus.query(`sum(max_over_time(${range}) - min_over_time(${range}))`))[0]?.points[0]!.value
  }
  await expect.poll(grown, SOON).toBe(TOKENS)
  spend('new')
  await expect.poll(grown, SOON).toBe(2 * TOKENS)
  expect(await own(PUSH.lastSuccess.name)).toBeGreaterThan(0)
})
