// The oracle of the schedules rejects each kind of wrong scrape and accepts every right one.
import { beforeEach, expect, it } from 'vitest'
import type { Sample } from '../support/exposition.js'
import type { Response } from './logs.js'
import { createOracle, type Beginning, type Oracle } from './oracle.js'

const [one, two, three] = ['1', '2', '3'].map((id): Response => ({
  id,
  project: id === '3' ? 'new' : 'app',
  model: 'o',
  tokens: { input: 1, output: 10, cache_read: 100 },
  timestamp: '2026-11-01T10:00:00.000Z',
})) as [Response, Response, Response]

/** Samples of a number of responses for each project. */
function scrape(counts: Readonly<Record<string, number>>, up = 1): Sample[] {
  const series = Object.entries(counts).flatMap(([project, count]) => {
    const labels = { agent: 'a', project, model: 'o' }
    const tokens = Object.entries({ input: 1, output: 10, cache_read: 100 }).map(([token_type, value]) => ({
      name: 'agent_usage_tokens_total',
      labels: { ...labels, token_type },
      value: count * value,
    }))
    return [{ name: 'agent_usage_requests_total', labels, value: count }, ...tokens]
  })
  return [...series, { name: 'agent_usage_exporter_store_up', labels: {}, value: up }]
}

const nothing = new Set<Response>()
const begin = (present: readonly Response[], more: Partial<Beginning> = {}): Beginning => ({
  access: 'full',
  afterFault: false,
  present: new Set(present),
  ...more,
})
let oracle: Oracle

/** An exporter is ready and shows the first response, which its state holds. */
beforeEach(() => {
  oracle = createOracle()
  oracle.wrote([one])
  oracle.began(begin([one]))
  expect(oracle.wrong(scrape({ app: 1 }))).toBeUndefined()
  expect(oracle.missing(scrape({ app: 1 }), new Set([one]))).toBeUndefined()
})

it('rejects a counter that falls, is missing, or counts what was never written', () => {
  expect(oracle.wrong(scrape({ app: 0 }))).toMatch(/fell from 1 to 0/)
  expect(oracle.wrong(scrape({}))).toMatch(/is gone, which was/)
  expect(oracle.wrong(scrape({ app: 2 }))).toMatch(/is 2, of 1 that were written/)
  expect(oracle.wrong(scrape({ app: 2, other: 1 }))).toMatch(/written/)
})

it('rejects a series that was never shown at 0, unless the run began after a fault', () => {
  oracle.wrote([three])
  expect(oracle.wrong(scrape({ app: 1, new: 1 }))).toMatch(/never seen at 0, and is 1/)
})

it('accepts a series that is born at 0, or at its value in a run after a fault', () => {
  oracle.wrote([three])
  expect(oracle.wrong(scrape({ app: 1, new: 0 }))).toBeUndefined()
  expect(oracle.missing(scrape({ app: 1, new: 0 }), new Set([one, three]))).toMatch(/new o .* is 0, of at least/)
  expect(oracle.wrong(scrape({ app: 1, new: 1 }))).toBeUndefined()

  const fourth = { ...three, id: '4', project: 'newer' }
  oracle.ended()
  oracle.began(begin([one, three], { afterFault: true }))
  oracle.wrote([fourth])
  expect(oracle.wrong(scrape({ app: 1, new: 1, newer: 1 }))).toBeUndefined()
})

it('requires after a restart what the state holds, and accepts a new series at 0', () => {
  oracle.ended()
  oracle.wrote([three])
  oracle.began(begin([three]))
  expect(oracle.missingAtFirst(scrape({ new: 1 }))).toMatch(/app o .* is not there, of at least/)
  expect(oracle.missingAtFirst(scrape({ app: 1 }))).toMatch(/new o .* is not there/)
  expect(oracle.missingAtFirst(scrape({ app: 1, new: 0 }))).toBeUndefined()
})

