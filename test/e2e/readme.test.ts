// The README describes what exists, and all of it: metrics, flags and commands.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { EXPORTER, USAGE } from '../../src/metrics/catalogue.js'
import { envName, settings } from '../../src/config/settings.js'
import { readWebConfig } from '../../src/http/web-config.js'
import { temporaryFolder } from '../support/tree.js'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

it('names every metric of the catalogue, and no other', () => {
  const table = readme.slice(readme.indexOf('## Metrics'), readme.indexOf('## Prices'))
  const named = new Set([...table.matchAll(/^\| (`agent_usage_[^|]+)\|/gm)].flatMap(([, cell]) => cell!.match(/agent_usage_\w+/g)!))
  const known = [...Object.values(USAGE), ...Object.values(EXPORTER)].map(({ name }) => name)
  expect([...named].sort()).toEqual([...known].sort())
})

it('gives each metric its type and labels', () => {
  for (const { name, type, labels } of [...Object.values(USAGE), ...Object.values(EXPORTER)]) {
    const row = readme.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}\``))!
    const [, , shownType, shownLabels] = row.split('|').map((cell) => cell.trim())
    expect({ name, type: shownType, labels: new Set(shownLabels!.match(/\w+/g) ?? []) }).toEqual({ name, type, labels: new Set(labels) })
  }
})

it('names every flag, and no other', () => {
  const named = new Set(readme.match(/--[a-z][a-z.-]*[a-z]/g))
  const known = Object.values(settings).map(({ name }) => `--${name}`)
  expect([...named].sort()).toEqual([...known].sort())
  expect(readme).toContain(envName('web.listen-address'))
})

it('shows a web configuration that can be read', () => {
  const folder = temporaryFolder()
  const [, text] = /^## TLS and users$[^]*?^```yaml\n([^]*?)^```$/m.exec(readme)!
  writeFileSync(join(folder, 'web.yml'), text!)
  expect(readWebConfig(join(folder, 'web.yml'))).toMatchObject({
    tls: { cert: { file: join(folder, 'server.crt') }, clientAuth: 'RequireAndVerifyClientCert' },
    users: new Map([['prometheus', expect.stringMatching(/^\$2y\$10\$/)]]),
  })
})

it('shows the skip reasons, stages and corrections that exist', async () => {
  const { SKIP_REASONS } = await import('../../src/core/skip.js')
  const { STAGES } = await import('../../src/metrics/telemetry.js')
  const { CORRECTION_REASONS } = await import('../../src/core/totals.js')
  for (const word of [...SKIP_REASONS, ...STAGES, ...CORRECTION_REASONS]) expect(readme).toContain(`\`${word}\``)
})
