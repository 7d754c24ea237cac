// The generated history: the same for the same seed and time, within thirty days, and in the agents' own formats, as
// readers that share no code with the exporter understand them.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { history, type Written } from '../../src/demo/history.js'
import { PROJECTS } from '../../src/demo/projects.js'
import { claudeCodeDemo } from '../../src/sources/claude-code/demo/session.js'
import { codexDemo } from '../../src/sources/codex/demo.js'
import { DEMO_WRITERS } from '../../src/sources/demo-writers.js'
import type { DemoWriter } from '../../src/sources/demo-writer.js'
import { reference } from '../reference/reference.js'
import { sumOf } from '../support/exposition.js'
import { comparable, shown } from '../support/shown.js'
import { plant, temporaryFolder } from '../support/tree.js'
import { running, NOW_MS } from '../integration/running.js'

const DAY = 86_400_000
const folder = temporaryFolder()

interface Line {
  readonly type: string
  readonly timestamp: string
  readonly isSidechain: boolean
  readonly cwd: string
  readonly message: {
    readonly id?: string
    readonly model?: string
    readonly usage?: { readonly output_tokens: number }
  }
}
/** The history of Claude Code alone. */
const all = [...history([claudeCodeDemo], 1, NOW_MS)]
const linesOf = ({ text }: Written): Line[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)

it('the history depends only on the seed and the time', () => {
  for (const writers of [[claudeCodeDemo], [codexDemo]]) {
    const [first] = history(writers, 1, NOW_MS)
    expect([...history(writers, 1, NOW_MS)]).toEqual([...history(writers, 1, NOW_MS)])
    expect([...history(writers, 2, NOW_MS)][0]).not.toEqual(first)
    expect([...history(writers, 1, NOW_MS + 1)][0]).not.toEqual(first)
  }
})

it.each([[[claudeCodeDemo]], [[codexDemo]], [DEMO_WRITERS]])(
  'the history holds each file once, terminated, with lines of the last thirty days',
  (writers) => {
    const all = [...history(writers, 1, NOW_MS)]
    expect(new Set(all.map(({ path }) => path)).size).toBe(all.length)
    expect(all.every(({ text }) => text.endsWith('\n'))).toBe(true)
    const times = all.flatMap(linesOf).map(({ timestamp }) => Date.parse(timestamp))
    for (const written of all) {
      // A tool result is logged shortly after the response.
      const last = Math.max(...linesOf(written).map(({ timestamp }) => Date.parse(timestamp)))
      expect(last).toBeGreaterThanOrEqual(written.atMs)
      expect(last).toBeLessThan(written.atMs + 10_000)
    }
    expect(Math.max(...times)).toBeLessThanOrEqual(NOW_MS)
    expect(Math.min(...times)).toBeGreaterThan(NOW_MS - 31 * DAY)
    // The last six hours have usage at any time of day, so that no board starts empty.
    expect(times.filter((time) => time > NOW_MS - DAY / 4).length).toBeGreaterThan(0)
    expect(new Set(times.map((time) => Math.floor((NOW_MS - time) / DAY))).size).toBeGreaterThanOrEqual(30)
  },
)

it('the history holds streamed lines, sub-agents, a model without a price, and errors', () => {
  const main = all.filter(({ path }) => !path.includes('/subagents/')).flatMap(linesOf)
  const agents = all.filter(({ path }) => path.includes('/subagents/')).flatMap(linesOf)
  const outputs = (lines: readonly Line[]) => {
    const byId = new Map<string, number[]>()
    for (const { message } of lines) {
      if (message.usage !== undefined)
        byId.set(message.id!, [...(byId.get(message.id!) ?? []), message.usage.output_tokens])
    }
    return [...byId.values()].filter((each) => each.length > 1)
  }
  expect(outputs(main).every((each) => new Set(each).size === 1)).toBe(true)
  expect(outputs(main).length).toBeGreaterThan(100)
  // Only the last line of a sub-agent's response has the final count, which is the largest.
  expect(outputs(agents).every((each) => each.at(-1) === Math.max(...each))).toBe(true)
  expect(outputs(agents).filter((each) => each[0]! < each.at(-1)!).length).toBeGreaterThan(100)
  expect(main.every(({ isSidechain }) => !isSidechain) && agents.every(({ isSidechain }) => isSidechain)).toBe(true)
  expect(new Set(agents.flatMap(({ message }) => (message.usage === undefined ? [] : [message.model])))).toEqual(
    new Set(['claude-haiku-5-5', '<synthetic>']),
  )
  expect(new Set(main.map(({ message }) => message.model))).toContain('local-coder-30b')
})

