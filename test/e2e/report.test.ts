// The command `report` of the built program.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { transcript } from '../integration/running.js'
import { run, serve } from '../support/program.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()

function planted(responses: number): { readonly configDir: string; readonly flags: readonly string[] } {
  const dir = mkdtempSync(join(folder, 'home-'))
  const ids = Array.from({ length: responses }, (_, n) => String(n))
  const configDir = plant(join(dir, 'config'), { 'a/A.jsonl': transcript('/w/app', ...ids) })
  return { configDir, flags: [`--claude.config-dir=${configDir}`, `--state.dir=${join(dir, 'state')}`] }
}

it('prints a table that ends with a line break', async () => {
  const { flags } = planted(3)
  const { code, stdout, stderr } = await run(['report', '--by=month,project', '--timezone=UTC', ...flags])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toBe(
    [
      'month / project  requests  input  output  cache write  cache read   USD',
      '2026-11                 3     30     480            0       3,000  0.01',
      '  app                   3     30     480            0       3,000  0.01',
      'total                   3     30     480            0       3,000  0.01',
      '',
    ].join('\n'),
  )
})

it.each(['--responses', '--json', '--no-json'])(
  'exits with 0 and no message if its output is closed early: %s',
  async (form) => {
    const { flags } = planted(4000)
    const asked = form === '--responses' ? [form] : [form, '--by=session,day,model']
    const { code, stdout, stderr } = await run(['report', ...asked, ...flags], { readsOnly: 1 })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.length).toBeGreaterThan(0)
    if (form === '--responses') expect(stdout.length).toBeLessThan(400_000)
  },
)

it('does not disturb a running exporter', async () => {
  const { configDir, flags } = planted(3)
  const program = await serve([configDir], { stateDir: flags[1]!.slice('--state.dir='.length) })
  await program.ready()
  const reports = await Promise.all([1, 2].map(() => run(['report', '--json', ...flags])))
  for (const { code, stdout } of reports) {
    expect(code).toBe(0)
    expect((JSON.parse(stdout) as { total: unknown }).total).toMatchObject({ requests: 3, usd: 0.01365 })
  }
  expect(await program.scrape()).toContain('agent_usage_exporter_store_up 1')
  expect(await program.stop()).toBe(0)
})

it('exits with 0 and a message on stderr if a filter matches nothing', async () => {
  const { flags } = planted(1)
  const { code, stdout, stderr } = await run(['report', '--json', '--project=ap', ...flags])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ rows: [] })
  expect(stderr).toBe('agent-usage-exporter: --project: "ap": no project with usage matches; did you mean app?\n')
})

it('rejects an invalid flag with exit code 2', async () => {
  expect(await run(['report', '--by=year'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'agent-usage-exporter: --by: "year": expected one of day, week, month, project, model, agent, session\n',
  })
})
