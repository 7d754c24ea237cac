// Past the bound on series, new projects share one; what had a series keeps it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OTHER_PROJECT } from '../../src/core/series-finder.js'
import { DrivenState } from './driven-state.js'
import { PLAIN, retold, type Made, type MadeLine } from './made-lines.js'

describe('the bound on series', () => {
  it('sends new projects to project="other", by model, and counts each combination once', () => {
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
      [`agent|${OTHER_PROJECT}|model-a`]: 3,
      [`agent|${OTHER_PROJECT}|model-b`]: 1,
    })
    expect(driven.state.totals.folded.size).toBe(3)
    expect(driven.corrections).toEqual({})
  })

  it('cuts in one order, whatever the order of the logs', () => {
    const lines = ['a', 'b', 'c', 'd'].flatMap((project) => ['model-a', 'model-b'].map((model) => line(project, model)))
    const expected = cutAt3([lines])
    expect(Object.keys(expected)).toContain('agent|a|model-a')
    expect(expected[`agent|${OTHER_PROJECT}|model-b`]).toBe(3)
    fc.assert(
      fc.property(retold(lines), (batches) => {
        expect(cutAt3(batches)).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('loses nothing', () => {
    const driven = new DrivenState()
    for (let number = 0; number < 50; number += 1) driven.tell([line(`p${number}`, 'model-a')])
    driven.book(1)
    expect(driven.total[6]).toBe(50)
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
  return Object.fromEntries([...series].map(([name, { amounts }]) => [name, amounts[6]!]))
}
