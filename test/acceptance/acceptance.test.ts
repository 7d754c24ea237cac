// The acceptance table of the log format (claude-code-logs 8): every case that one pass over unchanging files can cover.
// Expected values are typed from the table; both the independent reference and the program must produce them.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { comparable, shown } from '../support/shown.js'
import { once } from '../support/program.js'
import { plant, temporaryFolder } from '../support/tree.js'
import { reference } from '../reference/reference.js'
import { sumOf } from '../support/exposition.js'
import type { Case, Expected, Tree } from './case.js'
import { countingCases } from './counting.cases.js'
import { filesCases } from './files.cases.js'
import { pricingCases } from './pricing.cases.js'

const cases = [...countingCases, ...pricingCases, ...filesCases].sort((a, b) => a.number - b.number)
const folder = temporaryFolder()
const NOW_MS = Date.parse('2026-11-22T12:00:00Z')
const SHORT: Readonly<Record<string, string>> = { o48: 'claude-opus-4-8', s5: 'claude-sonnet-5' }

describe('the reference agrees with the table', () => {
  for (const one of cases) {
    it(name(one), () => {
      one.trees.forEach((tree, index) => {
        const found = reference(planted('reference', one, tree, index), { nowMs: NOW_MS })
        expect(comparable(found.perModel), tree.name).toEqual(expectedModels(tree.expect))
        expect(Object.fromEntries(found.unpricedTokens), tree.name).toEqual(tree.expect.unpriced ?? {})
        expect(found.malformedLines, tree.name).toBe(tree.expect.malformed ?? 0)
        if (tree.expect.projects) expect(projectsOf(found.perProjectModel.keys())).toEqual(tree.expect.projects)
      })
    })
  }
})

describe.concurrent('the program agrees with the table', () => {
  for (const one of cases) {
    it(name(one), async () => {
      const expositions = await Promise.all(one.trees.map((tree, index) => once(planted('program', one, tree, index))))
      one.trees.forEach((tree, index) => {
        const found = shown(expositions[index]!)
        expect(comparable(found.perModel), tree.name).toEqual(expectedModels(tree.expect))
        expect(Object.fromEntries(found.unpricedTokens), tree.name).toEqual(tree.expect.unpriced ?? {})
        const skipped = sumOf(found.samples, 'agent_usage_exporter_lines_skipped_total')
        if (tree.expect.malformed) expect(skipped).toBeGreaterThan(0)
        if (tree.expect.projects) expect(found.projects).toEqual(tree.expect.projects)
      })
    })
  }
})

function name(one: Case): string {
  return `case ${String(one.number).padStart(2, '0')}: ${one.title}`
}

function planted(for_: string, one: Case, tree: Tree, index: number): readonly string[] {
  const configDir = plant(join(folder, for_, `case-${one.number}`, `tree-${index}`, 'config'), tree.files)
  return tree.roots?.(configDir) ?? [configDir]
}

function expectedModels({ models, searches = 0 }: Expected): Record<string, string> {
  const full = Object.entries(models).map(([model, text]) => [SHORT[model] ?? model, `${text}; ${searches} searches`])
  return Object.fromEntries(full) as Record<string, string>
}

function projectsOf(keys: Iterable<string>): string[] {
  return [...new Set([...keys].map((key) => key.split(' | ')[0] ?? ''))].sort()
}
