// The README describes what exists, and all of it: metrics, flags and commands.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { EXPORTER, USAGE } from '../../src/metrics/catalogue.js'
import type { Summary } from '../../src/http/summary.js'
import { withExporter } from '../http/landing/made-summary.js'
import { envName, settings } from '../../src/config/settings.js'

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

it('shows the skip reasons, stages and corrections that exist', async () => {
  const { SKIP_REASONS } = await import('../../src/core/skip.js')
  const { STAGES } = await import('../../src/metrics/telemetry.js')
  const { CORRECTION_REASONS } = await import('../../src/core/totals.js')
  for (const word of [...SKIP_REASONS, ...STAGES, ...CORRECTION_REASONS]) expect(readme).toContain(`\`${word}\``)
})
