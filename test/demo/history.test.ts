// The made-up history: the same for the same seed and time, within its thirty days, and in Claude Code's own format, as
// a reader that shares no code with the exporter understands it.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { history, type Written } from '../../src/demo/history.js'
import { PROJECTS } from '../../src/demo/projects.js'
import { DEMO_WRITERS } from '../../src/sources/demo-writers.js'
import type { DemoWriter } from '../../src/sources/demo-writer.js'
import { reference } from '../reference/reference.js'
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
const all = [...history(DEMO_WRITERS, 1, NOW_MS)]
const linesOf = ({ text }: Written): Line[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)

it('is a function of the seed and the time', () => {
  expect([...history(DEMO_WRITERS, 1, NOW_MS)]).toEqual(all)
  expect([...history(DEMO_WRITERS, 2, NOW_MS)][0]).not.toEqual(all[0])
  expect([...history(DEMO_WRITERS, 1, NOW_MS + 1)][0]).not.toEqual(all[0])
})

it('gives each file once, ended, with lines of the last thirty days', () => {
  expect(new Set(all.map(({ path }) => path)).size).toBe(all.length)
  expect(all.every(({ text }) => text.endsWith('\n'))).toBe(true)
  const times = all.flatMap(linesOf).map(({ timestamp }) => Date.parse(timestamp))
  expect(Math.max(...times)).toBeLessThanOrEqual(NOW_MS)
  expect(Math.min(...times)).toBeGreaterThan(NOW_MS - 31 * DAY)
  // Today has something whatever the hour, so that no board begins empty.
  expect(times.filter((time) => time > NOW_MS - DAY / 4).length).toBeGreaterThan(0)
  expect(new Set(times.map((time) => Math.floor((NOW_MS - time) / DAY))).size).toBeGreaterThanOrEqual(30)
})

it('has what logs have: streamed lines, sub-agents, a model without a price, errors', () => {
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
  // Of sub-agents only the last line has the final count; it is never smaller.
  expect(outputs(agents).every((each) => each.at(-1) === Math.max(...each))).toBe(true)
  expect(outputs(agents).filter((each) => each[0]! < each.at(-1)!).length).toBeGreaterThan(100)
  expect(main.every(({ isSidechain }) => !isSidechain) && agents.every(({ isSidechain }) => isSidechain)).toBe(true)
  expect(new Set(agents.flatMap(({ message }) => (message.usage === undefined ? [] : [message.model])))).toEqual(
    new Set(['claude-haiku-5-5', '<synthetic>']),
  )
  expect(new Set(main.map(({ message }) => message.model))).toContain('local-coder-30b')
})

it('shares the projects among the writers, and asks each for its own', () => {
  const other: DemoWriter = {
    agent: 'other',
    directory: 'other',
    startSession: (_, { name }) => ({ id: name, path: `${name}.log`, prompt: () => '', respond: () => 'line\n' }),
  }
  const written = [...history([...DEMO_WRITERS, other], 1, NOW_MS)]
  for (const [index, { name, perDay }] of PROJECTS.entries()) {
    if (perDay === 0) continue
    const directories = written.filter(({ path }) => path.includes(name)).map(({ path }) => path.split('/')[0])
    expect(new Set(directories)).toEqual(new Set([index % 2 === 0 ? 'claude' : 'other']))
  }
})

describe('read by the exporter', () => {
  it('is what an independent reader finds in it, and every project has its shape', async () => {
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

  it('has a project that spends more and more', () => {
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
