// The exact output of the built program: `once` on a made-up tree compared with a golden file, and `serve` compared with the
// catalogue in both formats. UPDATE_GOLDEN=1 accepts a changed text; the totals below are calculated by hand.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EXPORTER, USAGE, type Definition } from '../../src/metrics/catalogue.js'
import { reference } from '../reference/reference.js'
import { samples, type Sample } from '../support/exposition.js'
import { once, serve, type Served } from '../support/program.js'
import { comparable, shown } from '../support/shown.js'
import { temporaryFolder } from '../support/tree.js'

const fixture = fileURLToPath(new URL('../fixtures/exposition', import.meta.url))
const configFile = fileURLToPath(new URL('../fixtures/exposition.yaml', import.meta.url))
const goldenFile = fileURLToPath(new URL('../fixtures/exposition.golden', import.meta.url))
const folder = temporaryFolder()

/**
 * Requests; in/out/write 5m/write 1h/read; USD; searches. Each product is tokens × USD per million (claude-code-logs 5.1),
 * so sums are in millionths of a dollar. These count nothing: the file in `tool-results/`, the tool result with 9999/9999,
 * text that contains `"usage"`, `msg_n5` to `msg_n7` (synthetic, API error, no tokens), the cut-off line of `msg_s4`, a line
 * that is not UTF-8, a line of NULs, and the unfinished line of `msg_s6`.
 */
const WORKED = {
  // msg_n1, three snapshots and a copy in the worktree: 10×5 + 160×25 + 4000×10 + 20000×0.5 = 54,050.
  // The advisor of msg_n4 (5.7): 5000×5 + 200×25 = 30,000.
  // msg_w1, in the worktree, geo us (5.5): (1000×5 + 100×25 + 10000×0.5) × 1.1 = 13,750.
  'north/shop | claude-opus-4-8': '3; 6010/460/0/4000/30000; 0.0978; 0 searches',
  // msg_n2, fast (5.4): (20×4 + 100×20 + 1000×5 + 50000×0.2) × 2 = 34,160.
  'north/shop | claude-opus-5-5': '1; 20/100/1000/0/50000; 0.03416; 0 searches',
  // msg_n3: 100×2 + 50×10 = 700, and the 3 searches that its tool result reports (5.6): 30,000.
  // msg_n4: 2×2 + 100×10 + 1000×0.2 = 1,204.
  'north/shop | claude-sonnet-5': '2; 102/150/0/0/1000; 0.031904; 3 searches',
  // msg_a1, in the sub-agent's file and a copy of it. A prompt of 100,001 tokens has the long-prompt rates (5.3):
  // 1000×0.5 + 200×2.5 + 4000×0.625 + 95001×0.05 = 8,250.05.
  'north/shop | claude-haiku-5-5': '1; 1000/200/4000/0/95001; 0.00825005; 0 searches',
  // msg_s1: 5×10 + 300×50 + 9000×20 + 20000×0.25 = 200,050. msg_s5, without a timestamp: 10×50 = 500.
  'south/shop | claude-fable-5-1': '2; 5/310/0/9000/20000; 0.20055; 0 searches',
  // msg_s2, a prompt of exactly 100,000: 1000×0.1 + 200×0.5 + 4000×0.2 + 95000×0.01 = 1,950.
  'south/shop | claude-haiku-5-5': '1; 1000/200/0/4000/95000; 0.00195; 0 searches',
  // msg_s3: 700 like msg_n3, and the 2 searches in its own usage: 20,000.
  'south/shop | claude-sonnet-5': '1; 100/50/0/0/0; 0.0207; 2 searches',
  // resp-1, twice with the same prompt and without a request id (3.3, case C): the larger output counts. It has no price.
  'déjà "vu" | glm\\4.7': '1; 3000/80/0/0/500; 0; 0 searches',
  // resp-2, with an empty model name.
  'déjà "vu" | unknown': '1; 40/2/0/0/0; 0; 0 searches',
  // msg_l1, without a cwd, so its project is the slug. Cache writes without a split are five-minute writes (5.2):
  // 10×15 + 10×75 + 400×18.75 = 8,400.
  'legacy-notes | claude-3-opus': '1; 10/10/400/0/0; 0.0084; 0 searches',
}
const UNPRICED = { 'glm\\4.7': 3000 + 80 + 500, unknown: 40 + 2 }

