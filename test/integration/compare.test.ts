// Real output of ccusage 20.0.24 compared with the ledger of the same logs: every difference is reported, with its reason.
import { readFileSync, readdirSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApp, type App } from '../../src/app/app.js'
import { compared } from '../../src/app/compare.js'
import { loadConfig } from '../../src/config/config.js'
import { comparisonJson } from '../../src/reports/compare/comparison-json.js'
import { comparisonText } from '../../src/reports/compare/comparison-text.js'
import { readTold } from '../../src/reports/compare/told-file.js'
import { temporaryFolder } from '../support/tree.js'

const real = fileURLToPath(new URL('../fixtures/real', import.meta.url))
const folder = temporaryFolder()
const NOW_MS = Date.parse('2026-11-26T12:00:00Z')
const claude = readdirSync(real)
  .map((name) => join(real, name))
  .filter((path) => existsSync(join(path, 'projects')))
const other = join(real, 'ingo-eichhorst+Irrlicht')
const LOGS = {
  CLAUDE_CONFIG_DIR: claude.join(),
  CODEX_HOME: join(other, 'codex'),
  PI_CODING_AGENT_DIR: join(other, 'pi/agent'),
}

const configOf = (flags: readonly string[]) =>
  loadConfig(['compare', '-', '--state.dir=none', '--parser.workers=0', '--timezone=UTC', ...flags], {
    HOME: folder,
    ...LOGS,
  })

let app: App
beforeAll(async () => {
  const ignore = (): void => undefined
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore }
  app = await createApp(configOf([]), { version: '0', log, readOnly: true, now: () => NOW_MS })
  await app.pass()
})
afterAll(() => app.stop())

function shown(text: string | Buffer, ...flags: readonly string[]): string {
  return `\n${comparisonText(comparisonWith(text, ...flags), { width: 120, colored: false })}`
}
const comparisonWith = (text: string | Buffer, ...flags: readonly string[]) =>
  compared(app, configOf(flags), readTold(Buffer.from(text)), NOW_MS)
const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/ccusage/${name}.json`, import.meta.url))

it('compares a file of all agents', () => {
  expect(shown(fixture('daily'))).toBe(`
2025-06-10 to 2026-08-17 (UTC), agents: claude-code, codex

day         model                              file    counted   difference  reason
2025-09-20  claude-sonnet-4  USD         1.74434235  2.6804241  -0.93608175  partial long price
2026-05-29  gpt-5.5          input           74,610     49,692      +24,918
                             output              25         15          +10
                             cache read      71,552     38,016      +33,536
                             USD           0.409576   0.267918    +0.141658
2026-08-17  gpt-5.6-sol      USD          0.0548072   0.069394   -0.0145868  today's price

Differences in 3 of 14 days and models. Cost: $4.5715922 in the file, $5.38060275 counted.
A reason is shown only if a calculation confirms it; see Compare in the README.
`)
})

it('recognises the agent of a file by its models', () => {
  const text = shown(fixture('claude-daily'))
  expect(text).toContain(' (UTC), agents: claude-code\n')
  expect(text).toContain('\nDifferences in 1 of 8 days and models.')
})

it('compares a file of a selected agent with one cost for all models', () => {
  const text = shown(fixture('codex-daily'), '--agents=codex')
  expect(text).toContain(', agents: codex\n')
  expect(text).toMatch(/^2026-08-17 {2}all models +USD +0\.0548072 +0\.069394 +-0\.0145868 {2}today's price$/m)
})

it('compares a file whose models are prefixed by the agent', () => {
  expect(shown(fixture('pi-daily'))).toContain('\n2026-05-25 (UTC), agents: pi\n')
})

it('gives another time zone as the reason for differences between days', () => {
  const text = shown(fixture('claude-daily'), '--timezone=America/Los_Angeles')
  expect(text).toContain('different time zone')
})

it('compares only the selected days and models', () => {
  expect(shown(fixture('daily'), '--since=2025-11-01', '--until=2026-05-24')).toMatch(
    /^\n2025-11-19 to 2026-05-24 \(UTC\), agents: claude-code, codex\nNo differences in \d+ days and models\.\n$/,
  )
  expect(shown(fixture('daily'), '--model=gpt-5.6*')).toContain('Differences in 1 of 1 day and model.')
})

it('compares a bill in UTC, allowing for rounding to cents and reduced prices', () => {
  const csv = (rows: string): string => `usage_date_utc,model,token_type,cost_usd,list_price_usd\n${rows}`
  const flags = ['--timezone=Asia/Tokyo']
  expect(shown(csv('2025-09-20,Claude Sonnet 4,output,2.68,2.68\n'), ...flags)).toBe(
    '\n2025-09-20 (UTC), agents: claude-code\nNo differences in 1 day and model.\n',
  )
  expect(shown(csv('2025-09-20,Claude Sonnet 4,output,2.01,2.68\n'), ...flags)).toMatch(
    /claude-sonnet-4 {2}USD {2}2\.01 {2}2\.6804241 {2}-0\.6704241 {2}discounted$/m,
  )
})

it('gives each line of the table as JSON, with exact numbers', () => {
  const json = [...comparisonJson(comparisonWith(fixture('daily')))].join('')
  const { rows, ...about } = JSON.parse(json) as { rows: object[] }
  expect(about).toEqual({
    ...{ since: '2025-06-10', until: '2026-08-17', time_zone: 'UTC', agents: ['claude-code', 'codex'] },
    ...{ compared: 14, differing: 3, usd: { file: 4.5715922, counted: 5.38060275, difference: -0.80901055 } },
  })
  const codex = { day: '2026-05-29', model: 'gpt-5.5', reasons: [] }
  expect(rows).toEqual([
    {
      ...{ day: '2025-09-20', model: 'claude-sonnet-4', reasons: ['partial_long_price'] },
      ...{ amount: 'usd', file: 1.74434235, counted: 2.6804241, difference: -0.93608175 },
    },
    { ...codex, amount: 'input', file: 74_610, counted: 49_692, difference: 24_918 },
    { ...codex, amount: 'output', file: 25, counted: 15, difference: 10 },
    { ...codex, amount: 'cache_read', file: 71_552, counted: 38_016, difference: 33_536 },
    { ...codex, amount: 'usd', file: 0.409576, counted: 0.267918, difference: 0.141658 },
    {
      ...{ day: '2026-08-17', model: 'gpt-5.6-sol', reasons: ['todays_price'] },
      ...{ amount: 'usd', file: 0.0548072, counted: 0.069394, difference: -0.0145868 },
    },
  ])
  const ofAllModels = comparisonWith(fixture('codex-daily'), '--agents=codex')
  expect([...comparisonJson(ofAllModels)].join('')).toContain(
    '{"day":"2026-08-17","model":null,"amount":"usd","file":0.0548072,"counted":0.069394,"difference":-0.0145868,',
  )
})

it('gives no rows as JSON if nothing differs', () => {
  const comparison = comparisonWith(fixture('daily'), '--since=2025-11-01', '--until=2026-05-24')
  expect(JSON.parse([...comparisonJson(comparison)].join(''))).toMatchObject({ rows: [], differing: 0 })
})

it('rejects filters that leave nothing to compare', () => {
  expect(() => shown(fixture('pi-daily'), '--since=2027-01-01')).toThrow(
    'stdin: no usage matches --since, --until and --model; the file has 2026-05-25 to 2026-05-25, and the models gpt-5.5',
  )
})
