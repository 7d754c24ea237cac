// Which agents are read, and what is said of those that are not there: the metrics, the log, `/-/ready` and the summary.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import type { Summary } from '../../src/http/summary-schema.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import type { Directories } from '../../src/sources/directories.js'
import { otherAgent } from '../ingest/other-agent.js'
import { homes, requests, running, transcript, type Home, type Running } from './running.js'

const home = homes()

/** Both agents, where nobody named directories. */
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

it('none is up or down where nothing is found; one whose directory appears is', async () => {
  const made = home()
  rmSync(made.configDir, { recursive: true })
  const program = await start(made)
  expect(await upOf(program)).toEqual({})
  expect(program.complaints.map(({ message }) => message)).toEqual([
    'no logs found; name the directory of an agent with --claude.config-dir, --other.home, or wait: it may appear later',
  ])
  expect(await exporterOf(program)).toMatchObject({
    agents: [],
    troubles: [{ text: 'no logs where these agents keep them: claude-code, other' }],
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

it('one that was asked for is down, and warned of, until there is one of its directories', async () => {
  const made = home({ '-a/1.jsonl': transcript('/w/app', '1') })
  const [first, second] = [join(made.dir, 'first'), join(made.dir, 'second')]
  const program = await start(made, { paths: [first, second], asked: true })
  expect(await upOf(program)).toEqual({ 'claude-code': 1, other: 0 })
  expect(program.complaints.map(({ message, fields }) => [message, fields['path']])).toEqual([
    ['no logs here', join(first, 'sessions')],
    ['no logs here', join(second, 'sessions')],
  ])
  expect((await exporterOf(program)).troubles).toHaveLength(2)
  write(join(second, 'sessions/1.jsonl'), '{"other":"1","spent":5}\n')
  await program.app.pass()
  expect(await upOf(program)).toEqual({ 'claude-code': 1, other: 1 })
  expect((await exporterOf(program)).troubles).toEqual([])
  expect(program.complaints).toHaveLength(2)
})

it('homes that match a pattern are found when they come, for every agent', async () => {
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
