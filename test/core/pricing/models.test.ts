// How raw names become names of the price table, whatever the families' rules are.
import { describe, expect, it } from 'vitest'
import { MODIFIER } from '../../../src/core/ledger/modifiers.js'
import { createModelResolver, type NameFamily } from '../../../src/core/pricing/models.js'

const red: NameFamily = {
  has: (canonical) => canonical.startsWith('red-'),
  steps: [
    { pattern: /^.*\//, becomes: '' },
    { pattern: /-quick$/, becomes: '', means: 'fast' },
    { pattern: /-far$/, becomes: '', means: 'regional' },
  ],
}
const blue: NameFamily = {
  has: (canonical) => canonical.startsWith('blue-'),
  steps: [
    { pattern: /^shop\//, becomes: '' },
    { pattern: /\./g, becomes: '-' },
  ],
}
const known = ['red-1.5', 'blue-1-5', 'shop/blue-1-5', 'Grey']
const aliases = new Map([
  ['old-red', 'red-1.5'],
  ['shop/old', 'blue-1-5'],
])
const rules = (...families: readonly NameFamily[]) => ({ families, shown: (raw: string) => raw })
const resolve = createModelResolver(known, aliases, rules(red, blue))

describe('a name', () => {
  it.each([
    ['red-1.5', 'red-1.5'],
    ['any/path/red-1.5', 'red-1.5'],
    ['ANY/Red-1.5', 'red-1.5'],
    ['any/old-red', 'red-1.5'], // an alias belongs to the family of its model
    ['blue-1.5', 'blue-1-5'],
    ['SHOP/old', 'blue-1-5'],
    ['grey', 'Grey'], // as it is written, whoever's it is
  ])('%s is %s', (raw, canonical) => {
    expect(resolve(raw)).toEqual({ canonical, modifiers: 0 })
  })

  it.each([
    ['any/blue-1-5', 'that another family takes apart in another way'],
    ['any/grey', 'of a model that no family has'],
    ['blue-1.5-quick', 'with a mode that is not of its family'],
    ['red-1-5', 'written as another family writes it'],
  ])('%s leads nowhere: %s', (raw) => {
    expect(resolve(raw)).toEqual({ canonical: undefined, modifiers: 0 })
  })

  it('tells modifiers, of one family only', () => {
    expect(resolve('x/red-1.5-far-quick')).toEqual({
      canonical: 'red-1.5',
      modifiers: MODIFIER.fast | MODIFIER.regional,
    })
    expect(resolve('red-1.5-quick-unknown').modifiers).toBe(0)
  })

  it('goes no further than the first one that is known', () => {
    const mine = createModelResolver(['red-1.5', 'red-1.5-quick'], new Map(), rules(red))
    expect(mine('x/red-1.5-quick')).toEqual({ canonical: 'red-1.5-quick', modifiers: 0 })
    const others = createModelResolver(['red-1.5', 'grey'], new Map([['red-1.5-quick', 'grey']]), rules(red))
    expect(others('x/red-1.5-quick').canonical).toBeUndefined()
  })
})

it('still answers right when more names were asked than it remembers', () => {
  for (let i = 0; i < 5000; i++) resolve(`model-${i}`)
  expect(resolve('model-7').canonical).toBeUndefined()
  expect(resolve('x/red-1.5').canonical).toBe('red-1.5')
})
