// A summary to render; each test overrides only the fields that it checks.
import type { Ranking, Spend, Summary } from '../../../src/http/summary-schema.js'

export const SPEND: Spend = {
  today: { from: '2026-11-22', usd: 4.2, previous: { from: '2026-11-21', usd: 28 } },
  week: { from: '2026-11-16', usd: 1234.5, previous: { from: '2026-11-09', usd: 987.6 } },
  month: { from: '2026-11-01', usd: 2000, previous: { from: '2026-10-01', usd: 3100 }, forecast_usd: 2790.7 },
  total: {
    usd: 33_420,
    since: '2025-06-03',
    requests: 878,
    tokens: { input: 1_000, output: 2_000, cache_read: 12_300_000, cache_write_5m: 0, cache_write_1h: 5 },
    sessions: 14,
    agents: ranking('claude-code'),
    projects: ranking('shop', 'old'),
    models: ranking('claude-opus-5-5'),
  },
  budgets: [{ name: 'everything', period: 'month', limit_usd: 400, spent_usd: 115, forecast_usd: 160.5 }],
  days: Array.from({ length: 30 }, (_, index) => ({
    date: new Date(Date.UTC(2026, 9, 24 + index)).toISOString().slice(0, 10),
    usd: index,
  })),
  agents: ranking('claude-code'),
  projects: ranking('shop', 'tool'),
  models: ranking('claude-opus-5-5'),
  twelve_months: {
    months: Array.from({ length: 12 }, (_, index) => ({
      month: new Date(Date.UTC(2025, 11 + index)).toISOString().slice(0, 7),
      usd: 100 * index,
    })),
    agents: ranking('claude-code'),
    projects: ranking('barn', 'shop'),
    models: ranking('claude-opus-4-8'),
  },
}

export const SUMMARY: Summary = {
  version: '1.2.3',
  demo: false,
  time: '2026-11-22T12:00:00.000Z',
  time_zone: 'Europe/Berlin',
  spend: SPEND,
  exporter: {
    ready: true,
    last_pass: '2026-11-22T11:59:48.000Z',
    log_files: 20_000,
    responses: 1,
    errors: { scan: 0, parse: 0 },
    skipped_lines: { synthetic: 0, invalid_json: 0 },
    unpriced: [],
    troubles: [],
    unpriced_others: { count: 0, tokens: 0 },
    agents: [{ agent: 'claude-code', up: true }],
    roots: [
      {
        agent: 'claude-code',
        path: '/home/ada/.claude/projects',
        found: true,
        access: 'read',
        unread_files: 0,
        unread_folders: 0,
      },
      { agent: 'claude-code', path: '/nowhere', found: false, access: 'missing', unread_files: 0, unread_folders: 0 },
    ],
  },
}

export function ranking(...names: readonly string[]): Ranking {
  const top = names.map((name, index) => ({ name, usd: 100 / (index + 1), today_usd: index }))
  return { top, others: { count: 0, usd: 0, today_usd: 0 } }
}

export const withExporter = (exporter: Partial<Summary['exporter']>): Summary => ({
  ...SUMMARY,
  exporter: { ...SUMMARY.exporter, ...exporter },
})
