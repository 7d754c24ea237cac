// A report on real logs: each grouping, in three time zones, has the sums that the references count, and the groups by
// series equal the metrics.
// AUE_CORPUS names a folder of `<source>/…`; the default is the excerpts in test/fixtures/real/.
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createApp, type App } from '../../src/app/app.js'
import { reportOf } from '../../src/app/report.js'
import { loadConfig } from '../../src/config/config.js'
import { DIMENSIONS, type Dimension } from '../../src/core/report/dimensions.js'
import { codexReference } from '../reference/codex/reference.js'
import { reference, type Counted, type Totals } from '../reference/reference.js'
import { samples, sumOf } from '../support/exposition.js'
import { temporaryFolder } from '../support/tree.js'

const corpus = realpathSync(process.env.AUE_CORPUS ?? fileURLToPath(new URL('../fixtures/real', import.meta.url)))
const folder = temporaryFolder()
const NOW_MS = Date.now()
const ZONES = ['UTC', 'America/New_York', 'Asia/Kathmandu']
const MEASURES = ['requests', 'input', 'output', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'web_searches']

const named = (directory: string): readonly string[] =>
  readdirSync(corpus)
    .map((source) => join(corpus, source, directory))
    .filter((path) => existsSync(path))
const claude = named('projects').map((path) => join(path, '..'))
const others = {
  'codex.home': named('codex'),
  'pi.agent-dir': named('pi'),
  'gemini.home': named('gemini'),
  'copilot.home': named('copilot'),
  'kimi.home': named('kimi'),
}

interface Asked {
  readonly flags?: readonly string[]
  readonly directories: readonly string[]
}

type Row = Readonly<Record<string, string | number | null>>
interface Printed {
  readonly rows: readonly Row[]
  readonly total: Row
  readonly counters_hold_more: Row
}

const flagsOf = ({ flags = [], directories }: Asked): string[] => [
  'report',
  '--json',
  '--state.dir=none',
  '--parser.workers=0',
  ...directories,
  ...flags,
]

async function appOf(directories: readonly string[]): Promise<App> {
  const ignore = (): void => undefined
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore }
  const config = loadConfig(flagsOf({ directories }), { HOME: folder })
  const app = await createApp(config, { version: '0', log, readOnly: true, now: () => NOW_MS })
  await app.pass()
  return app
}

function printed(app: App, asked: Asked): Printed {
  const config = loadConfig(flagsOf(asked), { HOME: folder })
  return JSON.parse([...reportOf(app, config, NOW_MS)].join('')) as Printed
}

describe.each([
  ['claude-code', claude.map((dir) => `--claude.config-dir=${dir}`), () => reference(claude, { nowMs: NOW_MS })],
  ['codex', others['codex.home'].map((dir) => `--codex.home=${dir}`), () => codexReference(others['codex.home'])],
] as const)('a report on %s', (agent, directories, expected) => {
  let app: App
  let responses: readonly Counted[]
  beforeAll(async () => {
    app = await appOf(directories)
    responses = expected().responses
    return () => app.stop()
  })

  it('has responses to read', () => {
    expect(responses.length).toBeGreaterThan(10)
  })

  const nested: readonly (readonly Dimension[])[] = [
    ['month', 'project', 'model'],
    ['project', 'week'],
    ['agent', 'day'],
    ['model', 'session'],
  ]
  describe.each(ZONES)('in %s', (zone) => {
    it.each([...DIMENSIONS.map((each) => [each]), ...nested].map((by) => [by.join(), by] as const))(
      'groups by %s as the reference does',
      (_, asked) => {
        const report = printed(app, { directories, flags: [`--by=${asked.join()}`, `--timezone=${zone}`] })
        const namesOf = namer(asked, { zone, agent, sessions: numbered(responses) })
        expect(inOrder(report.rows.map((row) => [asked.map((each) => String(row[each])), amountsOf(row)]))).toEqual(
          inOrder(grouped(responses, namesOf)),
        )
        expect([[], amountsOf(report.total)]).toEqual(grouped(responses, () => [])[0])
      },
    )
  })

  it.each(ZONES)('sums up the responses between two days in %s as the reference does', (zone) => {
    const days = responses.map(({ timestampMs }) => dateOf(timestampMs, zone)).sort()
    const [since, until] = [days[Math.floor(days.length / 4)]!, days[Math.floor(days.length / 2)]!]
    const report = printed(app, { directories, flags: [`--timezone=${zone}`, `--since=${since}`, `--until=${until}`] })
    const inside = responses.filter(({ timestampMs }) => {
      const date = dateOf(timestampMs, zone)
      return date !== 'null' && date >= since && date <= until
    })
    expect(inside.length).toBeLessThan(responses.length)
    expect(amountsOf(report.total)).toEqual(grouped(inside, () => [])[0]![1])
  })
})

