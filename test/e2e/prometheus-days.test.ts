// Spend by day on a real Prometheus that has just been started: today equals the page, including spend before the first scrape;
// after a `backfill`, so does every earlier day.
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, type TestContext } from 'vitest'
import type { Summary } from '../../src/http/summary-schema.js'
import { expressions } from '../grafana/expressions.js'
import { line, lines } from '../support/line.js'
import { noon } from '../support/noon.js'
import { run, serve } from '../support/program.js'
import { PROMETHEUSES, SOON, startPrometheus, type Prometheus } from '../support/prometheus.js'
import { PROMTOOLS, run as runTool } from '../support/tool.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const nowMs = Date.now()
const { timeZone, starts } = noon(nowMs)
const HOUR_MS = 3_600_000
const DAYS = 5

/**
 * Several responses a day, until an hour ago, some of them shortly before and after midnight. Output of Opus 4.8 costs 25
 * dollars per million tokens.
 */
const responses = Array.from({ length: DAYS }, (_, daysAgo) =>
  [0.01, 3.3, 9.9, 10.4, 17, 23.99].map((hours, n) => ({
    id: `${daysAgo}-${n}`,
    atMs: starts.day - daysAgo * 24 * HOUR_MS + hours * HOUR_MS,
    tokens: 40_000 * (1 + n + daysAgo),
    project: n % 2 === 0 ? 'shop' : 'tool',
  })),
)
  .flat()
  .filter(({ atMs }) => atMs < nowMs - HOUR_MS)

const logs = plant(
  mkdtempSync(join(folder, 'logs-')),
  Object.fromEntries(
    responses.map(({ id, atMs, tokens, project }) => [
      `${project}/${id}.jsonl`,
      lines(
        line(`msg_${id}/r${id} o48 0/${tokens}`, {
          line: { cwd: `/w/${project}`, timestamp: new Date(atMs).toISOString() },
        }),
      ),
    ]),
  ),
)
const { expr } = expressions().find(({ place }) => place === 'spend.json: Spend by day, by project A')!

/** Dollars of each of the last days on the board, today first. */
function onBoard(prometheus: Prometheus): Promise<number[]> {
  const days = Array.from({ length: DAYS }, async (_, daysAgo) => {
    const series = await prometheus.query(expr, starts.day / 1000 - daysAgo * 86_400)
    return series.reduce((sum, { points }) => sum + points[0]!.value, 0)
  })
  return Promise.all(days)
}

async function started(context: TestContext, program: string, promtool?: string) {
  const settings = [`--timezone=${timeZone}`, '--watch.mode=off']
  const exporter = await serve([logs], { flags: settings })
  onTestFinished(async () => {
    await exporter.stop()
  })
  await exporter.ready()
  const storage = mkdtempSync(join(folder, 'storage-'))
  if (promtool !== undefined) {
    const files = join(storage, 'files')
    const where = [`--output=${files}`, `--instance=${new URL(exporter.url).host}`]
    const { code, stderr } = await run(['backfill', `--claude.config-dir=${logs}`, '--state.dir=none', ...where])
    expect({ code, stderr }).toMatchObject({ code: 0 })
    mkdirSync(join(storage, 'data'))
    for (const day of readdirSync(files)) {
      const args = ['tsdb', 'create-blocks-from', '--max-block-duration=24h', 'openmetrics', join(files, day), 'data']
      expect(runTool(context, promtool, args, storage)).toMatchObject({ status: 0 })
    }
  }
  const flags = ['--storage.tsdb.retention.time=60d']
  const data = join(storage, 'data')
  const prometheus = await startPrometheus(context, { program, folder, exporter: exporter.url, storage: data, flags })
  const { spend } = (await (await fetch(`${exporter.url}/api/summary`)).json()) as Summary
  return {
    prometheus,
    page: spend!.days
      .map(({ usd }) => usd)
      .toReversed()
      .slice(0, DAYS),
  }
}

it.for(PROMETHEUSES)(
  'the board on %s shows the whole of today on the first day of scraping',
  async (program, context) => {
    const { prometheus, page } = await started(context, program)
    expect(page[0]).toBeGreaterThan(5)
    await expect.poll(() => onBoard(prometheus), SOON).toEqual([expect.closeTo(page[0]!, 6), 0, 0, 0, 0])
  },
)

it.for(PROMETHEUSES)('each backfilled day of the board on %s equals that of the page', async (program, context) => {
  const promtool = PROMTOOLS[PROMETHEUSES.indexOf(program)]
  const { prometheus, page } = await started(context, program, promtool)
  expect(page.every((usd) => usd > 5)).toBe(true)
  // Equal to within 0.1 %.
  const near = page.map((usd): readonly unknown[] => [usd, expect.closeTo(1, 3)])
  const compared = async (): Promise<unknown> => (await onBoard(prometheus)).map((usd, n) => [page[n], usd / page[n]!])
  await expect.poll(compared, SOON).toEqual(near)
})
