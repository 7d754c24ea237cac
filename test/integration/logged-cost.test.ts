// A cost stated in a log, from the file to /metrics: without a known price, as a billed cost, and when a price is added.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { content, model, snapshot, thread } from '../sources/relay/lines.js'
import { relay } from '../sources/relay/relay.js'
import { sumOf, type Sample } from '../support/exposition.js'
import { homes, running, type Home } from './running.js'

const home = homes()
/** A logged cost of 2,000 nano-dollars for 100 input and 10 output tokens. */
const TOLD = snapshot('s1', 2, 100, 10)
const LOG = [thread('t1'), model('house-model'), TOLD, model('gpt-5-mini')]

const cost = (all: readonly Sample[], of: string) => sumOf(all, 'agent_usage_cost_usd_total', { model: of })
const logged = (all: readonly Sample[], of: string) =>
  sumOf(all, 'agent_usage_logged_cost_usd_total', { agent: 'relay', model: of })
const both = (all: readonly Sample[], of: string) => [cost(all, of), logged(all, of)]

function planted(): Home & { readonly log: string; readonly directory: string } {
  const made = home()
  const directory = join(made.dir, 'relay')
  mkdirSync(join(directory, 'threads'), { recursive: true })
  const log = join(directory, 'threads/one.relay')
  writeFileSync(log, content(LOG))
  return { ...made, directory, log }
}

const start = (made: ReturnType<typeof planted>, prices?: string) => {
  const file = join(made.dir, 'prices.yaml')
  if (prices !== undefined) writeFileSync(file, `models: { house-model: { prices: [${prices}] } }\n`)
  return running(made, ['--parser.workers=0', ...(prices === undefined ? [] : [`--prices.file=${file}`])], {
    sources: [{ source: relay, paths: [made.directory], named: true }],
  })
}

it('a logged cost counts if no price is known, and a new series of it is shown at 0 first', async () => {
  const made = planted()
  const { app, scrape, complaints } = await start(made)
  const first = await scrape()
  expect(both(first, 'house-model')).toEqual([2e-6, 2e-6])
  expect(sumOf(first, 'agent_usage_unpriced_tokens_total')).toBe(0)
  expect(complaints).toEqual([])

  appendFileSync(made.log, content([thread('t2', '/w/other'), model('other-model'), snapshot('s2', 1, 5, 5)]))
  await app.pass()
  const births = (await scrape()).filter(
    ({ name, labels }) => /cost_usd_total$/.test(name) && labels.model === 'other-model',
  )
  expect(births.map(({ name, value }) => [name, value])).toEqual([
    ['agent_usage_cost_usd_total', 0],
    ['agent_usage_logged_cost_usd_total', 0],
  ])
  await app.pass()
  expect(both(await scrape(), 'other-model')).toEqual([1e-6, 1e-6])
})

it('a billed cost overrides the price, and the price overrides any other logged cost', async () => {
  const made = planted()
  appendFileSync(made.log, content([{ ...snapshot('b1', 3, 1000, 100), billed: true }, snapshot('p1', 1, 1000, 100)]))
  const { scrape } = await start(made)
  // (1000 × 0.25 + 100 × 2) / 1,000,000 by price, plus 3,000 nano-dollars billed.
  const all = await scrape()
  expect(cost(all, 'gpt-5-mini')).toBeCloseTo(0.00045 + 3e-6, 12)
  expect(logged(all, 'gpt-5-mini')).toBe(3e-6)
})

// 100 input tokens at $0.01 or $10 per million, in place of the logged $0.000002.
it.each([
  ['is lower', '{ input: 0.01, output: 0 }', 2e-6, 1],
  ['is higher', '{ input: 10, output: 0 }', 0.001, 0],
])(
  'a price that is added and %s replaces the logged cost, and no counter falls',
  async (_, prices, expected, corrections) => {
    const made = planted()
    const before = await start(made)
    expect(both(await before.scrape(), 'house-model')).toEqual([2e-6, 2e-6])
    await before.app.stop()

    for (const attempt of ['at first', 'after another restart']) {
      const after = await start(made, prices)
      const all = await after.scrape()
      expect(both(all, 'house-model'), attempt).toEqual([expected, 2e-6])
      expect(sumOf(all, 'agent_usage_corrections_total', { reason: 'price' }), attempt).toBe(corrections)
      await after.app.stop()
    }

    const gone = await start(made)
    expect(both(await gone.scrape(), 'house-model')).toEqual([expected, 2e-6])
  },
)