it('a report equals the metrics, series by series', async () => {
  const flags = Object.entries(others).flatMap(([flag, paths]) => paths.map((path) => `--${flag}=${path}`))
  const directories = [...claude.map((dir) => `--claude.config-dir=${dir}`), ...flags]
  const app = await appOf(directories)
  onTestFinished(() => app.stop())
  const report = printed(app, { directories, flags: ['--by=agent,project,model'] })
  const all = samples((await app.print('text')).body)
  expect(new Set(report.rows.map(({ agent }) => agent)).size).toBeGreaterThan(4)
  const ofSeries = (row: Row): string[] => {
    const labels = { agent: String(row['agent']), project: String(row['project']), model: String(row['model']) }
    const tokens = (token_type: string) => sumOf(all, 'agent_usage_tokens_total', { ...labels, token_type })
    return [
      sumOf(all, 'agent_usage_requests_total', labels),
      ...MEASURES.slice(1, -1).map(tokens),
      sumOf(all, 'agent_usage_web_search_requests_total', labels),
      nanos(sumOf(all, 'agent_usage_cost_usd_total', labels)),
    ].map(String)
  }
  expect(report.rows.map(amountsOf)).toEqual(report.rows.map(ofSeries))
  const series = all.filter(({ name }) => name === 'agent_usage_requests_total')
  expect(report.rows).toHaveLength(series.length)
  expect(Object.values(report.counters_hold_more).every((each) => each === 0)).toBe(true)
})

/** Names of the groups that a response belongs to, found without the program's calendar. */
function namer(
  by: readonly Dimension[],
  { zone, agent, sessions }: { zone: string; agent: string; sessions: ReadonlyMap<string, number> },
): (response: Counted) => readonly string[] {
  const nameOf = (dimension: Dimension, { timestampMs, project, model, session }: Counted): string => {
    const date = dateOf(timestampMs, zone)
    switch (dimension) {
      case 'day':
        return date
      case 'week':
        return date === 'null' ? date : mondayBefore(date)
      case 'month':
        return date === 'null' ? date : date.slice(0, 7)
      case 'project':
        return project
      case 'model':
        return model
      case 'agent':
        return agent
      case 'session':
        return String(sessions.get(session))
    }
  }
  return (response) => by.map((dimension) => nameOf(dimension, response))
}

function dateOf(timestampMs: number | undefined, timeZone: string): string {
  if (timestampMs === undefined) return 'null'
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    timestampMs,
  )
}

function mondayBefore(date: string): string {
  const day = new Date(date)
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7))
  return day.toISOString().slice(0, 10)
}

/** Numbers sessions in the order of their first responses. */
function numbered(responses: readonly Counted[]): Map<string, number> {
  const first = new Map<string, number>()
  for (const { session, timestampMs = Infinity } of responses)
    first.set(session, Math.min(first.get(session) ?? Infinity, timestampMs))
  return new Map([...first].sort(([, a], [, b]) => a - b).map(([session], index) => [session, index + 1]))
}

type Group = readonly [names: readonly string[], amounts: readonly string[]]

function grouped(responses: readonly Counted[], namesOf: (response: Counted) => readonly string[]): Group[] {
  const groups = new Map<string, Counted[]>()
  for (const each of responses) {
    const key = JSON.stringify(namesOf(each))
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  return [...groups].map(([key, group]) => {
    const sum = (of: (totals: Totals) => number) => group.reduce((all, { totals }) => all + of(totals), 0)
    const counts = MEASURES.map((measure) =>
      sum((totals) => (measure === 'web_searches' ? totals.webSearches : totals[measure as keyof Totals])),
    )
    return [JSON.parse(key) as string[], [...counts, sum(({ costUsd }) => nanos(costUsd))].map(String)]
  })
}

const nanos = (usd: unknown): number => Math.round(Number(usd) * 1e9)

const amountsOf = (row: Row): string[] => [...MEASURES.map((measure) => row[measure]), nanos(row['usd'])].map(String)

const inOrder = (groups: readonly Group[]): readonly Group[] =>
  [...groups].sort((a, b) => (JSON.stringify(a[0]) < JSON.stringify(b[0]) ? -1 : 1))