it('the history divides the projects among the writers', () => {
  const other: DemoWriter = {
    agent: 'other',
    directory: 'other',
    startSession: (_, { name }) => ({ id: name, path: `${name}.log`, prompt: () => '', respond: () => 'line\n' }),
  }
  const written = [...history([claudeCodeDemo, other], 1, NOW_MS)]
  for (const [index, { name, perDay }] of PROJECTS.entries()) {
    if (perDay === 0) continue
    const directories = written.filter(({ path }) => path.includes(name)).map(({ path }) => path.split('/')[0])
    expect(new Set(directories)).toEqual(new Set([index % 2 === 0 ? 'claude' : 'other']))
  }
})

describe('the exporter', () => {
  it('counts in the history what the independent reference counts, for every project', async () => {
    const configDir = join(folder, 'claude')
    plant(folder, Object.fromEntries(all.map(({ path, text }) => [`/${path}`, text])))
    const { url, app } = await running({ dir: folder, configDir, stateDir: `${folder}/state` }, ['--timezone=UTC'])
    const { body } = await app.print('text')
    const found = shown(body)
    const expected = reference([configDir], { nowMs: NOW_MS })
    expect(comparable(found.perProjectModel)).toEqual(comparable(expected.perProjectModel))
    expect(expected.malformedLines).toBe(0)
    expect(found.projects).toEqual(
      PROJECTS.filter(({ perDay }) => perDay > 0)
        .map(({ name }) => name)
        .sort(),
    )
    expect([...found.unpricedTokens.keys()]).toEqual(['local-coder-30b'])
    const sums = [...found.perProjectModel.values()]
    expect(sums.some(({ webSearches }) => webSearches > 0)).toBe(true)
    for (const of of ['cache_read', 'cache_write_5m', 'cache_write_1h'] as const)
      expect(sums.some((each) => each[of] > 0)).toBe(true)

    const { spend } = (await (await fetch(`${url}/api/summary`)).json()) as { spend: { days: { usd: number }[] } }
    expect(spend.days.every(({ usd }) => usd > 0.1 && usd < 100)).toBe(true)
  })

  it('reads a history with one project whose spending rises and one whose spending does not', () => {
    const spent = (project: string, fromDay: number) =>
      all
        .filter(({ path }) => path.includes(project))
        .flatMap(linesOf)
        .filter(({ timestamp, message }) => {
          const day = (NOW_MS - Date.parse(timestamp)) / DAY
          return message.usage !== undefined && day >= fromDay && day < fromDay + 10
        }).length
    expect(spent('ledger-migration', 0)).toBeGreaterThan(3 * spent('ledger-migration', 20))
    expect(spent('nightly-evals', 0)).toBeLessThan(2 * spent('nightly-evals', 20))
  })
})

/** The parts of Codex's records that the test adds up. */
interface Rollout {
  readonly type: string
  readonly payload: {
    readonly model?: string
    readonly parent_thread_id?: string
    readonly usage?: Readonly<Record<'input_tokens' | 'cached_input_tokens' | 'output_tokens', number>>
  }
}

it("the exporter counts the records of Codex's rollouts in a history with Claude Code", async () => {
  const own = join(folder, 'both')
  const both = [...history(DEMO_WRITERS, 1, NOW_MS)]
  plant(own, Object.fromEntries(both.map(({ path, text }) => [`/${path}`, text])))
  const rollouts = both
    .filter(({ path }) => path.startsWith('codex/'))
    .map((file) => linesOf(file) as unknown as Rollout[])
  const said = { requests: 0, input: 0, cache_read: 0, output: 0 }
  for (const { payload } of rollouts.flat().filter(({ type }) => type === 'token_usage_record')) {
    const { input_tokens: input, cached_input_tokens: cached, output_tokens: output } = payload.usage!
    said.requests += 1
    said.input += input - cached
    said.cache_read += cached
    said.output += output
  }
  const home = { dir: own, configDir: join(own, 'claude'), stateDir: join(own, 'state') }
  const { scrape } = await running(home, ['--timezone=UTC', `--codex.home=${join(own, 'codex')}`])
  const found = await scrape()
  const ofCodex = (name: string, labels = {}): number =>
    sumOf(found, `agent_usage_${name}_total`, { agent: 'codex', ...labels })
  const tokens = (token_type: string): number => ofCodex('tokens', { token_type })
  expect({
    requests: ofCodex('requests'),
    input: tokens('input'),
    cache_read: tokens('cache_read'),
    output: tokens('output'),
  }).toEqual(said)
  expect(said.requests).toBeGreaterThan(1_000)
  // A sub-agent's thread is a session of its own.
  expect(ofCodex('sessions')).toBe(rollouts.length)
  expect(rollouts.filter(([header]) => header!.payload.parent_thread_id !== undefined).length).toBeGreaterThan(5)
  const models = new Set(rollouts.flat().flatMap(({ payload: { model } }) => model ?? []))
  expect([...models].sort()).toEqual(['gpt-5.6-luna', 'gpt-5.6-sol', 'gpt-5.6-terra', 'gpt-oss:20b'])
  for (const agent of ['claude-code', 'codex'])
    expect(sumOf(found, 'agent_usage_cost_usd_total', { agent })).toBeGreaterThan(50)
})
