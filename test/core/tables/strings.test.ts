// Interned strings keep their numbers, and only new strings are written.
import { describe, expect, it } from 'vitest'
import type { Run } from '../../../src/core/tables/table.js'
import { StringTable } from '../../../src/core/tables/strings.js'

describe('interned strings', () => {
  it('keep one number each', () => {
    const texts = new StringTable()
    expect(['a', '', 'b', 'a', '__proto__', ''].map((text) => texts.intern(text))).toEqual([0, 1, 2, 0, 3, 1])
    expect([0, 1, 2, 3].map((number) => texts.get(number))).toEqual(['a', '', 'b', '__proto__'])
    expect(texts.count).toBe(4)
  })

  it('can be looked up without interning', () => {
    const texts = new StringTable()
    texts.intern('a')
    expect([texts.find('a'), texts.find('b'), texts.count]).toEqual([0, undefined, 1])
  })

  it('throw for an unknown number', () => {
    expect(() => new StringTable().get(0)).toThrow(/no text 0/)
  })

  it('are written once', () => {
    const texts = new StringTable()
    texts.intern('a')
    texts.intern('b')
    expect(written(texts.changes())).toEqual([[0, ['a', 'b']]])
    texts.saved()
    texts.intern('a')
    expect(written(texts.changes())).toEqual([])
    texts.intern('c')
    expect(written(texts.changes())).toEqual([[2, ['c']]])
    expect(written(texts.all())).toEqual([[0, ['a', 'b', 'c']]])
  })

  it('are written in runs of bounded length', () => {
    const texts = new StringTable()
    for (let number = 0; number < 300; number += 1) texts.intern(`${number}`.padEnd(1_000))
    const runs = written(texts.all())
    expect(runs.length).toBeGreaterThan(3)
    expect(runs.flatMap(([, run]) => run)).toHaveLength(300)
    expect(Math.max(...runs.map(([, run]) => run.length))).toBeLessThan(70)
  })

  it('are loaded unchanged under the same numbers', () => {
    const texts = new StringTable()
    const odd = ['a', '\ud800', '\udfff', '\0', 'é', '', '__proto__']
    for (const text of odd) texts.intern(text)
    const loaded = new StringTable()
    for (const [row, bytes] of texts.all()) loaded.load(row, bytes)
    expect(odd.map((_, number) => loaded.get(number))).toEqual(odd)
    expect(written(loaded.changes())).toEqual([])
    expect([loaded.intern('\udfff'), loaded.intern('new')]).toEqual([2, 7])
    expect(written(loaded.changes())).toEqual([[7, ['new']]])
  })

  it('reject a run that leaves a gap, and a string that already has another number', () => {
    const bytes = (texts: string[]): Uint8Array => new TextEncoder().encode(JSON.stringify(texts))
    expect(() => new StringTable().load(1, bytes(['a']))).toThrow(/does not follow/)
    expect(() => new StringTable().load(0, bytes(['a', 'a']))).toThrow(/has the number 0/)
  })
})

function written(runs: Iterable<Run>): [row: number, texts: string[]][] {
  return [...runs].map(([row, bytes]) => [row, JSON.parse(new TextDecoder().decode(bytes)) as string[]])
}
