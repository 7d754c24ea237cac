// What the page says, and that nothing on it can be anything but text. How it looks is looked at by test/e2e/landing.
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Summary } from '../../../src/http/summary.js'
import { renderLanding } from '../../../src/http/landing/page.js'
import { landingPolicy } from '../../../src/http/landing/policy.js'
import { SPEND, SUMMARY, ranking, withExporter } from './made-summary.js'

const page = (summary: Summary = SUMMARY): string => renderLanding(summary, { telemetryPath: '/metrics' })
/** The text that is left when the tags are gone. */
const text = (summary?: Summary): string => page(summary).replace(/<(style|script)>.*?<\/\1>|<[^>]*>/gs, ' ').replace(/\s+/g, ' ')

test('links, relative to the page', () => {
  for (const part of ['href="./metrics"', 'href="./api/summary"', 'href="./-/healthy"', 'href="./-/ready"']) expect(page()).toContain(part)
  expect(page().match(/(?:href|src)="(?!\.\/|data:)/g)).toBeNull()
})

test('what was spent', () => {
  const parts = ['1.2.3', 'Today $4.20 yesterday $28.00', 'This week $1,234.50 since Mon, Nov 16', 'This month $2,000.00 since Sun, Nov 1']
  for (const part of parts) expect(text()).toContain(part)
  expect(text()).toContain('Project Today 30 days shop $0.00 $100.00 tool $1.00 $50.00 ')
  expect(text()).toContain('As of 13:00:00 Europe/Berlin')
})

test('more than has room is one line', () => {
  expect(text()).not.toContain('more')
  const projects = { ...ranking('a'), others: { count: 1200, usd: 3.5, today_usd: 0.001 } }
  expect(text({ ...SUMMARY, spend: { ...SPEND, projects } })).toContain('1,200 more < $0.01 $3.50'.replace('<', '&#60;'))
})

test('nothing spent', () => {
  const nothing = { top: [], others: { count: 0, usd: 0, today_usd: 0 } }
  expect(text({ ...SUMMARY, spend: { ...SPEND, projects: nothing } })).toContain('Projects Nothing was spent.')
})

describe('before the first pass is complete', () => {
  const early = { ...withExporter({ ready: false, last_pass: null }), spend: null }
  test('it says so, and shows no numbers', () => {
    expect(text(early)).toContain('Reading the logs for the first time')
    expect(text(early)).not.toContain('$')
    expect(text()).not.toContain('Reading')
  })
})

describe('the exporter', () => {
  test('is well', () => {
    expect(text()).toContain('Ready · 1 response from 20,000 log files · looked 12 s ago ')
    expect(page()).not.toContain('class="warn">1')
  })

  test('is not', () => {
    const ill = withExporter({ errors: { scan: 2, parse: 1, worker: 0 }, skipped_lines: { invalid_json: 3 }, unpriced: [{ model: 'm', tokens: 1 }] })
    expect(text(ill)).toContain('· 3 errors · 1 model without a price')
    expect(text(ill)).toContain('Errors 3 scan: 2 parse: 1 Lines skipped 3 invalid json: 3 Unpriced models 1 m: 1 token ')
    expect(text(ill)).toContain('--prices.file=FILE')
    expect(text()).not.toContain('--prices.file=FILE')
  })

  test.each([
    ['11:58:01', '119 s ago'],
    ['11:58:00', '2 min ago'],
    ['10:00:01', '120 min ago'],
    ['10:00:00', '2 h ago'],
    ['12:00:01', '0 s ago'],
  ])('looked at %s', (at, words) => {
    expect(text(withExporter({ last_pass: `2026-11-22T${at}.000Z` }))).toContain(`Last full pass ${words}`)
  })

  test('where nothing is found it says how to point elsewhere, otherwise not', () => {
    expect(page()).toContain('<code>/nowhere</code> <span class="warn">not found</span>')
    expect(page()).not.toContain('--claude.config-dir')
    expect(page(withExporter({ roots: [SUMMARY.exporter.roots[1]!] }))).toContain('--claude.config-dir')
  })
})

test('a demo says that it is one', () => {
  expect(text()).not.toContain('made up')
  expect(text({ ...SUMMARY, demo: true })).toContain('all projects, tokens and costs here are made up')
})

describe('security', () => {
  test('every value is escaped', () => {
    const evil = `"><script>&'\0`
    const roots = [{ ...SUMMARY.exporter.roots[0]!, agent: evil, path: evil }]
    const spend = { ...SPEND, projects: ranking(evil), models: ranking(evil) }
    const exporter = { ...SUMMARY.exporter, roots, unpriced: [{ model: evil, tokens: 1 }], errors: { [evil]: 1 }, skipped_lines: { [evil]: 1 } }
    const html = renderLanding({ ...SUMMARY, version: evil, time_zone: 'UTC', spend, exporter }, { telemetryPath: `/${evil}` })
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html).not.toContain('\0')
    // Version, path, root, model, error, reason; a project's and a model's name stand in the tooltip, too.
    expect(html.split('&#34;&#62;&#60;script&#62;&#38;&#39;\uFFFD')).toHaveLength(1 + 6 + 4)
  })

  test('a name keeps its direction to itself', () => {
    const name = '\u202Egnitset\u202C'
    expect(page({ ...SUMMARY, spend: { ...SPEND, projects: ranking(name) } })).toContain(`<bdi class="name" title="${name}">${name}</bdi>`)
  })

  test('the policy allows the style and the script of the page, and nothing else', () => {
    for (const name of ['style', 'script']) {
      const inline = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(page())![1]!
      expect(landingPolicy).toContain(`${name}-src 'sha256-${createHash('sha256').update(inline).digest('base64')}';`)
    }
    expect(landingPolicy).toMatch(/^default-src 'none';/)
    expect(landingPolicy).not.toContain('unsafe')
    expect(page()).not.toMatch(/\s(?:style|on\w+)=/)
  })
})
