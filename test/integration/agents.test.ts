// Which agents are read, and how missing ones are reported: in metrics, the log, `/-/ready` and the summary.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import type { Summary } from '../../src/http/summary-schema.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import type { Directories } from '../../src/sources/directories.js'
import { otherAgent } from '../ingest/other-agent.js'
import { sumOf } from '../support/exposition.js'
import { homes, requests, running, transcript, type Home, type Running } from './running.js'

const home = homes()

/** Starts with both agents and their default directories. */
async function start(made: Home, other: Partial<Directories> = {}, claude: Partial<Directories> = {}) {
  return running(made, [], {
    sources: [
      { source: claudeCode, paths: [made.configDir], named: false, ...claude },
      { source: otherAgent, paths: [join(made.dir, 'other')], named: false, ...other },
    ],
  })
}

const upOf = async ({ scrape }: Running): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await scrape())
      .filter(({ name }) => name === 'agent_usage_exporter_source_up')
      .map(({ labels, value }) => [labels['agent']!, value]),
  )
const exporterOf = async ({ url }: Running): Promise<Summary['exporter']> =>
  ((await (await fetch(`${url}/api/summary`)).json()) as Summary).exporter

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

it('agents without logs have no source_up; an agent whose directory appears gets one', async () => {
  const made = home()
  rmSync(made.configDir, { recursive: true })
  const program = await start(made)
  expect(await upOf(program)).toEqual({})
  expect(program.complaints.map(({ message }) => message)).toEqual([
    'no logs found; set the directory of an agent with --claude.config-dir, --other.home, or wait until logs appear',
  ])
  expect(await exporterOf(program)).toMatchObject({
    agents: [],
    troubles: [{ text: 'no logs in the default directories of claude-code, other' }],
  })
  write(join(made.dir, 'other/sessions/1.jsonl'), '{"other":"1","spent":5}\n')
  await program.app.pass()
  expect(await upOf(program)).toEqual({ other: 1 })
  expect(await exporterOf(program)).toMatchObject({ agents: [{ agent: 'other', up: true }], troubles: [] })
  await program.scrape()
  expect(requests(await program.scrape(), { agent: 'other' })).toBe(1)
  rmSync(join(made.dir, 'other'), { recursive: true })
  await program.app.pass()
  expect(await upOf(program)).toEqual({ other: 0 })
  expect(program.complaints).toHaveLength(1)
})

it('a selected agent is down, with a warning, until one of its directories exists', async () => {
  const made = home({ '-a/1.jsonl': transcript('/w/app', '1') })
  const [first, second] = [join(made.dir, 'first'), join(made.dir, 'second')]
  const program = await start(made, { paths: [first, second], asked: true })
  expect(await upOf(program)).toEqual({ 'claude-code': 1, other: 0 })
  expect(program.complaints.map(({ message, fields }) => [message, fields['path']])).toEqual([
    ['no logs found here', join(first, 'sessions')],
    ['no logs found here', join(second, 'sessions')],
  ])
  expect((await exporterOf(program)).troubles).toHaveLength(2)
  write(join(second, 'sessions/1.jsonl'), '{"other":"1","spent":5}\n')
  await program.app.pass()
  expect(await upOf(program)).toEqual({ 'claude-code': 1, other: 1 })
  expect((await exporterOf(program)).troubles).toEqual([])
  expect(program.complaints).toHaveLength(2)
})

