// What the page says, and that nothing on it can be anything but text.
import { expect, test } from 'vitest'
import { renderLanding, type Landing } from '../../src/http/landing.js'

const landing: Landing = {
  version: '1.2.3',
  telemetryPath: '/metrics',
  ready: true,
  roots: [{ path: '/home/ada/.claude', found: true }, { path: '/nowhere', found: false }],
  files: 20_000,
  entries: 1,
}

test('links, places and counts', () => {
  const html = renderLanding(landing)
  const parts = ['href="./metrics"', 'href="./-/healthy"', 'href="./-/ready"', '1.2.3', '20,000 log files, 1 response.']
  for (const part of parts) expect(html).toContain(part)
  expect(html).toContain('<code>/home/ada/.claude</code></li>')
  expect(html).toContain('<code>/nowhere</code> (not found)')
  expect(html).toContain('<h2>Ready</h2>')
  expect(renderLanding({ ...landing, ready: false })).not.toContain('<h2>Ready</h2>')
})

test('where nothing is found it says how to point elsewhere, otherwise not', () => {
  expect(renderLanding(landing)).not.toContain('--claude.config-dir')
  expect(renderLanding({ ...landing, roots: [landing.roots[1]!] })).toContain('--claude.config-dir')
})

test('every value is escaped', () => {
  const evil = `"><script>&'`
  const roots = [{ path: evil, found: true }]
  const html = renderLanding({ ...landing, version: evil, telemetryPath: `/${evil}`, roots })
  expect(html).not.toContain('<script')
  expect(html.split('&#34;&#62;&#60;script&#62;&#38;&#39;')).toHaveLength(4)
})
