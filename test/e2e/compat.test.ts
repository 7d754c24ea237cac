// The exact output of the built program with --metrics.compat: the text without the flag, followed by a golden file.
// UPDATE_GOLDEN=1 accepts a changed text; some numbers are calculated by hand.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import { samples, sumOf } from '../support/exposition.js'
import { once } from '../support/program.js'

const fixture = fileURLToPath(new URL('../fixtures/exposition', import.meta.url))
const goldenFile = fileURLToPath(new URL('../fixtures/compat.golden', import.meta.url))

let without = ''
let printed = ''
/** The text after everything that is printed without the flag. */
let added = ''

beforeAll(async () => {
  without = await once([fixture])
  printed = await once([fixture], { flags: ['--metrics.compat=claude-code'] })
  added = printed.slice(printed.indexOf('\n# HELP claude_code_') + 1)
})

it('prints the golden text after everything else', () => {
  const names = (body: string): string[] => body.match(/^# (?:HELP|TYPE) .*$/gm) ?? []
  expect(without).not.toMatch(/claude_code_/)
  expect(names(printed.slice(0, -added.length))).toEqual(names(without))
  const found = inOrder(added)
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(goldenFile, found)
  expect(found).toBe(readFileSync(goldenFile, 'utf8'))
})

it('prints the totals that exposition.test.ts calculates by hand', () => {
  const found = samples(added)
  const tokens = (type: string, model: string): number =>
    sumOf(found, 'claude_code_token_usage_tokens_total', { type, model, git_repo: 'south/shop' })
  // Input 5, output 310, one-hour cache writes 9,000, cache reads 20,000.
  const types = ['input', 'output', 'cacheCreation', 'cacheRead']
  expect(types.map((type) => tokens(type, 'claude-fable-5-1'))).toEqual([5, 310, 9_000, 20_000])
  // Five-minute cache writes: 1,000.
  const written = { type: 'cacheCreation', model: 'claude-opus-5-5', git_repo: 'north/shop' }
  expect(sumOf(found, 'claude_code_token_usage_tokens_total', written)).toBe(1_000)
  const cost = { model: 'claude-fable-5-1', git_repo: 'south/shop' }
  expect(sumOf(found, 'claude_code_cost_usage_USD_total', cost)).toBeCloseTo(0.20055, 12)
})

it('prints the same sums as the metrics with our names', () => {
  const found = samples(printed)
  const total = sumOf(found, 'agent_usage_tokens_total')
  expect(total).toBeGreaterThan(0)
  expect(sumOf(found, 'claude_code_token_usage_tokens_total')).toBe(total)
  expect(sumOf(found, 'claude_code_cost_usage_USD_total')).toBe(sumOf(found, 'agent_usage_cost_usd_total'))
})

it.each(['promtool', process.env['AUE_PROMTOOL_3'] ?? 'promtool-3'])('%s accepts the names', (promtool) => {
  const { error, status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], {
    input: printed,
    encoding: 'utf8',
  })
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT' && !process.env.CI) {
    console.warn(`MISSING: ${promtool}; what it would say of the names is not checked`)
    return
  }
  expect({ error, status, says: stdout + stderr }).toEqual({ error: undefined, status: 0, says: '' })
})

/** Sorts the lines of each metric, since series appear in the order in which files were found. */
function inOrder(body: string): string {
  const blocks = body.trimEnd().split('\n\n')
  return `${blocks.map((block) => block.split('\n').sort().join('\n')).join('\n\n')}\n`
}
