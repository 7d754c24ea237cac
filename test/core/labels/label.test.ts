// The canonical form of a label value: valid for Prometheus, and cut so that long texts stay distinct.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LABEL_LENGTH, isLabel, safeLabel } from '../../../src/core/labels/label.js'

it.each([
  ['claude-opus-5', 'claude-opus-5'],
  [' app\t', 'app'],
  ['a\0b\rc\x7fd\u0085e', 'a\ufffdb\ufffdc\ufffdd\ufffde'],
  ['\ud800 \udfff', '\ufffd \ufffd'],
  ['🕸', '🕸'],
  ['e\u0301', '\u00e9'],
  ['', ''],
  [' \n', ''],
  ['x'.repeat(200), 'x'.repeat(200)],
])('turns %j into %j', (raw, label) => {
  expect(safeLabel(raw)).toBe(label)
})

it('cuts long texts and keeps those with the same beginning distinct', () => {
  const [one, other] = ['1', '2'].map((end) => safeLabel('x'.repeat(199) + '🕸' + end))
  expect(one).toMatch(/^x{183}…[0-9a-f]{16}$/)
  expect(other).not.toBe(one)
  expect(safeLabel(`${'x'.repeat(182)}🕸${'x'.repeat(100)}`)).toMatch(/^x{182}…[0-9a-f]{16}$/)
})

it('turns any text into a valid label that it does not change again', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 }).map((units) => String.fromCharCode(...units)),
  )
  fc.assert(
    fc.property(text, (raw) => {
      const label = safeLabel(raw)
      expect(label.length).toBeLessThanOrEqual(LABEL_LENGTH)
      expect(label).not.toMatch(/[\p{Cc}\p{Surrogate}]/u)
      expect([label.normalize('NFC'), label.trim(), safeLabel(label), Buffer.from(label).toString()]).toEqual([
        label,
        label,
        label,
        label,
      ])
      expect(isLabel(label)).toBe(label !== '')
    }),
    { numRuns: 5_000 },
  )
})
