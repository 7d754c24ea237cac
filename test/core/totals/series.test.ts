// Series are found by their labels, and their totals only grow.
import { describe, expect, it } from 'vitest'
import { MEASURE } from '../../../src/core/schema.js'
import { Series } from '../../../src/core/totals/series.js'
import { StringTable } from '../../../src/core/tables/strings.js'

const LABELS = { agent: 'claude-code', project: 'app', model: 'model-a' }

describe('a series', () => {
  it('is found by its labels and returns them', () => {
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

  it('grows by one measure at a time, and throws instead of falling', () => {
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

  it('is the same after loading', () => {
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
