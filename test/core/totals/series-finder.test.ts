// Beyond the maximum number of series, new projects share one. Existing series keep their responses.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MEASURE } from '../../../src/core/schema.js'
import { OTHER } from '../../../src/core/totals/series-finder.js'
import { DrivenState } from '../driven-state.js'
import { PLAIN, retold, type Made, type MadeLine } from '../made-lines.js'

describe('the maximum number of series', () => {
  it('moves new projects to project="other", by model if it has a series, and counts each combination once', () => {
    const driven = new DrivenState()
    driven.tell(['b', 'c'].map((project) => line(project, 'model-a')))
    driven.book(2)
    driven.tell([line('a', 'model-a'), line('d', 'model-a'), line('a', 'model-b'), line('b', 'model-a', 'again')])
    driven.book(2)
    driven.tell([line('a', 'model-a', 'again')])
    driven.book(2)
    expect(requests(driven)).toEqual({
      'agent|b|model-a': 2,
      'agent|c|model-a': 1,
      [`agent|${OTHER}|model-a`]: 3,
      [`agent|${OTHER}|${OTHER}`]: 1,
    })
    expect(driven.state.totals.folded.size).toBe(3)
    expect(driven.corrections).toEqual({})
  })

  it('folds the same projects in any order of the logs', () => {
    const lines = ['a', 'b', 'c', 'd'].flatMap((project) => ['model-a', 'model-b'].map((model) => line(project, model)))
    const expected = cutAt3([lines])
    expect(Object.keys(expected)).toContain('agent|a|model-a')
    expect(expected[`agent|${OTHER}|model-b`]).toBe(3)
    fc.assert(
      fc.property(retold(lines), (batches) => {
        expect(cutAt3(batches)).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('limits models, too: new ones share one series', () => {
    const driven = new DrivenState()
    for (let number = 0; number < 1_000; number += 1)
      driven.tell([line('a', `model-${String(number).padStart(4, '0')}`)])
    driven.book(10)
    expect(driven.series.size).toBe(11)
    expect(requests(driven)).toMatchObject({ 'agent|a|model-0009': 1, [`agent|${OTHER}|${OTHER}`]: 990 })
    expect(driven.state.totals.folded.size).toBe(990)
  })

  it('names at most twenty models of folded projects', () => {
    const driven = new DrivenState()
    const models = Array.from({ length: 100 }, (_, number) => `model-${number}`)
    driven.tell(models.map((model) => line('a', model)))
    driven.book(100)
    for (const project of ['b', 'c']) driven.tell(models.map((model) => line(project, model)))
    driven.book(100)
    expect(driven.series.size).toBe(100 + 20 + 1)
    expect(driven.total[MEASURE.requests]).toBe(300)
  })

  it('holds across restarts, and each response stays in its series', () => {
    const driven = new DrivenState()
    const lines = ['a', 'b', 'c'].flatMap((project) =>
      ['model-a', 'model-b', 'model-c'].map((model) => line(project, model)),
    )
    driven.tell(lines)
    driven.book(2)
    const before = requests(driven)
    expect(before).toEqual({
      'agent|a|model-a': 1,
      'agent|a|model-b': 1,
      [`agent|${OTHER}|model-a`]: 2,
      [`agent|${OTHER}|model-b`]: 2,
      [`agent|${OTHER}|${OTHER}`]: 3,
    })
    driven.commit()
    driven.restart()
    driven.tell(lines)
    driven.state.totals.repriceAll()
    driven.book(2)
    expect(requests(driven)).toEqual(before)
    driven.tell([line('d', 'model-a'), line('d', 'model-d')])
    driven.book(2)
    expect(requests(driven)).toEqual({ ...before, [`agent|${OTHER}|model-a`]: 3, [`agent|${OTHER}|${OTHER}`]: 4 })
    expect(driven.corrections).toEqual({})
  })

  it('loses no response', () => {
    const driven = new DrivenState()
    for (let number = 0; number < 50; number += 1) driven.tell([line(`p${number}`, 'model-a')])
    driven.book(1)
    expect(driven.total[MEASURE.requests]).toBe(50)
  })
})

function cutAt3(batches: readonly (readonly Made[])[]): Record<string, number> {
  const driven = new DrivenState()
  for (const batch of batches) driven.tell(batch)
  driven.book(3)
  return requests(driven)
}

function line(project: string, model: string, more = ''): MadeLine {
  return { ...PLAIN, key: `${project} ${model} ${more}`, place: `agent/${project}/s`, model }
}

function requests({ series }: DrivenState): Record<string, number> {
  return Object.fromEntries([...series].map(([name, { amounts }]) => [name, amounts[MEASURE.requests]!]))
}
