// The README describes what exists, and all of it: metrics, flags and commands; .ci/run types what it tells to type.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { EXPORTER, PUSH, USAGE } from '../../src/metrics/catalogue.js'
import { loadConfig } from '../../src/config/config.js'
import { envName } from '../../src/config/setting.js'
import { allSettings } from '../../src/config/all-settings.js'
import type { Summary } from '../../src/http/summary-schema.js'
import { readWebConfig } from '../../src/http/security/web-config.js'
import { COMPAT_VIEWS } from '../../src/sources/index.js'
import { readPriceFile } from '../../src/prices/price-file.js'
import { withExporter } from '../http/landing/made-summary.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

it('tells to type what CI types', () => {
  const ci = readFileSync(new URL('../../.ci/run', import.meta.url), 'utf8')
  const typed = ci.split(/\n| && |'/).map((command) => command.trim())
  const blocks = [...readme.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block]) => block!.split(/\n| && /))
  // Further down, commands in the text are for special wishes.
  const beginning = readme.slice(0, readme.indexOf('## Settings'))
  const inText = [...beginning.matchAll(/`((?:npm|node) [^`]+)`/g)].map(([, command]) => command!)
  const told = [...blocks, ...inText]
    .filter((command) => /^(npm|node) /.test(command))
    // What the file is called is for everyone to choose.
    .map((command) => command.replace(/ FILE$/, ''))
  expect(told).toEqual(expect.arrayContaining(['npm ci', 'npm start', 'npm start -- demo', 'npm test']))
  for (const command of told) expect(typed).toContain(command)
})

it('names every metric of the catalogue, and no other', () => {
  const table = readme.slice(readme.indexOf('## Metrics'), readme.indexOf('## Prices'))
  const named = new Set(
    [...table.matchAll(/^\| (`agent_usage_[^|]+)\|/gm)].flatMap(([, cell]) => cell!.match(/agent_usage_\w+/g)!),
  )
  const known = [...Object.values(USAGE), ...Object.values(EXPORTER), ...Object.values(PUSH)].map(({ name }) => name)
  expect([...named].sort()).toEqual([...known].sort())
})

it('gives each metric its type and labels', () => {
  for (const { name, type, labels } of [...Object.values(USAGE), ...Object.values(EXPORTER), ...Object.values(PUSH)]) {
    const row = readme.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}\``))!
    const [, , shownType, shownLabels] = row.split('|').map((cell) => cell.trim())
    expect({ name, type: shownType, labels: new Set(shownLabels!.match(/\w+/g) ?? []) }).toEqual({
      name,
      type,
      labels: new Set(labels),
    })
  }
})

it('names the metrics of each view that can be asked for, with their labels, and no other', () => {
  const rows = [...readme.matchAll(/^\| `((?!agent_usage_)\w+_total)` \| (\w+) \| ([^|]*)\|/gm)]
  const shown = rows.map(([, name, type, labels]) => ({ name, type, labels: labels!.match(/\w+/g) }))
  const known = COMPAT_VIEWS.flatMap(({ counters }) => counters)
  expect(shown).toEqual(known.map(({ name, labels }) => ({ name, type: 'counter', labels })))
  for (const { agent } of COMPAT_VIEWS) expect(readme).toContain(`--metrics.compat=${agent}`)
})

it('names every flag, and no other', () => {
  // Shell blocks hold flags of other programs.
  const named = new Set(readme.replaceAll(/```sh\n.*?```/gs, '').match(/--[a-z][a-z.-]*[a-z]/g))
  const known = ['--help', '--help-long', ...[...allSettings.values()].map(({ name }) => `--${name}`)]
  expect([...named].sort()).toEqual([...known].sort())
  expect(readme).toContain(envName('web.listen-address'))
})

it('shows a web configuration that can be read', () => {
  const [, text] = /^## TLS and users$[^]*?^```yaml\n([^]*?)^```$/m.exec(readme)!
  writeFileSync(join(folder, 'web.yml'), text!)
  expect(readWebConfig(join(folder, 'web.yml'))).toMatchObject({
    tls: { cert: { file: join(folder, 'server.crt') }, clientAuth: 'RequireAndVerifyClientCert' },
    users: new Map([['prometheus', expect.stringMatching(/^\$2y\$10\$/)]]),
  })
})

it('shows what /api/summary answers', () => {
  const example = JSON.parse(/```json\n(.*?)```/s.exec(readme)![1]!) as Summary
  const { errors, skipped_lines } = example.exporter
  const made = withExporter({ unpriced: [{ model: 'm', tokens: 1 }], errors, skipped_lines })
  expect(shapeOf(example)).toEqual(shapeOf(made))
})

/** Types in place of values, and of lists the first element alone. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]))
}

it('shows the skip and give-up reasons, stages and corrections that exist', async () => {
  const { SKIP_REASONS } = await import('../../src/core/ledger/skip.js')
  const { FALLBACK_REASONS: FALLBACK_REASONS } = await import('../../src/core/ledger/fallback.js')
  const { STAGES } = await import('../../src/metrics/telemetry.js')
  const { CORRECTION_REASONS } = await import('../../src/core/totals/corrections.js')
  for (const word of [...SKIP_REASONS, ...FALLBACK_REASONS, ...STAGES, ...CORRECTION_REASONS])
    expect(readme).toContain(`\`${word}\``)
})

it('shows budgets and prices that can be read', async () => {
  const example = (section: string): string => {
    const path = join(folder, `${section}.yaml`)
    writeFileSync(path, /```yaml\n(.*?)```/s.exec(readme.slice(readme.indexOf(`## ${section}\n`)))![1]!)
    return path
  }
  const { budgets } = loadConfig([`--config.file=${example('Budgets')}`], { HOME: folder })
  expect(budgets.map(({ name }) => name)).toEqual(['everything', 'customer work', 'opus'])
  expect(Object.keys((await readPriceFile(example('Prices'))).models ?? {})).toEqual(['glm-4.7'])
})

it('names every setting that is taken without a restart, and no other', () => {
  const reload = /\*\*Reload\.\*\*.*?at\s+once/s.exec(readme)![0]
  const known = [...allSettings.values()].filter(({ reloadable }) => reloadable === true)
  // Prices are named, not the flag: the file may change, and another file be named.
  const flags = known.map(({ name }) => `--${name}`).filter((flag) => flag !== '--prices.file')
  expect(known).toHaveLength(flags.length + 1)
  expect([...reload.match(/--[a-z][a-z.-]*[a-z]/g)!].sort()).toEqual(flags.sort())
})
