// After a push, receivers hold what a scrape shows: the same series and values, of usage and of the exporter, with only the
// labels of the target added. The built program, real logs, real receivers.
import { readdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { PUSH } from '../../src/metrics/catalogue.js'
import { samples, sumOf } from '../support/exposition.js'
import { serve } from '../support/program.js'
import { SOON } from '../support/prometheus.js'
import { RECEIVERS } from '../support/receivers.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const real = fileURLToPath(new URL('../fixtures/real', import.meta.url))
const logs = readdirSync(real, { withFileTypes: true }).flatMap((one) =>
  one.isDirectory() ? join(real, one.name) : [],
)

/** Labels that a scrape does not have. The scope has no version, so it stays the same after upgrades. */
const SCOPE = { otel_scope_name: 'agent-usage-exporter', otel_scope_version: '', otel_scope_schema_url: '' }

/** Key of a series, independent of the order of labels and the spelling of bounds. */
function keyOf(name: string, { le, ...labels }: Readonly<Record<string, string>>): string {
  const bound = le === undefined ? [] : [['le', String(Number(le.replace('Inf', 'Infinity')))]]
  return JSON.stringify([name, ...Object.entries(labels).sort(), ...bound])
}
/** Allowed difference: timestamps of past moments shift slightly with the clock. */
const slackOf = (key: string): number => (key.includes('_timestamp_seconds') ? 0.1 : 0)
const rounded = (value: number): number => Number(value.toPrecision(12))

it.for(Object.entries(RECEIVERS))('%s holds the series and values of a scrape', async ([, start], context) => {
  const receiver = await start(context, folder)
  const config = join(folder, 'exporter.yaml')
  writeFileSync(config, JSON.stringify({ budgets: [{ name: 'everything', period: 'month', limit_usd: 200 }] }))
  const exporter = await serve(logs, {
    flags: [
      `--config.file=${config}`,
      '--metrics.compat=claude-code',
      `--otlp.endpoint=${receiver.endpoint}`,
      ...['--otlp.interval=1s', '--otlp.resource-attributes=team=blue', '--otlp.resource-attributes=floor=3'],
      // After the first pass, only the metrics of pushes and reloads change.
      ...['--watch.mode=off', '--watch.sweep-interval=24h'],
    ],
  })
  onTestFinished(async () => {
    await exporter.stop()
  })
  await exporter.ready()
  const scrape = async () =>
    new Map(
      samples(await exporter.scrape())
        .filter(({ name }) => /^(?:agent_usage|claude_code)_/.test(name))
        .map(({ name, labels, value }) => [keyOf(name, labels), rounded(value)]),
    )
  const pushes = async (): Promise<number> => sumOf(samples(await exporter.scrape()), PUSH.exports.name)
  await expect.poll(pushes, SOON).toBeGreaterThan(1)
  const before = await scrape()
  const held = async () => {
    const series = await receiver.query('{__name__=~"(agent_usage|claude_code)_.+"}')
    return series.map(({ labels: { __name__: name = '', ...labels }, points }) => {
      const { job, instance, host_name, team, otel_scope_name, otel_scope_version, otel_scope_schema_url, ...own } =
        labels
      expect(SCOPE).toMatchObject(definedOf({ otel_scope_name, otel_scope_version, otel_scope_schema_url }))
      return { who: { job, instance, host_name, team }, key: keyOf(name, own), value: rounded(points[0]!.value) }
    })
  }
  /** Compares pushed values with the scrapes before and after them. */
  const compared = async () => {
    const series = await held()
    const after = await scrape()
    const wrong = series.filter(
      ({ key, value }) => !(value >= before.get(key)! - slackOf(key) && value <= after.get(key)! + slackOf(key)),
    )
    return {
      wrong: wrong.map(({ key, value }) => `${key} is ${value}, not ${before.get(key)}…${after.get(key)}`),
      missing: [...before.keys()].filter((key) => !series.some((one) => one.key === key)),
      twice: series.length - new Set(series.map(({ key }) => key)).size,
    }
  }
  await expect.poll(compared, SOON).toEqual({ wrong: [], missing: [], twice: 0 })

  const after = await scrape()
  expect([...after.keys()]).toEqual([...before.keys()])
  const moved = [...before.keys()].filter((key) => Math.abs(after.get(key)! - before.get(key)!) > slackOf(key))
  expect(moved.filter((key) => !/_exporter_(?:otlp|config_last_reload)_/.test(key))).toEqual([])
  // All series were compared, and all come from one exporter.
  expect(before.size).toBeGreaterThan(250)
  const [, uuid] = /instance_info\{id="([^"]+)"\}/.exec(await exporter.scrape())!
  const who = { job: 'agent-usage-exporter', instance: uuid, host_name: hostname(), team: 'blue' }
  expect(new Set((await held()).map((one) => JSON.stringify(one.who)))).toEqual(new Set([JSON.stringify(who)]))
})

function definedOf(labels: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== undefined))
}
