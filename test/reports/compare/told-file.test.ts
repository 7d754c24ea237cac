// Files of other tools and bills: each supported form is read, and other files are rejected.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readCsv } from '../../../src/reports/compare/csv.js'
import { readTold } from '../../../src/reports/compare/told-file.js'

const read = (text: string) => readTold(Buffer.from(text))
const fixture = (name: string) =>
  readTold(readFileSync(new URL(`../../fixtures/ccusage/${name}.json`, import.meta.url)))

describe('a file of ccusage', () => {
  it('is read for all agents and for one, with models as a list, as a map or prefixed by the agent', () => {
    const [all, claude, codex, pi] = ['daily', 'claude-daily', 'codex-daily', 'pi-daily'].map(fixture)
    expect([all, claude, codex, pi].map((file) => file!.agents)).toEqual([['claude', 'codex'], [], [], ['pi']])
    const first = {
      day: '2025-06-10',
      model: 'claude-sonnet-4-20250514',
      amounts: { input: 76, output: 4, cacheWrite: 14_772, cacheRead: 14_363, nanos: 59_991_900 },
      roundingNanos: 1000,
    }
    expect(all!.told[0]).toEqual(first)
    expect(claude!.told[0]).toEqual(first)
    expect(codex!.told.filter(({ day }) => day === '2026-05-24')).toEqual([
      {
        day: '2026-05-24',
        model: 'gpt-5.5',
        amounts: { input: 48_038, output: 10, cacheWrite: 0, cacheRead: 13_056 },
        roundingNanos: 1000,
      },
      { day: '2026-05-24', model: undefined, amounts: { nanos: 247_018_000 }, roundingNanos: 1000 },
    ])
    expect(pi!.told.map(({ model }) => model)).toEqual(['gpt-5.5'])
    for (const { timeZone } of [all!, claude!, codex!, pi!]) expect(timeZone).toBeUndefined()
  })

  it('is read without costs, and with a byte order mark in UTF-8 or UTF-16', () => {
    const counts = { inputTokens: 1, outputTokens: 2, cacheCreationTokens: 3, cacheReadTokens: 4 }
    const text = JSON.stringify({ daily: [{ date: '2026-11-22', modelBreakdowns: [{ modelName: 'a', ...counts }] }] })
    const told = [
      {
        ...{ day: '2026-11-22', model: 'a', roundingNanos: 1000 },
        amounts: { input: 1, output: 2, cacheWrite: 3, cacheRead: 4 },
      },
    ]
    expect(read(text).told).toEqual(told)
    expect(readTold(Buffer.from(`\uFEFF${text}\r\n`, 'utf16le')).told).toEqual(told)
    expect(read(`\uFEFF${text}`).told).toEqual(told)
  })

  it.each([
    ['{"daily":[]}', 'the file contains no usage'],
    ['{"daily":{}}', 'daily: expected a list, found {}'],
    ['{"daily":["x"]}', 'daily[0]: expected an object, found "x"'],
    ['{"daily":[{"modelBreakdowns":[]}]}', 'daily[0]: expected a date, as "date" or "period", found {"modelBr'],
    [
      '{"daily":[{"date":"2026-11-22"}]}',
      'daily[0]: expected "modelBreakdowns" or "models", found {"date":"2026-11-22"}',
    ],
    [
      '{"daily":[{"date":"2026-11-22","modelBreakdowns":[{"modelName":"a","inputTokens":"x"}]}]}',
      'daily[0].modelBreakdowns[0].inputTokens: expected a number of at least 0, found "x"',
    ],
    [
      '{"daily":[{"date":"2026-11-22","models":{"a":{"inputTokens":-1}}}]}',
      'expected a number of at least 0, found -1',
    ],
    ['{"daily":[\n{"date":"2026', /^invalid or incomplete JSON: [^\n]+$/],
    ['{"monthly":[],"totals":{}}', 'JSON without "daily", but with "monthly", "totals"'],
    ['[]', 'JSON without "daily"'],
    ['{"daily":[{"date":"2026-02-30","models":{}}]}', 'daily[0].date: expected a date such as 2026-11-22'],
    ['{"daily":[{"date":"Nov 22","models":{}}]}', 'daily[0].date: expected a date such as 2026-11-22, found "Nov 22"'],
  ])('is rejected with the place of the mistake: %s', (text, message) => {
    expect(() => read(text)).toThrow(message)
  })
})

