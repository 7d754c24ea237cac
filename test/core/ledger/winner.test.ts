// The criteria by which a line of a response wins, one by one, and the columns that always come from the first line.
import { describe, expect, it } from 'vitest'
import { Ledger } from '../../../src/core/ledger/ledger.js'
import { MODIFIER, MODIFIERS } from '../../../src/core/ledger/modifiers.js'
import { FLAG, compareUsage, rowView } from '../../../src/core/ledger/usage.js'
import { StringTable } from '../../../src/core/tables/strings.js'
import { PLAIN, batchOf, type MadeLine } from '../made-lines.js'
import type { Counted } from './ledger-spec.js'
import { countedOf } from './ledger-view.js'

function joined(lines: readonly MadeLine[]): Counted {
  const ledger = new Ledger(new StringTable())
  for (const line of lines) ledger.join(batchOf([line]), () => undefined)
  return countedOf(ledger).get(PLAIN.key)!
}

describe('the winning line', () => {
  // Each competes with a line that is better by all later criteria.
  it.each([
    ['names its model', { model: 'model-a', flags: FLAG.sidechain }, { model: '', output: 9 }],
    ['belongs to the main chain', { flags: 0 }, { flags: FLAG.sidechain, output: 9 }],
    ['has the larger output', { output: 2, input: 1 }, { output: 1, input: 9, flags: MODIFIER.refused }],
    ['has the larger sum', { cacheRead: 5, input: 1 }, { cacheRead: 1, input: 4, flags: MODIFIER.refused }],
    ['has more modifiers', { flags: MODIFIER.batch, input: 1, cacheRead: 2 }, { input: 2, cacheRead: 1 }],
    [
      'has the modifier of greater weight',
      { flags: MODIFIER.refused },
      { flags: MODIFIER.batch | MODIFIER.us | MODIFIER.fast },
    ],
    [
      'is larger in a fixed order of the remaining columns',
      { input: 2, cacheRead: 1 },
      { input: 1, cacheRead: 2, model: 'z' },
    ],
    ['has the model name that sorts last', { model: 'model-b' }, { model: 'model-a' }],
  ] as const)('%s', (_, better, worse) => {
    const [winner, loser] = [
      { ...PLAIN, ...better },
      { ...PLAIN, ...worse },
    ]
    const usage = ({ input, output, cacheRead, model, flags }: Counted | MadeLine) => ({
      ...{ input, output, cacheRead, model, flags },
    })
    expect(usage(joined([winner, loser]))).toEqual(usage(winner))
    expect(usage(joined([loser, winner]))).toEqual(usage(winner))
  })

  it('is not chosen by modifiers that come from the first line', () => {
    const row = (flags: number) => rowView(batchOf([{ ...PLAIN, flags }]).entries.pages[0]!)
    for (const { bit, of } of MODIFIERS)
      expect(compareUsage(row(bit), 'm', row(0), 'm'), String(bit)).toBe(of === 'first' ? 0 : bit)
  })
})

describe('a copy with a later time and other settings', () => {
  const original: MadeLine = { ...PLAIN, time: 1000, place: 'agent/one/a' }
  const copy: MadeLine = { ...original, time: 86_400_000, place: 'agent/two/b', flags: MODIFIER.priority }

  it('keeps the day, project and tier of the original in any reading order (codex-logs 8, case 20)', () => {
    for (const lines of [
      [original, copy],
      [copy, original],
      [copy, original, copy],
    ])
      expect(joined(lines)).toMatchObject({ time: 1000, place: 'agent/one/a', flags: 0, input: 1, output: 1 })
  })

  it('without a tier does not remove the tier of the original', () => {
    const [flex, plain] = [
      { ...original, flags: MODIFIER.flex },
      { ...copy, flags: 0 },
    ]
    for (const lines of [
      [flex, plain],
      [plain, flex],
    ])
      expect(joined(lines)).toMatchObject({ time: 1000, flags: MODIFIER.flex })
  })

  it('keeps the tier of the first line even if it wins', () => {
    const later = { ...copy, output: 7, flags: MODIFIER.priority | MODIFIER.us }
    for (const lines of [
      [original, later],
      [later, original],
    ])
      expect(joined(lines)).toMatchObject({ output: 7, time: 1000, flags: MODIFIER.us })
  })
})

describe('the modifiers', () => {
  it('have the bits of the stored layout, one each, distinct from all flags', () => {
    expect(MODIFIER).toMatchObject({ batch: 1, us: 2, fast: 4, refused: 8, priority: 128, flex: 256, ultrafast: 512 })
    const bits = MODIFIERS.map(({ bit }) => bit)
    for (const bit of bits) expect(Number.isInteger(Math.log2(bit)) && bit < 1 << 16, String(bit)).toBe(true)
    expect(new Set([...bits, ...Object.values(FLAG)]).size).toBe(bits.length + Object.keys(FLAG).length)
  })
})
