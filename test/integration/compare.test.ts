// Real output of ccusage 20.0.24 compared with the ledger of the same logs: every difference is reported, with its reason.
import { readFileSync, readdirSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApp, type App } from '../../src/app/app.js'
import { compared } from '../../src/app/compare.js'
import { loadConfig } from '../../src/config/config.js'
import { comparisonText } from '../../src/reports/compare/comparison-text.js'
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
  const comparison = compared(app, configOf(flags), Buffer.from(text), NOW_MS)
  return `\n${comparisonText(comparison, { width: 120, colored: false })}`
}
const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/ccusage/${name}.json`, import.meta.url))

it('compares a file of all agents', () => {
  expect(shown(fixture('daily'))).toBe(`
2025-06-10 to 2026-08-17, days of UTC; claude-code, codex

day         model                              file     ledger   difference  reason
2025-09-20  claude-sonnet-4  USD         1.74434235  2.6804241  -0.93608175  long prompts in part
2026-05-29  gpt-5.5          input           74,610     49,692      +24,918
                             output              25         15          +10
                             cache read      71,552     38,016      +33,536
                             USD           0.409576   0.267918    +0.141658
2026-08-17  gpt-5.6-sol      USD          0.0548072   0.069394   -0.0145868  today's price

3 of 14 days and models differ. In all, the file has $4.5715922, the ledger $5.38060275.
A reason is given where a calculation proves it; for others see Compare in the README.
`)
})

it('recognises the agent of a file by its models', () => {
  const text = shown(fixture('claude-daily'))
  expect(text).toContain('; claude-code\n')
  expect(text).toContain('\n1 of 8 days and models differ.')
})

it('compares a file of a selected agent with one cost for all models', () => {
  const text = shown(fixture('codex-daily'), '--agents=codex')
  expect(text).toContain('; codex\n')
  expect(text).toMatch(/^2026-08-17 {2}all models +USD +0\.0548072 +0\.069394 +-0\.0145868 {2}today's price$/m)
})

it('compares a file whose models are prefixed by the agent', () => {
  expect(shown(fixture('pi-daily'))).toContain('2026-05-25 to 2026-05-25, days of UTC; pi\n')
})

it('gives another time zone as the reason for differences between days', () => {
  const text = shown(fixture('claude-daily'), '--timezone=America/Los_Angeles')
  expect(text).toContain('days of another time zone')
})

it('compares only the selected days and models', () => {
  expect(shown(fixture('daily'), '--since=2025-11-01', '--until=2026-05-24')).toMatch(
    /^\n2025-11-19 to 2026-05-24, days of UTC; claude-code, codex\nno difference in \d+ days and models\n$/,
  )
  expect(shown(fixture('daily'), '--model=gpt-5.6*')).toContain('1 of 1 days and models differ.')
})

it('compares a bill in UTC, allowing for rounding to cents and reduced prices', () => {
  const csv = (rows: string): string => `usage_date_utc,model,token_type,cost_usd,list_price_usd\n${rows}`
  const flags = ['--timezone=Asia/Tokyo']
  expect(shown(csv('2025-09-20,Claude Sonnet 4,output,2.68,2.68\n'), ...flags)).toBe(
    '\n2025-09-20 to 2025-09-20, days of UTC; claude-code\nno difference in 1 day and model\n',
  )
  expect(shown(csv('2025-09-20,Claude Sonnet 4,output,2.01,2.68\n'), ...flags)).toMatch(
    /claude-sonnet-4 {2}USD {2}2\.01 {2}2\.6804241 {2}-0\.6704241 {2}reduced from the list price$/m,
  )
})

it('rejects a file of an unknown form', () => {
  expect(() => shown('something')).toThrow(/^-: neither what `ccusage daily --json` prints/)
})
