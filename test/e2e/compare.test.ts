// The command `compare` of the built program: input from a file or a pipe, and the exit code.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { transcript } from '../integration/running.js'
import { run } from '../support/program.js'
import { plant, temporaryFolder } from '../support/tree.js'

const dir = mkdtempSync(join(temporaryFolder(), 'home-'))
const configDir = plant(join(dir, 'config'), { 'a/A.jsonl': transcript('/w/app', '1', '2') })
const FLAGS = [`--claude.config-dir=${configDir}`, '--state.dir=none', '--timezone=UTC']

function ccusage(outputTokens: number): string {
  const counts = { inputTokens: 20, outputTokens, cacheCreationTokens: 0, cacheReadTokens: 2000 }
  const modelBreakdowns = [{ modelName: 'claude-opus-4-8', cost: 0.0091, ...counts }]
  return JSON.stringify({ daily: [{ date: '2026-11-01', modelBreakdowns }], totals: {} })
}

it('exits with 0 if file and ledger are equal', async () => {
  expect(await run(['compare', '-', ...FLAGS], { input: ccusage(320) })).toEqual({
    code: 0,
    stdout: '2026-11-01 (UTC), agents: claude-code\nNo differences in 1 day and model.\n',
    stderr: '',
  })
})

it('prints JSON with the same exit codes', async () => {
  const [equal, different] = [
    await run(['compare', '-', '--json', ...FLAGS], { input: ccusage(320) }),
    await run(['compare', '-', '--json', ...FLAGS], { input: ccusage(321) }),
  ]
  expect([equal.code, different.code]).toEqual([0, 1])
  expect(JSON.parse(equal.stdout)).toMatchObject({ compared: 1, differing: 0, rows: [] })
  expect(JSON.parse(different.stdout)).toMatchObject({ rows: [{ amount: 'output', file: 321, counted: 320 }] })
})

it('exits with 1 if they differ', async () => {
  const file = join(dir, 'ccusage.json')
  writeFileSync(file, ccusage(321))
  const { code, stdout, stderr } = await run(['compare', file, ...FLAGS])
  expect([code, stderr]).toEqual([1, ''])
  expect(stdout).toMatch(/^2026-11-01 {2}claude-opus-4-8 {2}output +321 +320 +\+1$/m)
})

it('exits with 2 if the file cannot be read', async () => {
  const expected =
    'expected the output of `ccusage daily --json`, or the CSV of costs or tokens that the Anthropic Console exports'
  for (const [input, reason] of [
    ['', 'the file is empty'],
    ['something', 'unknown format'],
    ['{"weekly":[]}', 'JSON without "daily", but with "weekly"'],
  ] as const) {
    expect(await run(['compare', '-', ...FLAGS], { input })).toEqual({
      ...{ code: 2, stdout: '' },
      stderr: `agent-usage-exporter: stdin: ${reason}; ${expected}\n`,
    })
  }
  for (const [file, reason] of [
    [join(dir, 'nothing'), 'no such file'],
    [dir, 'it is a directory'],
  ] as const) {
    expect(await run(['compare', file, ...FLAGS])).toEqual({
      ...{ code: 2, stdout: '' },
      stderr: `agent-usage-exporter: ${file}: cannot read it: ${reason}\n`,
    })
  }
  expect(await run(['compare', ...FLAGS])).toMatchObject({
    code: 2,
    stderr: 'agent-usage-exporter: compare: needs a file, or - for stdin\n',
  })
})
