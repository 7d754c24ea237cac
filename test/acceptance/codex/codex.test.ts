// The acceptance table of Codex's rollouts (codex-logs 8): every case that one pass over unchanging files can cover.
// Expected values are typed from the table; both the independent reference and the program must produce them.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codexReference } from '../../reference/codex/reference.js'
import { sumOf } from '../../support/exposition.js'
import { once } from '../../support/program.js'
import { comparable, shown } from '../../support/shown.js'
import { temporaryFolder } from '../../support/tree.js'
import { full, settle, type Case } from './case.js'
import { countingCases } from './counting.cases.js'
import { derivedCases } from './derived.cases.js'
import { filesCases } from './files.cases.js'
import { pricingCases } from './pricing.cases.js'

const cases = [...countingCases, ...derivedCases, ...pricingCases, ...filesCases].sort((a, b) => a.number - b.number)
const folder = temporaryFolder()

const planted = (whose: string, { number, homes }: Case): readonly string[] =>
  homes.map(({ files }, index) => settle(join(folder, whose, `${number}-${index}`), files))

it('the cases here and in live.test.ts cover every number of the table', () => {
  const elsewhere = [46, 50, 51]
  expect([...cases.map(({ number }) => number), ...elsewhere].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 52 }, (_, index) => index + 1),
  )
})

describe('the reference agrees with the table', () => {
  it.each(cases)('case $number: $title', (one) => {
    for (const [index, home] of planted('reference', one).entries()) {
      const { name, expect: expected } = one.homes[index]!
      const found = codexReference([home])
      expect(comparable(found.perModel), name).toEqual(full(expected.models))
      expect(Object.fromEntries(found.unpricedTokens), name).toEqual(expected.unpriced ?? {})
      expect([found.malformed, found.unexplained], name).toEqual([expected.malformed ?? 0, expected.unlogged ?? 0])
      if (expected.projects) expect(projectsOf(found.perProjectModel), name).toEqual(expected.projects)
    }
  })
})

describe.concurrent('the program agrees with the table', () => {
  it.each(cases)('case $number: $title', async (one) => {
    const homes = planted('program', one)
    const printed = await Promise.all(homes.map((home) => once([], { flags: [`--codex.home=${home}`] })))
    for (const [index, text] of printed.entries()) {
      const { name, expect: expected } = one.homes[index]!
      const found = shown(text)
      expect(comparable(found.perModel), name).toEqual(full(expected.models))
      expect(Object.fromEntries(found.unpricedTokens), name).toEqual(expected.unpriced ?? {})
      const skipped = sumOf(found.samples, 'agent_usage_exporter_lines_skipped_total')
      const unlogged = sumOf(found.samples, 'agent_usage_exporter_lines_skipped_total', { reason: 'unlogged' })
      expect([skipped - unlogged, unlogged], name).toEqual([expected.malformed ?? 0, expected.unlogged ?? 0])
      if (expected.projects) expect(found.projects, name).toEqual(expected.projects)
    }
  })
})

function projectsOf(perProjectModel: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...perProjectModel.keys()].map((key) => key.split(' | ')[0]!))].sort()
}
