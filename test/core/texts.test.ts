// Interned text keeps its number, and only pages with new text are written.
import { describe, expect, it } from 'vitest'
import { Texts } from '../../src/core/texts.js'

describe('texts', () => {
  it('have one number each, for ever', () => {
    const texts = new Texts()
    expect(['a', '', 'b', 'a', '__proto__', ''].map((text) => texts.intern(text))).toEqual([0, 1, 2, 0, 3, 1])
    expect([0, 1, 2, 3].map((number) => texts.get(number))).toEqual(['a', '', 'b', '__proto__'])
    expect(texts.count).toBe(4)
  })

  it('are looked for without being interned', () => {
    const texts = new Texts()
    texts.intern('a')
    expect([texts.find('a'), texts.find('b'), texts.count]).toEqual([0, undefined, 1])
  })

  it('that nobody interned are a mistake', () => {
    expect(() => new Texts().get(0)).toThrow(/no text 0/)
  })

  it('are written by the page, from the first new one on', () => {
    const texts = new Texts()
    for (let number = 0; number < 300; number += 1) texts.intern(`t${number}`)
    expect([...texts.changes()].map(([page, all]) => [page, all.length])).toEqual([[0, 256], [1, 44]])
    texts.saved()
    texts.intern('t7')
    expect([...texts.changes()]).toEqual([])
    texts.intern('new')
    expect([...texts.changes()].map(([page, all]) => [page, all.length, all.at(-1)])).toEqual([[1, 45, 'new']])
  })

  it('are written with the page that was full but for one', () => {
    const texts = new Texts()
    for (let number = 0; number < 255; number += 1) texts.intern(`t${number}`)
    texts.saved()
    for (const text of ['last', 'first']) texts.intern(text)
    expect([...texts.changes()].map(([page, all]) => [page, all.at(-1)])).toEqual([[0, 'last'], [1, 'first']])
  })

  it('begin a new page where the last one is full', () => {
    const texts = new Texts()
    for (let number = 0; number < 256; number += 1) texts.intern(`t${number}`)
    texts.saved()
    texts.intern('new')
    expect([...texts.changes()]).toEqual([[1, ['new']]])
  })

  it('are loaded with their numbers, in order', () => {
    const texts = new Texts()
    texts.load(0, Array.from({ length: 256 }, (_, number) => `t${number}`))
    texts.load(1, ['last'])
    expect([texts.get(255), texts.intern('last'), texts.intern('new')]).toEqual(['t255', 256, 257])
    expect([...texts.changes()]).toEqual([[1, ['last', 'new']]])
    expect(() => texts.load(3, [])).toThrow(/does not follow/)
  })
})