let printed = ''
let served: Served | undefined
let text = ''
let openMetrics = ''
let openMetricsType: string | null = null

beforeAll(async () => {
  printed = await once([fixture], { flags: [`--config.file=${configFile}`] })
  // A state directory, so that the metrics of the store have samples.
  const stateDir = mkdtempSync(join(folder, 'state-'))
  served = await serve([fixture], { stateDir, flags: [`--config.file=${configFile}`, '--watch.mode=off'] })
  await served.ready()
  await scrapeOpenMetrics(served)
  // Scraped between two OpenMetrics scrapes: the library changes names while it prints OpenMetrics.
  text = await served.scrape()
  await scrapeOpenMetrics(served)
})
afterAll(() => served?.stop())

it('prints the golden text', () => {
  const found = steady(printed)
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(goldenFile, found)
  expect(found).toBe(readFileSync(goldenFile, 'utf8'))
})

it('prints the totals calculated by hand, and so does the reference', () => {
  const found = shown(printed)
  expect(comparable(found.perProjectModel)).toEqual(WORKED)
  expect(Object.fromEntries(found.unpricedTokens)).toEqual(UNPRICED)
  expect(comparable(reference([fixture], { nowMs: Date.now() }).perProjectModel)).toEqual(WORKED)
})

it('promtool accepts the printed and the served text', () => {
  for (const input of [printed, text]) {
    const { error, status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' })
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT' && !process.env.CI) {
      console.warn('MISSING: promtool; what it would say of the exposition is not checked')
      return
    }
    expect({ error, status, says: stdout + stderr }).toEqual({ error: undefined, status: 0, says: '' })
  }
})

it('prints and serves exactly the metrics of the catalogue, with type, help and labels', () => {
  const definitions: readonly Definition[] = [...Object.values(USAGE), ...Object.values(EXPORTER)]
  // These logs state no cost.
  const noLabels = { labels: [], shown: false }
  const catalogue = described(
    definitions.map((one) => ({ ...one, shown: true, ...(one === USAGE.loggedCost && noLabels) })),
  )
  expect(described(families(printed, ''))).toEqual(catalogue)
  expect(described(families(text, '').filter(ours))).toEqual(catalogue)
  expect(described(families(openMetrics, '_total').filter(ours))).toEqual(catalogue)
})

it('shows an instance id that stays the same while it runs', () => {
  const ids = [printed, text, openMetrics].map(
    (body) => /^agent_usage_exporter_instance_info\{id="([^"]+)"\} 1$/m.exec(body)?.[1],
  )
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
  expect(ids[2]).toBe(ids[1])
})

it('has metrics of the process only if it serves', () => {
  const foreign = (body: string) => families(body, '').flatMap((family) => (ours(family) ? [] : [family.name]))
  expect(foreign(printed)).toEqual([])
  expect(foreign(text)).toEqual(expect.arrayContaining(['process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds']))
})

