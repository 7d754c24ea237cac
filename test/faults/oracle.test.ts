// The oracle of the schedules objects to each kind of wrong scrape, and to none that is right.
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

/** What is shown of so many responses of each project. */
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

/** One that was ready with the first response, which the state holds. */
beforeEach(() => {
  oracle = createOracle()
  oracle.wrote([one])
  oracle.began(begin([one]))
  expect(oracle.wrong(scrape({ app: 1 }))).toBeUndefined()
  expect(oracle.missing(scrape({ app: 1 }), new Set([one]))).toBeUndefined()
})

it('objects to what falls, is gone, or was never written', () => {
  expect(oracle.wrong(scrape({ app: 0 }))).toMatch(/fell from 1 to 0/)
  expect(oracle.wrong(scrape({}))).toMatch(/is gone, which was/)
  expect(oracle.wrong(scrape({ app: 2 }))).toMatch(/is 2, of 1 that were written/)
  expect(oracle.wrong(scrape({ app: 2, other: 1 }))).toMatch(/written/)
})

it('rejects a series that was never shown at 0, unless the run began after a fault', () => {
  oracle.wrote([three])
  expect(oracle.wrong(scrape({ app: 1, new: 1 }))).toMatch(/never seen at 0, and is 1/)
})

it('lets a series be born at 0, and a run after a fault show what it has', () => {
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

it('demands after a restart what the state holds, and lets a new series be at 0 at first', () => {
  oracle.ended()
  oracle.wrote([three])
  oracle.began(begin([three]))
  expect(oracle.missingAtFirst(scrape({ new: 1 }))).toMatch(/app o .* is not there, of at least/)
  expect(oracle.missingAtFirst(scrape({ app: 1 }))).toMatch(/new o .* is not there/)
  expect(oracle.missingAtFirst(scrape({ app: 1, new: 0 }))).toBeUndefined()
})

it('believes what the exporter says is stored, except for a state whose loss it cannot have noticed', () => {
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

it('accepts a decrease only for usage that nothing records any more', () => {
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

it('lets a series be born again that was shown only by one that could not write the state', () => {
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

it('lets a series be born again that was shown only by one whose disk took no byte, or that a state which came back does not hold', () => {
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

it('accepts a decrease to what is still known of a series, and no further', () => {
  oracle.wrote([two])
  expect(oracle.wrong(scrape({ app: 2 }, 0))).toBeUndefined()
  oracle.missing(scrape({ app: 2 }, 0), new Set([one, two]))
  oracle.ended()
  oracle.began(begin([]))
  expect(oracle.wrong(scrape({ app: 1 }))).toBeUndefined()
  expect(oracle.wrong(scrape({ app: 0 }))).toMatch(/app.* fell from 1 to 0/)
})

it('demands of one pass that ended well all that the state and the logs hold', () => {
  oracle.ended()
  oracle.wrote([two])
  expect(oracle.wrongOnce(scrape({ app: 1 }), new Set([two]))).toMatch(/is 1, of at least 2/)
  expect(oracle.wrongOnce(scrape({ app: 3 }), new Set([two]))).toMatch(/is 3, of 2 that were written/)
  expect(oracle.wrongOnce(scrape({ app: 2 }), new Set([two]))).toBeUndefined()
})
