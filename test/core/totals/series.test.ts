// Series only grow, and one that is born while someone watches is shown at 0 until it was seen.
import { describe, expect, it } from 'vitest'
import { MEASURE } from '../../../src/core/schema.js'
import { Series } from '../../../src/core/totals/series.js'
import { StringTable } from '../../../src/core/tables/strings.js'

const LABELS = { agent: 'claude-code', project: 'app', model: 'model-a' }

describe('a series', () => {
  it('is found by its labels, which it gives back', () => {
    const series = new Series(new StringTable())
    const row = series.add(LABELS)
    const other = series.add({ ...LABELS, model: 'app' })
    expect([
      series.find(LABELS),
      series.find({ ...LABELS, model: 'app' }),
      series.find({ ...LABELS, agent: 'x' }),
    ]).toEqual([row, other, undefined])
    expect([series.labels(row), series.count]).toEqual([LABELS, 2])
  })

  it('grows in one amount at a time, and never falls', () => {
    const series = new Series(new StringTable())
    const row = series.add(LABELS)
    series.grow(row, MEASURE.cost, 2 ** 40)
    series.grow(row, MEASURE.cost, 1)
    series.growUnpriced(row, 5)
    expect([series.total(row, MEASURE.cost), series.total(row, MEASURE.requests), series.unpriced(row)]).toEqual([
      2 ** 40 + 1,
      0,
      5,
    ])
    expect(() => series.grow(row, MEASURE.cost, -1)).toThrow(/fall/)
    expect(series.total(row, MEASURE.cost)).toBe(2 ** 40 + 1)
  })

  it('is the same after it was loaded', () => {
    const texts = new StringTable()
    const series = new Series(texts)
    for (let number = 0; number < 600; number += 1)
      series.grow(series.add({ ...LABELS, project: `p${number}` }), MEASURE.requests, number)
    const loaded = new Series(texts)
    for (const [row, bytes] of series.rows.changes()) loaded.rows.load(row, bytes)
    loaded.reindex()
    for (let number = 0; number < 600; number += 1) {
      expect(loaded.total(loaded.find({ ...LABELS, project: `p${number}` })!, MEASURE.requests)).toBe(number)
    }
  })
})

describe('the birth of a series', () => {
  it('is shown at 0 until one scrape saw it and the store knows that', () => {
    const { series, shown } = born()
    expect(shown(0)).toBe(false)
    expect(series.scraped(1, 100)).toBe(true)
    expect(shown(100)).toBe(false)
    series.seenIsStored()
    expect(shown(100)).toBe(true)
  })

  it('holds for a while after it was seen, when it is told to', () => {
    const { series } = born()
    series.scraped(1, 100)
    series.seenIsStored()
    expect([109, 110].map((now) => series.shown(0, now, 10))).toEqual([false, true])
  })

  it('is over for good once the value was shown, whatever the clock and the hold do then', () => {
    const { series } = born()
    series.scraped(1, 100)
    series.seenIsStored()
    expect([series.shown(0, 110, 10), series.shown(0, 0, 10), series.shown(0, 110, 60_000)]).toEqual([true, true, true])
  })

  it('is news to the store once', () => {
    const { series } = born()
    expect([series.scraped(1, 1), series.scraped(1, 2)]).toEqual([true, false])
    series.seenIsStored()
    expect(series.shown(0, 1, 0)).toBe(true)
  })

  it('was not seen by a scrape that was printed before', () => {
    const { series, shown } = born()
    expect(series.scraped(0, 1)).toBe(false)
    series.seenIsStored()
    expect(shown(1)).toBe(false)
  })

  it('is over at once where nobody watched', () => {
    const { series, shown } = born()
    series.showAll()
    expect(shown(0)).toBe(true)
    expect(series.scraped(1, 0)).toBe(false)
  })

  it('is over after a restart, where the store knew that it was seen', () => {
    const { series, texts } = born()
    series.scraped(1, 100)
    const loaded = new Series(texts)
    for (const [row, bytes] of series.rows.changes()) loaded.rows.load(row, bytes)
    loaded.reindex()
    expect(loaded.shown(0, 100, 1_000)).toBe(true)
  })
})

function born() {
  const texts = new StringTable()
  const series = new Series(texts)
  series.add(LABELS)
  return { series, texts, shown: (nowMs: number): boolean => series.shown(0, nowMs, 0) }
}
