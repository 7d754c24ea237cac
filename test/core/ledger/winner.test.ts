// The order in which lines of one response win, criterion by criterion, and what the first line tells whoever wins.
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

describe('the winner', () => {
  // Each against a line that is better by everything that is compared later.
  it.each([
    ['names its model', { model: 'model-a', flags: FLAG.sidechain }, { model: '', output: 9 }],
    ['is of the main chain', { flags: 0 }, { flags: FLAG.sidechain, output: 9 }],
    ['has the larger output', { output: 2, input: 1 }, { output: 1, input: 9, flags: MODIFIER.refused }],
    ['has the larger sum', { cacheRead: 5, input: 1 }, { cacheRead: 1, input: 4, flags: MODIFIER.refused }],
    ['says more', { flags: MODIFIER.batch, input: 1, cacheRead: 2 }, { input: 2, cacheRead: 1 }],
    ['says what weighs more', { flags: MODIFIER.refused }, { flags: MODIFIER.batch | MODIFIER.us | MODIFIER.fast }],
    ['is the larger by a fixed comparison', { input: 2, cacheRead: 1 }, { input: 1, cacheRead: 2, model: 'z' }],
    ['has the larger name last', { model: 'model-b' }, { model: 'model-a' }],
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

  it('is not chosen by what the first line tells', () => {
    const row = (flags: number) => rowView(batchOf([{ ...PLAIN, flags }]).entries.pages[0]!)
    for (const { bit, of } of MODIFIERS)
      expect(compareUsage(row(bit), 'm', row(0), 'm'), String(bit)).toBe(of === 'first' ? 0 : bit)
  })
})

describe('a copy under a new time and with settings of its own', () => {
  const original: MadeLine = { ...PLAIN, time: 1000, place: 'agent/one/a' }
  const copy: MadeLine = { ...original, time: 86_400_000, place: 'agent/two/b', flags: MODIFIER.priority }

  it('leaves day, project and tier to the original, whichever is read first (codex-logs 8, case 20)', () => {
    for (const lines of [
      [original, copy],
      [copy, original],
      [copy, original, copy],
    ])
      expect(joined(lines)).toMatchObject({ time: 1000, place: 'agent/one/a', flags: 0, input: 1, output: 1 })
  })

  it('takes no tier away from the original', () => {
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

  it('has the tier of the first line even where a later one wins', () => {
    const later = { ...copy, output: 7, flags: MODIFIER.priority | MODIFIER.us }
    for (const lines of [
      [original, later],
      [later, original],
    ])
      expect(joined(lines)).toMatchObject({ output: 7, time: 1000, flags: MODIFIER.us })
  })
})

describe('the modifiers', () => {
  it('have the bits that are stored, one each, and none that means something else', () => {
    expect(MODIFIER).toMatchObject({ batch: 1, us: 2, fast: 4, refused: 8, priority: 128, flex: 256, ultrafast: 512 })
    const bits = MODIFIERS.map(({ bit }) => bit)
    for (const bit of bits) expect(Number.isInteger(Math.log2(bit)) && bit < 1 << 16, String(bit)).toBe(true)
    expect(new Set([...bits, ...Object.values(FLAG)]).size).toBe(bits.length + Object.keys(FLAG).length)
  })
})
