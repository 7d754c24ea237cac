// Long texts are cut to a maximum length and stay distinct.
import { expect, it } from 'vitest'
import { MAX_PATH, bounded } from '../../../src/core/labels/bounded.js'
import { StringTable } from '../../../src/core/tables/strings.js'

it('keeps a text of the maximum length, and cuts a longer one', () => {
  expect(bounded('m'.repeat(200), 200)).toBe('m'.repeat(200))
  const cut = bounded('m'.repeat(201), 200)
  expect(cut).toMatch(/^m{183}…[\da-f]{16}$/)
  // The result is stored: another hash would make it another model.
  expect(cut).toBe(`${'m'.repeat(183)}…9a76489051dac4d8`)
})

it('keeps texts distinct that differ after the cut, and splits no surrogate pair', () => {
  const long = 'x'.repeat(300)
  expect(new Set([`${long}a`, `${long}b`, long, `${long}a`].map((text) => bounded(text, 200))).size).toBe(3)
  const cut = bounded('💡'.repeat(300), 200)
  expect([cut.length, /^(?:💡){91}…[\da-f]{16}$/u.test(cut)]).toEqual([199, true])
})

it('keeps stored runs of texts below 1 MiB for any characters', () => {
  for (const unit of ['\0', '\ud800', '€', '💡', 'a']) {
    const texts = new StringTable()
    for (let number = 0; number < 256; number += 1) texts.intern(bounded(`${number}${unit.repeat(10_000)}`, MAX_PATH))
    for (const [, bytes] of texts.changes()) expect(bytes.length).toBeLessThan(2 ** 20)
  }
})