it('new homes that match a pattern are found for every agent', async () => {
  const made = home()
  const users = join(made.dir, 'users')
  mkdirSync(users)
  const program = await start(
    made,
    { paths: [join(users, '*/.other')], named: true },
    { paths: [join(users, '*/.claude')], named: true },
  )
  expect(await upOf(program)).toEqual({ 'claude-code': 0, other: 0 })
  write(join(users, 'ann/.other/sessions/1.jsonl'), '{"other":"1","spent":5}\n')
  write(join(users, 'bob/.claude/projects/-a/2.jsonl'), transcript('/w/app', '2'))
  write(join(users, 'bob/.other/archive/3.jsonl'), '{"other":"3","spent":5}\n')
  await program.app.pass()
  await program.scrape()
  const all = await program.scrape()
  expect([requests(all, { agent: 'claude-code' }), requests(all, { agent: 'other' })]).toEqual([1, 2])
  expect(await upOf(program)).toEqual({ 'claude-code': 1, other: 1 })
  const paths = (await exporterOf(program)).roots.map(({ path }) => path.slice(users.length + 1))
  expect(paths).toEqual(['bob/.claude/projects', 'ann/.other/sessions', 'bob/.other/archive'])
})

/** A rollout with one response of 1,000 input and 100 output tokens at the time `at`. */
function rollout(at: string): string {
  const usage = { input_tokens: 1_000, cached_input_tokens: 0, output_tokens: 100, total_tokens: 1_100 }
  const lines = [
    { type: 'session_meta', payload: { id: 'thread', cwd: '/w/app' } },
    { type: 'turn_context', payload: { turn_id: 'turn', model: 'gpt-5.4' } },
    {
      type: 'event_msg',
      payload: { type: 'token_count', info: { total_token_usage: usage, last_token_usage: usage } },
    },
  ]
  return lines.map((line) => `${JSON.stringify({ timestamp: at, ...line })}\n`).join('')
}

it('a budget counts the agents that it matches, and the page lists both agents', async () => {
  const made = home({ '-a/1.jsonl': transcript('/w/app', '1') })
  write(join(made.dir, 'codex/sessions/rollout-2026-11-22T10-00-00-thread.jsonl'), rollout('2026-11-22T10:00:00Z'))
  const budget = (name: string, match = ''): string => `{ name: ${name}, period: month, limit_usd: 1${match} }`
  write(
    join(made.dir, 'exporter.yaml'),
    `budgets: [${budget('all')}, ${budget('codex', ', match: { agent: codex }')}, ${budget('claude', ', match: { agent: "claude-*" }')}]\n`,
  )
  const program = await running(made, [
    `--codex.home=${join(made.dir, 'codex')}`,
    `--config.file=${join(made.dir, 'exporter.yaml')}`,
    '--timezone=UTC',
  ])
  const all = await program.scrape()
  const spent = (budget: string): number => sumOf(all, 'agent_usage_budget_spent_usd', { budget })
  const cost = (agent: string): number => sumOf(all, 'agent_usage_period_cost_usd', { period: 'month', agent })
  expect(spent('codex')).toBeCloseTo((1_000 * 2.5 + 100 * 15) / 1e6, 9)
  expect([spent('codex'), spent('claude')]).toEqual([cost('codex'), cost('claude-code')])
  expect(spent('claude')).toBeGreaterThan(spent('codex') / 10)
  expect(spent('all')).toBeCloseTo(spent('codex') + spent('claude'), 9)
  const page = await (await fetch(program.url)).text()
  expect(page).toContain('id="agent-table"')
  expect((await exporterOf(program)).agents).toEqual([
    { agent: 'claude-code', up: true },
    { agent: 'codex', up: true },
  ])
  for (const agent of ['claude-code', 'codex']) expect(sumOf(all, 'agent_usage_sessions_total', { agent })).toBe(1)
})

it('only the selected agents are read', async () => {
  const made = home({ '-a/1.jsonl': transcript('/w/app', '1') })
  write(join(made.dir, 'codex/sessions/rollout-2026-11-22T10-00-00-thread.jsonl'), rollout('2026-11-22T10:00:00Z'))
  const env = { AGENT_USAGE_AGENTS: 'codex', CODEX_HOME: join(made.dir, 'codex') }
  const program = await running(made, [], { env })
  const all = await program.scrape()
  expect([requests(all, { agent: 'claude-code' }), requests(all, { agent: 'codex' })]).toEqual([0, 1])
  expect(await upOf(program)).toEqual({ codex: 1 })
})