it('trusts store_up, except for a state whose loss the exporter cannot have noticed', () => {
  oracle.wrote([two])
  expect(oracle.missing(scrape({ app: 2 }, 0), new Set([one, two]))).toBeUndefined()
  expect([...oracle.holds('state')]).toEqual([one])
  oracle.disturbed(nothing)
  expect(oracle.missing(scrape({ app: 2 }), new Set([one, two]))).toBeUndefined()
  expect([...oracle.holds('state')]).toEqual([])
  oracle.wrote([three])
  expect(oracle.missing(scrape({ app: 2, new: 1 }), new Set([three]))).toBeUndefined()
  expect(new Set(oracle.holds('state'))).toEqual(new Set([one, two, three]))
})

it('accepts a decrease only for usage that no log or state records any more', () => {
  oracle.wrote([three])
  oracle.missing(scrape({ app: 1, new: 1 }, 0), new Set([one, three]))
  oracle.wrong(scrape({ app: 1, new: 0 }))
  oracle.wrong(scrape({ app: 1, new: 1 }))
  oracle.ended()
  // The only logs of `new` are gone, and the state was not written.
  oracle.began(begin([]))
  expect(oracle.missingAtFirst(scrape({ app: 1 }))).toBeUndefined()
  expect(oracle.wrong(scrape({ app: 1 }))).toBeUndefined()
  expect(oracle.wrong(scrape({ new: 1 }))).toMatch(/app.* is gone/)
})

it('accepts a second birth of a series shown only by an exporter that could not write the state', () => {
  oracle.ended()
  oracle.wrote([two, three])
  oracle.began(begin([one, two, three], { access: 'read-only' }))
  oracle.wrong(scrape({ app: 2, new: 1 }, 0))
  expect(oracle.missing(scrape({ app: 2, new: 1 }, 0), new Set([one, two, three]))).toBeUndefined()
  oracle.ended()
  oracle.began(begin([one, two, three]))
  expect(oracle.missingAtFirst(scrape({ app: 2, new: 0 }))).toBeUndefined()
  expect(oracle.wrong(scrape({ app: 2, new: 0 }))).toBeUndefined()
  expect(oracle.wrong(scrape({ app: 1, new: 0 }))).toMatch(/app.* fell from/)
})

it('accepts a second birth of a series if the disk accepted no byte, or if a restored state does not hold it', () => {
  oracle.wrote([three])
  oracle.wrong(scrape({ app: 1, new: 0 }, 0))
  oracle.wrong(scrape({ app: 1, new: 1 }, 0))
  expect(oracle.missing(scrape({ app: 1, new: 1 }, 0), new Set([one, three]))).toBeUndefined()
  oracle.ended({ traceless: true })
  oracle.began(begin([one, three]))
  expect(oracle.wrong(scrape({ app: 1, new: 0 }))).toBeUndefined()
  expect(oracle.wrong(scrape({ app: 0, new: 0 }))).toMatch(/app.* fell from 1/)

  expect(oracle.wrong(scrape({ app: 1, new: 1 }))).toBeUndefined()
  oracle.ended()
  oracle.returned(new Set([one]))
  oracle.began(begin([one, three]))
  expect(oracle.wrong(scrape({ app: 1, new: 0 }))).toBeUndefined()
})

it('accepts a decrease of a series to its known usage, and no further', () => {
  oracle.wrote([two])
  expect(oracle.wrong(scrape({ app: 2 }, 0))).toBeUndefined()
  oracle.missing(scrape({ app: 2 }, 0), new Set([one, two]))
  oracle.ended()
  oracle.began(begin([]))
  expect(oracle.wrong(scrape({ app: 1 }))).toBeUndefined()
  expect(oracle.wrong(scrape({ app: 0 }))).toMatch(/app.* fell from 1 to 0/)
})

it('requires of a successful `once` all that the state and the logs hold', () => {
  oracle.ended()
  oracle.wrote([two])
  expect(oracle.wrongOnce(scrape({ app: 1 }), new Set([two]))).toMatch(/is 1, of at least 2/)
  expect(oracle.wrongOnce(scrape({ app: 3 }), new Set([two]))).toMatch(/is 3, of 2 that were written/)
  expect(oracle.wrongOnce(scrape({ app: 2 }), new Set([two]))).toBeUndefined()
})
