// Resolves raw model names to names of the price table, by the rules of name families.
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

describe('the model name', () => {
  it.each([
    ['red-1.5', 'red-1.5'],
    ['any/path/red-1.5', 'red-1.5'],
    ['ANY/Red-1.5', 'red-1.5'],
    ['any/old-red', 'red-1.5'], // an alias belongs to the family of its model
    ['blue-1.5', 'blue-1-5'],
    ['SHOP/old', 'blue-1-5'],
    ['grey', 'Grey'], // of no family
  ])('%s resolves to %s', (raw, canonical) => {
    expect(resolve(raw)).toEqual({ canonical, modifiers: 0 })
  })

  it.each([
    ['any/blue-1-5', 'a prefix that only another family removes'],
    ['any/grey', 'a prefix on a model of no family'],
    ['blue-1.5-quick', 'a mode of another family'],
    ['red-1-5', 'the spelling of another family'],
  ])('%s does not resolve: %s', (raw) => {
    expect(resolve(raw)).toEqual({ canonical: undefined, modifiers: 0 })
  })

  it('yields the modifiers of one family only', () => {
    expect(resolve('x/red-1.5-far-quick')).toEqual({
      canonical: 'red-1.5',
      modifiers: MODIFIER.fast | MODIFIER.regional,
    })
    expect(resolve('red-1.5-quick-unknown').modifiers).toBe(0)
  })

  it('resolves to the first known name, without further steps', () => {
    const mine = createModelResolver(['red-1.5', 'red-1.5-quick'], new Map(), rules(red))
    expect(mine('x/red-1.5-quick')).toEqual({ canonical: 'red-1.5-quick', modifiers: 0 })
    const others = createModelResolver(['red-1.5', 'grey'], new Map([['red-1.5-quick', 'grey']]), rules(red))
    expect(others('x/red-1.5-quick').canonical).toBeUndefined()
  })
})

it('the model resolver is still correct after more names than its cache holds', () => {
  for (let i = 0; i < 5000; i++) resolve(`model-${i}`)
  expect(resolve('model-7').canonical).toBeUndefined()
  expect(resolve('x/red-1.5').canonical).toBe('red-1.5')
})
