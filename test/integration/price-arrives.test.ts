// A model without a price is counted and costs 0. A price given later applies to past usage as well. Tokens counted as
// unpriced stay so, since counters never fall.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sumOf, type Sample } from '../support/exposition.js'
import { line, lines } from '../support/line.js'
import { homes, requests, running, transcript } from './running.js'

const home = homes()
const LOGS = transcript('/w/app', '1') + lines(line('msg_2/r2 house-model 1000/200/0/0/3000'))
const LATER = lines(line('msg_3/r3 house-model 500/0'))
const PRICES = 'models: { house-model: { prices: [{ input: 2, output: 10, cache_read: 0.5 }] } }\n'
const cost = (all: readonly Sample[], model: string) => sumOf(all, 'agent_usage_cost_usd_total', { model })
const unpriced = (all: readonly Sample[]) => sumOf(all, 'agent_usage_unpriced_tokens_total', { model: 'house-model' })

it.each(['kept', 'deleted'])('a new price applies to earlier usage, with the logs %s', async (logs) => {
  const planted = home({ 'a/A.jsonl': LOGS })
  const before = await running(planted)
  const free = await before.scrape()
  expect([cost(free, 'house-model'), unpriced(free), requests(free)]).toEqual([0, 4200, 2])
  expect(before.complaints.map(({ fields }) => fields)).toEqual([{ model: 'house-model' }])
  await before.app.stop()

  const file = join(planted.configDir, 'projects/a/A.jsonl')
  if (logs === 'deleted') rmSync(file)
  const prices = join(planted.dir, 'prices.yaml')
  writeFileSync(prices, PRICES)
  const after = await running(planted, [`--prices.file=${prices}`])
  const priced = await after.scrape()
  expect(cost(priced, 'house-model')).toBeCloseTo(0.0055, 12)
  expect(cost(priced, 'claude-opus-4-8')).toBeCloseTo(0.00455, 12)
  expect([unpriced(priced), requests(priced)]).toEqual([4200, 2])
  expect(after.complaints).toEqual([])

  writeFileSync(file, LOGS + LATER)
  await after.app.pass()
  const grown = await after.scrape()
  expect(cost(grown, 'house-model')).toBeCloseTo(0.0065, 12)
  expect(unpriced(grown)).toBe(4200)
})

it('the cost stays if the price is removed again', async () => {
  const planted = home({ 'a/A.jsonl': LOGS })
  const prices = join(planted.dir, 'prices.yaml')
  writeFileSync(prices, PRICES)
  const before = await running(planted, [`--prices.file=${prices}`])
  expect(unpriced(await before.scrape())).toBe(0)
  await before.app.stop()

  const after = await running(planted)
  const all = await after.scrape()
  expect(cost(all, 'house-model')).toBeCloseTo(0.0055, 12)
  // The tokens were booked with a price and do not become unpriced.
  expect(unpriced(all)).toBe(0)
  expect(sumOf(all, 'agent_usage_corrections_total', { reason: 'price' })).toBe(1)
})

it('the cost is booked under the canonical name of the price, and counted tokens keep their name', async () => {
  const planted = home({ 'a/A.jsonl': lines(line('msg_2/r2 reseller/house-model 1000/200/0/0/3000')) })
  const before = await running(planted)
  expect(requests(await before.scrape(), { model: 'reseller/house-model' })).toBe(1)
  await before.app.stop()

  const prices = join(planted.dir, 'prices.yaml')
  writeFileSync(prices, `${PRICES}aliases: { reseller/house-model: house-model }\n`)
  const after = await running(planted, [`--prices.file=${prices}`])
  // A new series is 0 in its first scrape.
  await after.scrape()
  const all = await after.scrape()
  expect([cost(all, 'reseller/house-model'), cost(all, 'house-model')]).toEqual([0, 0.0055])
  expect(requests(all, { model: 'reseller/house-model' })).toBe(1)
  expect(requests(all)).toBe(1)
  expect(sumOf(all, 'agent_usage_tokens_total')).toBe(4200)
  expect(sumOf(all, 'agent_usage_corrections_total', { reason: 'model' })).toBe(1)
})