describe('an export of the Console', () => {
  const COSTS =
    'usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,inference_geo,speed\n'

  it('is read as costs rounded to cents in each row', () => {
    const { told, timeZone, agents } = read(
      `${COSTS}2026-08-04,Claude Haiku 4.5,"Default, ""old""",k,message,≤ 200k,output,0.05,0.10,token,global,\r\n` +
        '2026-08-04,Claude 3.5 Sonnet 2024-10-22,,k,message,≤ 200k,output,18.71,,token,global,\r\n\r\n',
    )
    expect([timeZone, agents]).toEqual(['UTC', []])
    const common = { day: '2026-08-04', roundingNanos: 5_000_000 }
    expect(told).toEqual([
      { ...common, model: 'claude-haiku-4.5', amounts: { nanos: 50_000_000 }, listNanos: 100_000_000 },
      { ...common, model: 'claude-3.5-sonnet', amounts: { nanos: 18_710_000_000 }, listNanos: undefined },
    ])
  })

  it('is read in the form of 2024, with fewer columns', () => {
    const { told } = read('usage_date_utc,model,api_key,token_type,cost_usd\n2024-12-07,Claude 3 Haiku,k,output,0.01\n')
    expect(told).toMatchObject([{ model: 'claude-3-haiku', amounts: { nanos: 10_000_000 } }])
  })

  it('is read as tokens by hour', () => {
    const { told } = read(
      'usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,' +
        'usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,' +
        'usage_output_tokens,web_search_count,inference_geo,speed\n' +
        '2026-03-31 02:00,claude-haiku-4-5-20251001,k,Default,standard,≤ 200k,1,2,3,4,5,6,global,\n',
    )
    expect(told).toEqual([
      {
        ...{ day: '2026-03-31', model: 'claude-haiku-4-5-20251001', roundingNanos: 0 },
        amounts: { input: 1, cacheWrite5m: 2, cacheWrite1h: 3, cacheRead: 4, output: 5, webSearches: 6 },
      },
    ])
  })

  it.each([
    [
      `${COSTS}August,Claude Haiku 4.5,,,,,,0.05,,,,\n`,
      'row 1 below the heading: usage_date_utc: expected a date such as 2026-11-22, found "August"',
    ],
    [
      `${COSTS}2026-08-04,Claude Haiku 4.5,,,,,,much,,,,\n`,
      'row 1 below the heading: cost_usd: expected a number, found "much"',
    ],
    [`${COSTS}2026-08-04,"Claude\n`, /^invalid CSV at character \d+: a quoted field/],
    [COSTS, 'the file contains no usage'],
    [
      'usage_date_utc,something\n2026-08-04,1\n',
      'CSV without the columns model and cost_usd, or model_version and usage_',
    ],
  ])('is rejected with the place of the mistake: %s', (text, message) => {
    expect(() => read(text)).toThrow(message)
  })
})

it.each(['', ' \r\n', '\uFEFF'])('an empty file is rejected: %j', (text) => {
  expect(() => read(text)).toThrow(/^the file is empty$/)
})

it.each(['a,b\n1,2\n', 'null', '\0\xFF'])('a file of an unknown form is rejected: %j', (text) => {
  expect(() => read(text)).toThrow(/^unknown format$/)
})

it('CSV fields may contain quotes, commas and line breaks', () => {
  const { columns, rows } = readCsv('a,"b, c"\r\n"1\n2","3 ""x"""\r\n4\n\n"",\n,5')
  expect(columns).toEqual(['a', 'b, c'])
  expect(rows.map((row) => [...row.values()])).toEqual([
    ['1\n2', '3 "x"'],
    ['4', ''],
    ['', '5'],
  ])
})
