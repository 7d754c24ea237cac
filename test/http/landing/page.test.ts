// Text of the page, and that values are always escaped. test/e2e/landing checks what it looks like.
import { createHash } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import type { LogRoot, Spend, Summary } from '../../../src/http/summary-schema.js'
import { renderLanding } from '../../../src/http/landing/page.js'
import { stretchAsked, type StretchName } from '../../../src/http/landing/stretch.js'
import { landingPolicy } from '../../../src/http/landing/policy.js'
import { SPEND, SUMMARY, ranking, withExporter } from './made-summary.js'

const directories = [
  { agent: 'claude-code', name: 'Claude Code', flag: 'claude.config-dir', variable: 'CLAUDE_CONFIG_DIR' },
  { agent: 'other', name: 'Other', flag: 'other.home', variable: undefined },
]
const options = { telemetryPath: '/metrics', directories, stretch: '30-days' } as const
const page = (summary: Summary = SUMMARY, stretch: StretchName = '30-days'): string =>
  renderLanding(summary, { ...options, stretch })
/** Text of a page without its tags. */
const textOf = (html: string): string => html.replace(/<(style|script)>.*?<\/\1>|<[^>]*>/gs, ' ').replace(/\s+/g, ' ')
const text = (summary?: Summary, stretch?: StretchName): string => textOf(page(summary, stretch))

