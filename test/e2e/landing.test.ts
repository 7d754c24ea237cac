// The landing page of the built program in a real browser, with hostile logs: it fits every width, is accessible in both
// themes, loads nothing from other origins, and logs nothing to the console.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, violations, visit } from '../support/browser.js'
import { line, lines } from '../support/line.js'
import { serve, type Served } from '../support/program.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()

const HOSTILE = [
  '<script>alert(1)',
  '"><img src=x onerror=alert(1)>',
  `it's "quoted" & co`,
  '\u202Egnitset',
  'مشروع',
  'x'.repeat(200),
  '&lt;b&gt;',
]
const timestamp = new Date().toISOString()
const responses = HOSTILE.map((name, n) =>
  line(`msg_${n}/r${n} o48 10/${10_000 * (n + 1)}`, { line: { cwd: `/w/${name}`, timestamp } }),
)
const unpriced = line('msg_m/rm <img/src=x> 10/10', { line: { cwd: '/w/a', timestamp } })
const files = Object.fromEntries([...responses, unpriced].map((text, n) => [`p${n}/S${n}.jsonl`, lines(text)] as const))

let browser: Browser | undefined
let served: Served | undefined

beforeAll(async () => {
  browser = await openBrowser()
  const budgets = HOSTILE.map((name, n) => ({
    name,
    period: ['day', 'week', 'month'][n % 3],
    limit_usd: 10 ** (n - 1),
  }))
  const config = join(folder, 'budgets.yaml')
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ budgets }))
  // A named directory is missing, so the page begins with a trouble.
  const nowhere = join(folder, 'x'.repeat(100), 'y'.repeat(100))
  const logs = plant(mkdtempSync(join(folder, 'hostile-')), files)
  served = await serve([logs, nowhere], { flags: ['--watch.mode=off', `--config.file=${config}`] })
  await served.ready()
})
afterAll(async () => {
  await Promise.all([browser?.close(), served?.stop()])
})

/** Elements that extend beyond the right edge of their card. */
const STICKING = `[...document.querySelectorAll('main *')].filter((one) => {
  const card = one.closest('article, section:not(.periods), .troubles')
  return card !== null && !one.closest('svg, .unseen') && one.getBoundingClientRect().right > card.getBoundingClientRect().right
}).map((one) => one.outerHTML)`

const ADDRESSES = ['/', '/?last=12-months']
const everywhere = (widths: readonly number[]) =>
  widths.flatMap((width) => ADDRESSES.map((address) => [width, address] as const))

it.each(everywhere([320, 360, 390, 768, 1280]))('the page fits %d pixels at %s', async (width, address) => {
  if (browser === undefined) return
  const { page } = await visit(browser, served!.url + address, { viewport: { width, height: 900 } })
  await page.getByText('As a table').click()
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
  expect(await page.evaluate(STICKING)).toEqual([])
})

describe.each(['light', 'dark'] as const)('the %s page', (colorScheme) => {
  it.each(everywhere([390, 1280]))(
    'is accessible at %d pixels at %s, and neither logs messages nor sends requests to other origins',
    async (width, address) => {
      if (browser === undefined) return
      const { page, said, asked } = await visit(browser, served!.url + address, {
        colorScheme,
        viewport: { width, height: 900 },
      })
      await page.getByText('As a table').click()
      expect(await violations(page)).toEqual([])
      expect(said).toEqual([])
      const elsewhere = asked.filter(({ protocol, origin }) => protocol !== 'data:' && origin !== served!.url)
      expect({ asked: asked.length > 0, elsewhere }).toEqual({ asked: true, elsewhere: [] })
    },
  )
})

it('hostile names are shown as text', async () => {
  if (browser === undefined) return
  const { page, said } = await visit(browser, served!.url)
  const ofNames = (what: string): Promise<unknown> =>
    page.evaluate(`[...document.querySelectorAll('#project-table .name')].map((name) => ${what})`)
  const dearestFirst = HOSTILE.toReversed()
  expect(await ofNames('name.textContent')).toEqual(dearestFirst)
  expect(await ofNames('name.title')).toEqual(dearestFirst)
  expect(await page.getByText('<img/src=x>: 20 tokens').count()).toBe(1)
  expect(
    await page.evaluate(`[...document.querySelectorAll('#budget-table .name')].map((name) => name.textContent)`),
  ).toEqual(HOSTILE)
  expect(await page.locator('main > :first-child').textContent()).toContain('no such directory')
  expect(await page.locator('main :is(img, script, b)').count()).toBe(0)
  expect(said).toEqual([])

  // Each name takes one line, and a long one is cut off. Control characters for direction affect only their own name.
  const one = await page.locator('#project-table .name', { hasText: 'quoted' }).boundingBox()
  expect(await ofNames('name.getBoundingClientRect().height')).toEqual(HOSTILE.map(() => one!.height))
  expect(await ofNames('name.scrollWidth > name.clientWidth')).toEqual(dearestFirst.map(({ length }) => length === 200))
  expect(await ofNames('getComputedStyle(name).unicodeBidi')).toEqual(HOSTILE.map(() => 'isolate'))
})

it('the page is complete without scripts', async () => {
  if (browser === undefined) return
  const { page } = await visit(browser, served!.url, { javaScriptEnabled: false })
  expect(await page.locator('#today .sum').textContent()).toMatch(/^\$\d/)
  expect(await page.locator('.plot .bar').count()).toBe(30)
  expect(await page.locator('#pause').isVisible()).toBe(false)
  await page.getByRole('link', { name: '12 months' }).click()
  expect(await page.locator('.plot .bar').count()).toBe(12)
  expect(await page.getByRole('link', { name: '12 months' }).getAttribute('aria-current')).toBe('true')
})

it('the page can be used with the keyboard alone', async () => {
  if (browser === undefined) return
  const { page } = await visit(browser, served!.url)
  const reached: (string | null)[] = []
  for (let step = 0; step < 8; step += 1) {
    await page.keyboard.press('Tab')
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
    reached.push(await page.locator(':focus').textContent())
  }
  const links = ['Metrics', 'Summary as JSON', '30 days', '12 months', 'As a table', 'ready?', 'healthy?']
  expect(reached).toEqual([...links, 'Pause updates'])
  await page.locator('summary').focus()
  await page.keyboard.press('Enter')
  expect(await page.locator('#chart-table').isVisible()).toBe(true)
  expect(await page.locator('#chart-table tbody tr').count()).toBe(30)
})
