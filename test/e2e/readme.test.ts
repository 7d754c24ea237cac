// The README describes all metrics, flags and commands that exist, and no others; .ci/run runs its commands.
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

it('CI runs the commands of the README', () => {
  const ci = readFileSync(new URL('../../.ci/run', import.meta.url), 'utf8')
  const typed = ci.split(/\n| && |'/).map((command) => command.trim())
  const blocks = [...readme.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block]) => block!.split(/\n| && /))
  // Commands in the text after the settings are for special cases.
  const beginning = readme.slice(0, readme.indexOf('## Settings'))
  const inText = [...beginning.matchAll(/`((?:npm|node) [^`]+)`/g)].map(([, command]) => command!)
  const commands = [...blocks, ...inText]
    .filter((command) => /^(npm|node) /.test(command))
    // The name of the file is a placeholder.
    .map((command) => command.replace(/ FILE$/, ''))
  expect(commands).toEqual(expect.arrayContaining(['npm ci', 'npm start', 'npm start -- demo', 'npm test']))
  for (const command of commands) expect(typed).toContain(command)
})

it('the README names every metric of the catalogue and no other', () => {
  const table = readme.slice(readme.indexOf('## Metrics'), readme.indexOf('## Prices'))
  const named = new Set(
    [...table.matchAll(/^\| (`agent_usage_[^|]+)\|/gm)].flatMap(([, cell]) => cell!.match(/agent_usage_\w+/g)!),
  )
  const known = [...Object.values(USAGE), ...Object.values(EXPORTER), ...Object.values(PUSH)].map(({ name }) => name)
  expect([...named].sort()).toEqual([...known].sort())
})

it('the README gives each metric its type and labels', () => {
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

it('the README names exactly the metrics of each --metrics.compat view, with their labels', () => {
  const rows = [...readme.matchAll(/^\| `((?!agent_usage_)\w+_total)` \| (\w+) \| ([^|]*)\|/gm)]
  const shown = rows.map(([, name, type, labels]) => ({ name, type, labels: labels!.match(/\w+/g) }))
  const known = COMPAT_VIEWS.flatMap(({ counters }) => counters)
  expect(shown).toEqual(known.map(({ name, labels }) => ({ name, type: 'counter', labels })))
  for (const { agent } of COMPAT_VIEWS) expect(readme).toContain(`--metrics.compat=${agent}`)
})

it('the README names every flag and no other', () => {
  // Shell blocks contain flags of other programs.
  const named = new Set(readme.replaceAll(/```sh\n.*?```/gs, '').match(/--[a-z][a-z.-]*[a-z]/g))
  const known = ['--help', '--help-long', ...[...allSettings.values()].map(({ name }) => `--${name}`)]
  expect([...named].sort()).toEqual([...known].sort())
  expect(readme).toContain(envName('web.listen-address'))
})

it('the web configuration in the README is valid', () => {
  const [, text] = /^## TLS and users$[^]*?^```yaml\n([^]*?)^```$/m.exec(readme)!
  writeFileSync(join(folder, 'web.yml'), text!)
  expect(readWebConfig(join(folder, 'web.yml'))).toMatchObject({
    tls: { cert: { file: join(folder, 'server.crt') }, clientAuth: 'RequireAndVerifyClientCert' },
    users: new Map([['prometheus', expect.stringMatching(/^\$2y\$10\$/)]]),
  })
})

it('the example in the README has the fields of /api/summary', () => {
  const example = JSON.parse(/```json\n(.*?)```/s.exec(readme)![1]!) as Summary
  const { errors, skipped_lines } = example.exporter
  const made = withExporter({ unpriced: [{ model: 'm', tokens: 1 }], errors, skipped_lines })
  expect(shapeOf(example)).toEqual(shapeOf(made))
})

/** A value with types in place of primitive values, and lists cut to their first element. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]))
}

it('the README names every skip reason, fallback reason, stage and correction reason', async () => {
  const { SKIP_REASONS } = await import('../../src/core/ledger/skip.js')
  const { FALLBACK_REASONS: FALLBACK_REASONS } = await import('../../src/core/ledger/fallback.js')
  const { STAGES } = await import('../../src/metrics/telemetry.js')
  const { CORRECTION_REASONS } = await import('../../src/core/totals/corrections.js')
  for (const word of [...SKIP_REASONS, ...FALLBACK_REASONS, ...STAGES, ...CORRECTION_REASONS])
    expect(readme).toContain(`\`${word}\``)
})

it('the budgets and prices in the README are valid', async () => {
  const example = (section: string): string => {
    const path = join(folder, `${section}.yaml`)
    writeFileSync(path, /```yaml\n(.*?)```/s.exec(readme.slice(readme.indexOf(`## ${section}\n`)))![1]!)
    return path
  }
  const { budgets } = loadConfig([`--config.file=${example('Budgets')}`], { HOME: folder })
  expect(budgets.map(({ name }) => name)).toEqual(['everything', 'customer work', 'opus'])
  expect(Object.keys((await readPriceFile(example('Prices'))).models ?? {})).toEqual(['glm-4.7'])
})

it('the README names every reloadable setting and no other', () => {
  const reload = /\*\*Reload\.\*\*.*?at\s+once/s.exec(readme)![0]
  const known = [...allSettings.values()].filter(({ reloadable }) => reloadable === true)
  // The README names prices instead of --prices.file, since both the file and its name may change.
  const flags = known.map(({ name }) => `--${name}`).filter((flag) => flag !== '--prices.file')
  expect(known).toHaveLength(flags.length + 1)
  expect([...reload.match(/--[a-z][a-z.-]*[a-z]/g)!].sort()).toEqual(flags.sort())
})