test('links are relative to the page', () => {
  for (const part of ['href="./metrics"', 'href="./api/summary"', 'href="./-/healthy"', 'href="./-/ready"'])
    expect(page()).toContain(part)
  expect(page().match(/(?:href|src)="(?!\.\/|data:)/g)).toBeNull()
})

test('the page shows spend, tokens and projects', () => {
  const parts = [
    '1.2.3',
    'Today $4.20 yesterday $28.00',
    'This week $1,234.50 last week $987.60',
    'This month $2,000.00 last month $3,100.00 forecast $2,790.70 ',
  ]
  for (const part of [...parts, 'In all $33,420.00 since Jun 3, 2025']) expect(text()).toContain(part)
  expect(text()).toContain(
    'Tokens since Jun 3, 2025 Together 12.3M Input 1K Output 2K Cache reads 12.3M Cache writes, 5 min 0 Cache writes, 1 h 5 ',
  )
  expect(text()).toContain('Project Today 30 days shop $0.00 $100.00 tool $1.00 $50.00 ')
  expect(text()).toContain('As of 13:00:00 Europe/Berlin')
})

test('a period is compared only with one that has responses, and the first day of a month has no forecast', () => {
  const month = { ...SPEND.month, forecast_usd: null }
  const young = { ...SPEND, month, total: { ...SPEND.total, since: '2026-11-15' } }
  const shown = text({ ...SUMMARY, spend: young })
  expect(shown).toContain('yesterday $28.00 This week $1,234.50 last week $987.60 This month $2,000.00 In all')
  const first = { ...young, total: { ...SPEND.total, since: '2026-11-22' } }
  expect(text({ ...SUMMARY, spend: first })).toContain('Today $4.20 This week $1,234.50 This month $2,000.00 In all')
})

describe('30 days or 12 months', () => {
  it('are links, one of them marked as current', () => {
    const links = (html: string) =>
      [...html.matchAll(/<a href="(\.\/\?[^"]*)"\s*(aria-current="true")?\s*>([^<]*)/g)].map(([, ...parts]) => parts)
    expect(links(page())).toEqual([
      ['./?last=30-days#spend-over-time', 'aria-current="true"', '30 days'],
      ['./?last=12-months#spend-over-time', undefined, '12 months'],
    ])
    expect(links(page(SUMMARY, '12-months')).map(([, current]) => current)).toEqual([undefined, 'aria-current="true"'])
    expect(page()).toContain('id="spend-over-time"')
  })

  it('are the time range of the chart and of the tables', () => {
    const shown = text(SUMMARY, '12-months')
    for (const part of [
      'Spend by month last 12 months',
      'Project Today 12 months barn $0.00 $100.00 shop $1.00 $50.00 ',
    ])
      expect(shown).toContain(part)
    expect(shown).toContain('Model Today 12 months claude-opus-4-8 $0.00 $100.00 ')
    expect(page(SUMMARY, '12-months').match(/class="bar"/g)).toHaveLength(12)
    expect(text()).toContain('Spend by day last 30 days')
    expect(page().match(/class="bar"/g)).toHaveLength(30)
    const nothing = SPEND.twelve_months.months.map(({ month }) => ({ month, usd: 0 }))
    const quiet = { ...SPEND, twelve_months: { ...SPEND.twelve_months, months: nothing } }
    expect(text({ ...SUMMARY, spend: quiet }, '12-months')).toContain('Nothing in the last 12 months; $33,420.00')
  })

  it.each([
    ['', '30-days'],
    ['last=12-months', '12-months'],
    ['last=30-days', '30-days'],
    ['last=12-months&last=30-days', '12-months'],
    ['last=%31%32-months', '12-months'],
    ['last=%', '30-days'],
    ['last=<script>', '30-days'],
    ['months', '30-days'],
  ])('are selected by ?%s', (query, name) => {
    expect(stretchAsked(new URLSearchParams(query))).toBe(name)
  })
})

test('projects beyond the limit are summed up in one row', () => {
  expect(text()).not.toContain('more')
  const projects = { ...ranking('a'), others: { count: 1200, usd: 3.5, today_usd: 0.001 } }
  expect(text({ ...SUMMARY, spend: { ...SPEND, projects } })).toContain(
    '1,200 more < $0.01 $3.50'.replace('<', '&#60;'),
  )
})

describe('nothing in 30 days', () => {
  const nothing = { top: [], others: { count: 0, usd: 0, today_usd: 0 } }
  const none = { from: '2026-11-22', usd: 0, previous: { from: '2026-11-21', usd: 0 } }
  const quiet = {
    ...SPEND,
    today: none,
    week: none,
    month: { ...none, forecast_usd: 0 },
    days: SPEND.days.map(({ date }) => ({ date, usd: 0 })),
    projects: nothing,
    models: nothing,
  }
  const withTotal = (total: Partial<Spend['total']>) => ({
    ...SUMMARY,
    spend: { ...quiet, total: { ...quiet.total, ...total } },
  })

  it('is stated in place of the chart, and the tables cover all time', () => {
    const shown = text({ ...SUMMARY, spend: quiet })
    expect(shown).toContain('Nothing in the last 30 days; $33,420.00 since June 2025.')
    expect(shown).toContain('Project Since Jun 3, 2025 shop $100.00 old $50.00 ')
    expect(shown).toContain('Model Since Jun 3, 2025 claude-opus-5-5 $100.00 ')
    expect(shown).not.toContain('Nothing was spent')
    expect(page({ ...SUMMARY, spend: quiet })).not.toContain('class="plot"')
  })

  it('is stated with the number of responses if no model has a price', () => {
    const shown = text(withTotal({ usd: 0, projects: nothing, models: nothing }))
    expect(shown).toContain('878 responses since June 2025, of models without a price or free of charge.')
  })

  it('is stated without a date if no response has a timestamp', () => {
    expect(text(withTotal({ since: null }))).toContain('Nothing in the last 30 days; $33,420.00.')
  })

  it('hides chart and tables if no response was ever counted', () => {
    const shown = text(withTotal({ usd: 0, requests: 0, since: null, projects: nothing, models: nothing }))
    expect(shown).toContain('In all $0.00 no response yet')
    for (const title of ['Spend by day', 'Projects', 'Models', 'Tokens']) expect(shown).not.toContain(title)
  })

  it('leaves sums of zero without an accent', () => {
    expect(page({ ...SUMMARY, spend: quiet }).match(/class="sum zero"/g)).toHaveLength(3)
    expect(page()).not.toContain('class="sum zero"')
  })
})

describe('budgets', () => {
  it('are bars with spend and limit; a bar above the limit is amber and not wider', () => {
    const budgets = [
      ...SPEND.budgets,
      {
        ...SPEND.budgets[0]!,
        name: 'opus',
        period: 'day',
        limit_usd: 25,
        spent_usd: 30.5,
        forecast_usd: null,
      } as const,
    ]
    const summary = { ...SUMMARY, spend: { ...SPEND, budgets } }
    expect(text(summary)).toContain(
      'everything $115.00 of $400.00 this month forecast $160.50 28 % opus $30.50 of $25.00 today 122 %',
    )
    expect(page(summary)).toMatch(/<svg class="share over" aria-hidden="true">\s*<rect width="100.0%"/)
    expect(page(summary).match(/class="warn">\d+ %/g)).toHaveLength(1)
  })

  it('have an amber forecast if it reaches the limit', () => {
    const [everything] = SPEND.budgets
    const withForecast = (forecast_usd: number) =>
      page({ ...SUMMARY, spend: { ...SPEND, budgets: [{ ...everything!, forecast_usd }] } })
    expect(withForecast(400)).toContain('class="forecast warn">forecast $400.00')
    expect(withForecast(399.99)).toContain('class="forecast">forecast $399.99')
  })

  it('are omitted if none is configured', () => {
    expect(text({ ...SUMMARY, spend: { ...SPEND, budgets: [] } })).not.toContain('Budget')
  })
})

describe('agents', () => {
  const several = { ...SPEND, agents: ranking('claude-code', 'codex') }

  it('are listed with their costs if there are several', () => {
    const total = { ...SPEND.total, agents: ranking('codex', 'claude-code') }
    expect(text({ ...SUMMARY, spend: { ...several, total } })).toMatch(
      /Agents Agent Today 30 days claude-code \$0\.00 \$100\.00 codex \$1\.00 \$50\.00 Projects/,
    )
    // Nothing was spent in the last 30 days.
    const agents = { top: [], others: { count: 0, usd: 0, today_usd: 0 } }
    expect(text({ ...SUMMARY, spend: { ...several, agents, total } })).toMatch(
      /Agents Agent Since Jun 3, 2025 codex \$100\.00 claude-code \$50\.00 Projects/,
    )
  })

  it('are omitted if there is only one', () => {
    expect(text({ ...SUMMARY, spend: several })).not.toContain('Agents')
  })
})

describe('troubles', () => {
  const wrong = (troubles: Summary['exporter']['troubles'], access: LogRoot['access'] = 'read') =>
    withExporter({ troubles, roots: [{ ...SUMMARY.exporter.roots[0]!, access }] })

  it('are shown above the spend, with an amber dot; without troubles, neither appears', () => {
    const html = page(wrong([{ text: 'the state directory cannot be written' }]))
    expect(html).toContain('class="dot ill"')
    expect(html.indexOf('The state directory cannot be written')).toBeLessThan(html.indexOf('Today'))
    expect(html).toContain('Something is wrong')
    expect(page()).toContain('<div class="wide" id="troubles" data-live></div>')
    expect(page()).not.toContain('dot ill')
  })

  it('about missing logs name the settings of the directories', () => {
    const shown = text(wrong([{ path: '/nowhere', text: 'no such directory' }], 'missing'))
    const hint = 'name the directory with --claude.config-dir=DIR or CLAUDE_CONFIG_DIR ; in a container'
    for (const part of ['No logs found', '/nowhere no such directory', hint]) expect(shown).toContain(part)
    expect(shown).not.toContain('--user')
    const { exporter, ...summary } = wrong([{ path: '/nowhere', text: 'no such directory' }], 'missing')
    const roots = ['claude-code', 'other'].map((agent) => ({ ...exporter.roots[0]!, agent }))
    expect(text({ ...summary, exporter: { ...exporter, roots } })).toContain(
      '--claude.config-dir=DIR or CLAUDE_CONFIG_DIR for Claude Code, --other.home=DIR for Other; in a container',
    )
    // With more than two agents, only the flags are named.
    const more = [...directories, { ...directories[1]!, agent: 'more', name: 'More', flag: 'more.home' }]
    const all = { ...exporter, roots: more.map(({ agent }) => ({ ...exporter.roots[0]!, agent })) }
    expect(textOf(renderLanding({ ...summary, exporter: all }, { ...options, directories: more }))).toContain(
      '--claude.config-dir=DIR for Claude Code, --other.home=DIR for Other, --more.home=DIR for More; in a container',
    )
  })

  it.each(['unreachable', 'unreadable', 'partial'] as const)('about %s logs explain how to grant access', (access) => {
    const shown = text(wrong([{ path: '/closed', text: 'permission denied' }], access))
    for (const part of ['Not everything can be read', '/closed permission denied', '--user', '--userns=keep-id', 'ACL'])
      expect(shown).toContain(part)
    expect(shown).not.toContain('--claude.config-dir')
  })
})

describe('before the first pass is complete', () => {
  const early = { ...withExporter({ ready: false, last_pass: null }), spend: null }
  test('the page says so and shows no numbers', () => {
    expect(text(early)).toContain('Reading the logs for the first time')
    expect(text(early)).not.toContain('$')
    expect(text()).not.toContain('Reading')
  })
})

describe('the exporter', () => {
  test('is shown as ready, with its last pass, if nothing is wrong', () => {
    expect(text()).toContain('Ready · 1 response from 20,000 log files · checked 12 s ago ')
    expect(page()).not.toContain('class="warn">1')
  })

  test('is shown with errors, skipped lines and unpriced models if there are any', () => {
    const ill = withExporter({
      errors: { scan: 2, parse: 1, worker: 0 },
      skipped_lines: { invalid_json: 3 },
      unpriced: [{ model: 'm', tokens: 1 }],
    })
    expect(text(ill)).toContain('· 3 errors · 1 model without a price')
    expect(text(ill)).toContain('Errors 3 scan: 2 parse: 1 Lines skipped 3 not JSON: 3 Unpriced models 1 m: 1 token ')
    expect(text(ill)).toContain('--prices.file=FILE')
    expect(text()).not.toContain('--prices.file=FILE')
  })

  test('names a limited number of models without a price and counts the others', () => {
    const many = withExporter({
      unpriced: [{ model: 'm', tokens: 9_000 }],
      unpriced_others: { count: 1_200, tokens: 7_000 },
    })
    expect(text(many)).toContain('· 1,201 models without a price')
    expect(text(many)).toContain('Unpriced models 1,201 m: 9,000 tokens 1,200 more: 7,000 tokens ')
  })

  test.each([
    ['11:58:01', '119 s ago'],
    ['11:58:00', '2 min ago'],
    ['10:00:01', '120 min ago'],
    ['10:00:00', '2 h ago'],
    ['12:00:01', '0 s ago'],
  ])('shows the age of a pass at %s', (at, words) => {
    expect(text(withExporter({ last_pass: `2026-11-22T${at}.000Z` }))).toContain(`Last full pass ${words}`)
  })

  test('shows when a push was last accepted, if the exporter pushes', () => {
    expect(text(withExporter({}))).not.toContain('push')
    expect(text(withExporter({ last_push: null }))).toContain('Last push accepted not yet')
    expect(text(withExporter({ last_push: '2026-11-22T11:59:50.000Z' }))).toContain('Last push accepted 10 s ago')
  })

  test.each([
    ['read', ''],
    ['missing', ' <span>not found</span>'],
    ['empty', ' <span class="warn">empty</span>'],
    ['partial', ' <span class="warn">partly unreadable</span>'],
    ['unreadable', ' <span class="warn">unreadable</span>'],
    ['unreachable', ' <span class="warn">cannot be entered or listed</span>'],
  ] as const)('marks a directory as %s', (access, note) => {
    expect(page(withExporter({ roots: [{ ...SUMMARY.exporter.roots[0]!, path: '/x', access }] }))).toContain(
      `<li><span class="agent">claude-code</span> <code>/x</code>${note}</li>`,
    )
  })
})

test('models without a price are listed with the models', () => {
  const unpriced_others = { count: 12, tokens: 3_000 }
  const shown = text(withExporter({ unpriced: [{ model: 'house-30b', tokens: 12_705_623 }], unpriced_others }))
  expect(shown).toMatch(
    /Models .*claude-opus-5-5 .* house-30b 12\.7M tokens no price 12 more 3K tokens no price .*Tokens since/,
  )
})

test('the page of a demo says that its data is made up', () => {
  expect(text()).not.toContain('made up')
  expect(text({ ...SUMMARY, demo: true })).toContain('all projects, tokens and costs here are made up')
})

describe('security', () => {
  test('every value is escaped', () => {
    const evil = `"><script>&'\0`
    const roots = [{ ...SUMMARY.exporter.roots[0]!, agent: evil, path: evil }]
    const budgets = [{ ...SPEND.budgets[0]!, name: evil }]
    const spend = { ...SPEND, projects: ranking(evil), models: ranking(evil), budgets }
    const exporter = {
      ...SUMMARY.exporter,
      roots,
      troubles: [{ path: evil, text: evil }],
      unpriced: [{ model: evil, tokens: 1 }],
      errors: { [evil]: 1 },
      skipped_lines: { [evil]: 1 },
    }
    const html = renderLanding(
      { ...SUMMARY, version: evil, time_zone: 'UTC', spend, exporter },
      { ...options, telemetryPath: `/${evil}` },
    )
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html).not.toContain('\0')
    // Version, path, root and its agent, model, error, reason: 7. Trouble and its path: 2. Names of projects, models and a
    // budget, which also stand in tooltips: 8.
    expect(html.split('&#34;&#62;&#60;script&#62;&#38;&#39;\uFFFD')).toHaveLength(1 + 7 + 2 + 8)
  })

  test('a name with control characters for text direction is isolated', () => {
    const name = '\u202Egnitset\u202C'
    expect(page({ ...SUMMARY, spend: { ...SPEND, projects: ranking(name) } })).toContain(
      `<bdi class="name" title="${name}">${name}</bdi>`,
    )
  })

  test('the content security policy allows only the style and the script of the page', () => {
    for (const name of ['style', 'script']) {
      const inline = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(page())![1]!
      expect(landingPolicy).toContain(`${name}-src 'sha256-${createHash('sha256').update(inline).digest('base64')}';`)
    }
    expect(landingPolicy).toMatch(/^default-src 'none';/)
    expect(landingPolicy).not.toContain('unsafe')
    expect(page()).not.toMatch(/\s(?:style|on\w+)=/)
  })
})
