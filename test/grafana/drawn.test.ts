// The boards as readers see them, drawn by Grafana's own components from a real Prometheus: dark and light, narrow and wide, for
// one machine and for fifty, in the first hour and after 30 days. AUE_PICTURES=FOLDER keeps the pictures, and UPDATE_PICTURES=1 takes
// those of the README anew.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { expect, it, onTestFinished, type TestContext } from 'vitest'
import { openBrowser, visit } from '../support/browser.js'
import { startPrometheus } from '../support/prometheus.js'
import { PROMTOOLS } from '../support/tool.js'
import { temporaryFolder } from '../support/tree.js'
import { boardNames, grafanaFolder } from './boards.js'
import { bundlePage, serveBoards } from './drawing/site.js'
import { WORLDS, createWorlds, type World } from './drawing/worlds.js'

const folder = temporaryFolder()
const pictures = process.env['AUE_PICTURES']
const drawing = fileURLToPath(new URL('drawing', import.meta.url))
const installed = existsSync(join(drawing, 'node_modules'))
const MISSING = 'MISSING: npm ci --prefix test/grafana/drawing; the boards are not drawn'
if (!installed && !process.env.CI) console.warn(MISSING)

/** Widths in pixels. What is cut off depends on the width alone, and which colours are alike on the theme alone. */
const LOOKS = [
  { theme: 'dark', width: 1280 },
  { theme: 'light', width: 1600 },
] as const
const OTHER_LOOKS = [
  { theme: 'light', width: 1280 },
  { theme: 'dark', width: 1600 },
] as const
const updates = process.env.UPDATE_PICTURES === '1'
const looks = updates || pictures !== undefined ? [...LOOKS, ...OTHER_LOOKS] : LOOKS
/** All of a board. */
const HEIGHT = 5_000

/** Of the README. */
const PICTURED = WORLDS.find(({ name }) => name === 'one machine, 30 days')

/** Panels that have nothing to show, because nothing of that kind has happened. */
const EMPTY: Readonly<Record<(typeof boardNames)[number], readonly string[]>> = {
  spend: ['Cost told by the logs'],
  exporter: ['Errors', 'Corrections'],
}
/** Whether anything did is up to the made-up logs. */
const MAYBE_EMPTY = ['Lines skipped']

// Not a skipped test, which would count as failed.
if (installed || process.env.CI) {
  it('reads well: nothing is cut off, covered, alike in colour, of another size, or without data', async (context) => {
    expect(installed, MISSING).toBe(true)
    const { browser, site } = await prepare(context)
    if (pictures !== undefined) mkdirSync(pictures, { recursive: true })
    const seen: Record<string, unknown> = {}
    const wanted: Record<string, unknown> = {}
    for (const world of WORLDS) {
      for (const board of boardNames) {
        for (const { theme, width } of looks) {
          const name = [board, world.name, theme, width].join(', ')
          seen[name] = await look(browser, site, { name, world, board, theme, width })
          wanted[name] = { faults: [], empty: EMPTY[board] }
        }
      }
    }
    expect(seen).toEqual(wanted)
    // Fifty machines take long to fill in, and longer where other tests run beside.
  }, 900_000)
}

async function prepare(context: TestContext): Promise<{ readonly browser: Browser; readonly site: string }> {
  const browser = await openBrowser()
  if (browser === undefined) context.skip('MISSING: chromium')
  onTestFinished(() => browser.close())
  const [files, storage] = await Promise.all([bundlePage(), createWorlds(context, folder, PROMTOOLS[0])])
  const prometheus = await startPrometheus(context, { folder, storage, flags: ['--storage.tsdb.retention.time=10y'] })
  return { browser, site: await serveBoards(files, prometheus.url) }
}

interface Look {
  readonly name: string
  readonly world: World
  readonly board: (typeof boardNames)[number]
  readonly theme: (typeof looks)[number]['theme']
  readonly width: number
}

/** What disturbs, and which panels are empty. */
async function look(browser: Browser, site: string, { name, world, board, theme, width }: Look): Promise<unknown> {
  const { end, range, scrape } = world
  const numbers = { end: String(end), range: String(range), scrape: String(scrape) }
  const query = new URLSearchParams({ board, theme, by: 'project', name: world.name, ...numbers })
  const { page, said } = await visit(browser, `${site}/?${query.toString()}`, {
    viewport: { width, height: HEIGHT },
    timezoneId: 'UTC',
    atMs: end * 1000,
  })
  await page.waitForSelector('body[data-drawn]')
  if (pictures !== undefined) {
    const file = `${name.replaceAll(/\W+/g, '-')}.png`
    await page.locator('#root').screenshot({ path: join(pictures, file) })
  }
  if (updates && board === 'spend' && world === PICTURED && width === 1280) await takePicture(page, theme)
  const faults = await page.evaluate<string[]>('faults()')
  const empty = await page.evaluate<string[]>('empty()')
  await page.context().close()
  // Its fonts are part of Grafana itself.
  const complaints = said.filter((message) => !/font|OTS/.test(message))
  return { faults: [...faults, ...complaints], empty: empty.filter((title) => !MAYBE_EMPTY.includes(title)) }
}

/** What of the board needs no scrolling: down to the budgets. */
async function takePicture(page: Page, theme: string): Promise<void> {
  const { y } = (await page.locator('[data-panel]').first().boundingBox())!
  const last = (await page.locator('[data-title="Budgets"]').boundingBox())!
  const clip = { x: 0, y: y - 8, width: 1280, height: last.y + last.height - y + 16 }
  await page.screenshot({ path: join(grafanaFolder, 'images', `spend-${theme}.png`), clip })
}