it('serves OpenMetrics on request, with the same usage', () => {
  expect(openMetricsType).toMatch(/^application\/openmetrics-text; ?version=1\.0\.0\b/)
  expect(openMetrics).toMatch(/\n# EOF\n$/)
  expect(openMetrics.match(/^# EOF|^$/gm)).toEqual(['# EOF', ''])
  expect(openMetrics).not.toMatch(/^# (HELP|TYPE) agent_usage\S*_total /m)
  expect(openMetrics).not.toMatch(/^# TYPE \S+_total counter$/m)
  expect(used(openMetrics)).toEqual(used(text))
  expect(used(text).length).toBeGreaterThan(100)
})

async function scrapeOpenMetrics({ url }: Served): Promise<void> {
  const response = await fetch(`${url}/metrics`, { headers: { accept: 'application/openmetrics-text;version=1.0.0' } })
  openMetricsType = response.headers.get('content-type')
  openMetrics = await response.text()
}

/** The text in a fixed order, with values that depend on time and place masked. */
function steady(body: string): string {
  const blocks = body
    .trimEnd()
    .split('\n\n')
    .map((block) => {
      const lines = block.split('\n').map(masked)
      // Series appear in the order in which files were found; the order of buckets is fixed.
      return (/^# TYPE \S+ histogram$/m.test(block) ? lines : lines.sort()).join('\n')
    })
  return `${blocks.join('\n\n')}\n`
}

const VOLATILE = [
  /^agent_usage_exporter_(parse|pass)_duration_seconds_(sum|bucket\{le="[\d.]+"\}) /,
  /^agent_usage_exporter_(last_pass|oldest_transcript|config_last_reload_success)_timestamp_seconds /,
  /^agent_usage_(period_cost|budget_spent)_usd\{/,
  /^agent_usage_period_start_timestamp_seconds\{/,
]

function masked(line: string): string {
  if (/^agent_usage_exporter_(build|instance)_info\{/.test(line)) return line.replaceAll(/"[^"]+"/g, '"*"')
  // Masks only numbers, because NaN and infinities would be wrong here.
  return VOLATILE.some((pattern) => pattern.test(line)) ? line.replace(/ [\d.]+(e-\d+)?$/, ' *') : line
}

interface Family extends Definition {
  /** Whether it has a sample. */
  readonly shown: boolean
}

/**
 * Metric families of a text. Throws on a line out of order, and on a sample that the preceding TYPE does not allow.
 *
 * @param total suffix that samples of a counter add to the name in its TYPE; it is part of the returned name
 */
function families(body: string, total: '' | '_total'): Family[] {
  const suffixes = new Map([
    ['counter', [total]],
    ['gauge', ['']],
    ['histogram', ['_bucket', '_sum', '_count']],
  ])
  const all: { name: string; help: string; type: string; labels: Set<string>; shown: boolean }[] = []
  for (const line of body.split('\n')) {
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? []
    const last = all.at(-1)
    if (word === 'HELP' && all.every((family) => family.name !== name)) {
      all.push({ name, help: rest, type: '', labels: new Set(), shown: false })
    } else if (word === 'TYPE' && last?.name === name && last.type === '') last.type = rest
    else if (word !== undefined) throw new Error(`out of order: ${line}`)
    for (const sample of samples(line)) {
      if (!suffixes.get(last?.type ?? '')?.some((suffix) => sample.name === `${last!.name}${suffix}`)) {
        throw new Error(`the TYPE before it does not allow it: ${line}`)
      }
      last!.shown = true
      for (const label of Object.keys(sample.labels)) if (label !== 'le') last!.labels.add(label)
    }
  }
  return all.map(({ type, ...family }) => ({
    ...family,
    name: type === 'counter' ? family.name + total : family.name,
    type: type as Definition['type'],
    labels: [...family.labels],
  }))
}

function described(all: readonly Family[]): Record<string, object> {
  return Object.fromEntries(
    all.map(({ name, type, help, labels, shown }) => [name, { type, help, labels: [...labels].sort(), shown }]),
  )
}

function ours({ name }: { readonly name: string }): boolean {
  return name.startsWith('agent_usage')
}

/** Usage samples. Those of periods are left out, since midnight may pass between two scrapes. */
function used(body: string): Sample[] {
  return samples(body).filter(
    (sample) => ours(sample) && !/^agent_usage_(exporter_|period_|budget_spent_usd$)/.test(sample.name),
  )
}
