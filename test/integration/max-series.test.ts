// --metrics.max-series limits the combinations of project and model; further ones are folded into "other".
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Summary } from '../../src/http/summary-schema.js'
import { labelValues, sumOf } from '../support/exposition.js'
import { line, lines } from '../support/line.js'
import { homes, requests, running, transcript } from './running.js'

const home = homes()
const name = 'agent_usage_requests_total'
const folded = 'agent_usage_exporter_series_folded_total'
const FOUR = Object.fromEntries(
  ['p1', 'p2', 'p3', 'p4'].map((project) => [`${project}/S.jsonl`, transcript(`/w/${project}`, project)]),
)

it('folds series beyond the limit without losing usage, and logs it once', async () => {
  const planted = home(FOUR)
  const { app, scrape, complaints } = await running(planted, ['--metrics.max-series=2'])
  const first = await scrape()
  expect(labelValues(first, name, 'project')).toEqual(['other', 'p1', 'p2'])
  expect(requests(first, { project: 'other' })).toBe(2)
  expect(sumOf(first, folded)).toBe(2)

  writeFileSync(join(planted.configDir, 'projects/p1/T.jsonl'), transcript('/w/p1', 'p1b') + transcript('/w/p5', 'p5'))
  writeFileSync(join(planted.configDir, 'projects/p4/T.jsonl'), transcript('/w/p6', 'p6'))
  await app.pass()
  const second = await scrape()
  expect(labelValues(second, name, 'project')).toEqual(['other', 'p1', 'p2'])
  expect([requests(second), requests(second, { project: 'p1' }), requests(second, { project: 'other' })]).toEqual([
    7, 3, 3,
  ])
  expect(sumOf(second, folded)).toBe(3)
  expect(complaints.map(({ fields }) => fields)).toEqual([{ maxSeries: 2 }])
})

it('limits models as well, in every metric and on the page', async () => {
  const models = Array.from({ length: 300 }, (_, number) => `evil-${number}`)
  const evil = lines(
    ...models.map((model) => line(`msg_${model}/r${model} ${model} 0/100`, { line: { cwd: '/w/p1' } })),
  )
  const { scrape, url } = await running(home({ 'p1/S.jsonl': evil }), ['--metrics.max-series=30'])
  const all = await scrape()
  expect(requests(all)).toBe(300)
  expect(requests(all, { project: 'other', model: 'other' })).toBe(270)
  expect(sumOf(all, 'agent_usage_unpriced_tokens_total')).toBe(30_000)
  const series = (metric: string): number => all.filter((each) => each.name === metric).length
  expect(
    Object.fromEntries(
      [
        'tokens_total',
        'cost_usd_total',
        'unpriced_tokens_total',
        'period_cost_usd',
        'last_activity_timestamp_seconds',
      ].map((metric) => [metric, series(`agent_usage_${metric}`)]),
    ),
  ).toEqual({
    tokens_total: 5 * 31,
    cost_usd_total: 31,
    unpriced_tokens_total: 31,
    period_cost_usd: 3 * 31,
    last_activity_timestamp_seconds: 2,
  })
  const { exporter } = (await (await fetch(`${url}/api/summary`)).json()) as Summary
  expect([exporter.unpriced.length, exporter.unpriced[0], exporter.unpriced_others]).toEqual([
    8,
    { model: 'other', tokens: 27_000 },
    { count: 23, tokens: 2_300 },
  ])
})

it('does not count folded usage twice if it is read again after a restart', async () => {
  const planted = home(FOUR)
  const before = await running(planted, ['--metrics.max-series=2'])
  await before.app.stop()
  const { app, scrape } = await running(planted, ['--metrics.max-series=2', '--cache=false'])
  await app.pass()
  const all = await scrape()
  expect(labelValues(all, name, 'project')).toEqual(['other', 'p1', 'p2'])
  expect(requests(all)).toBe(4)
  expect(sumOf(all, 'agent_usage_corrections_total')).toBe(0)
})

it('folds nothing if the number of series equals the limit', async () => {
  const { scrape, complaints } = await running(home(FOUR), ['--metrics.max-series=4'])
  const all = await scrape()
  expect(labelValues(all, name, 'project')).toEqual(['p1', 'p2', 'p3', 'p4'])
  expect(sumOf(all, folded)).toBe(0)
  expect(complaints).toEqual([])
})
