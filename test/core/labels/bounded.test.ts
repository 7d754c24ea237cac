// Long texts are cut to a bound, and stay apart.
import { expect, it } from 'vitest'
import { MAX_PATH, bounded } from '../../../src/core/labels/bounded.js'
import { StringTable } from '../../../src/core/tables/strings.js'

it('leaves a text of the bound as it is, and cuts a longer one to it', () => {
  expect(bounded('m'.repeat(200), 200)).toBe('m'.repeat(200))
  const cut = bounded('m'.repeat(201), 200)
  expect(cut).toMatch(/^m{183}…[\da-f]{16}$/)
  // It is stored: another hash would be another model.
  expect(cut).toBe(`${'m'.repeat(183)}…9a76489051dac4d8`)
})

it('tells texts apart that differ where they are cut, and cuts no character in two', () => {
  const long = 'x'.repeat(300)
  expect(new Set([`${long}a`, `${long}b`, long, `${long}a`].map((text) => bounded(text, 200))).size).toBe(3)
  const cut = bounded('💡'.repeat(300), 200)
  expect([cut.length, /^(?:💡){91}…[\da-f]{16}$/u.test(cut)]).toEqual([199, true])
})

it('lets no run of texts grow long in the store, whatever the texts hold', () => {
  for (const unit of ['\0', '\ud800', '€', '💡', 'a']) {
    const texts = new StringTable()
    for (let number = 0; number < 256; number += 1) texts.intern(bounded(`${number}${unit.repeat(10_000)}`, MAX_PATH))
    for (const [, bytes] of texts.changes()) expect(bytes.length).toBeLessThan(2 ** 20)
  }
})
