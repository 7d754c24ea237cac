// The script of the landing page in a real browser with a fixed clock: it updates the page without disturbing the reader.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { renderLanding } from '../../src/http/landing/page.js'
import { stretchAsked } from '../../src/http/landing/stretch.js'
import { startServer } from '../../src/http/server.js'
import type { Summary } from '../../src/http/summary-schema.js'
import { SPEND, SUMMARY } from '../http/landing/made-summary.js'
import { openBrowser, visit } from '../support/browser.js'

let browser: Browser | undefined
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** Summary that the server renders. */
let summary: Summary = SUMMARY

async function opened(first = SUMMARY) {
  summary = first
  const never = () => Promise.reject(new Error('nobody asks for it'))
  const server = await startServer({
    listen: [{ host: '127.0.0.1', port: 0 }],
    telemetryPath: '/metrics',
    pages: {
      scrape: never,
      summary: never,
      ready: () => true,
      landing: (query) =>
        Promise.resolve(
          renderLanding(summary, { telemetryPath: '/metrics', directories: [], stretch: stretchAsked(query) }),
        ),
    },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  })
  onTestFinished(() => server.close())
  return visit(browser!, server.addresses[0]!, { timeless: true })
}

const spending = (usd: number): Summary => ({ ...SUMMARY, spend: { ...SPEND, today: { ...SPEND.today, usd } } })
const later = (page: Page): Promise<void> => page.clock.runFor(5_000)
const today = (page: Page) => page.locator('#today .sum')

it('updates changed parts every five seconds and keeps focus and open details', async () => {
  if (browser === undefined) return
  const { page, said } = await opened()
  await page.locator('summary').click()
  summary = spending(77)
  await page.clock.runFor(4_000)
  expect(await today(page).textContent()).toBe('$4.20')
  await page.clock.runFor(1_000)
  await expect.poll(() => today(page).textContent()).toBe('$77.00')
  expect(await page.evaluate(`document.querySelector('details').open`)).toBe(true)
  expect(await page.evaluate(`document.querySelector('summary') === document.activeElement`)).toBe(true)
  expect(said).toEqual([])
})

it('keeps the selected 12 months', async () => {
  if (browser === undefined) return
  const { page, asked } = await opened()
  await page.getByRole('link', { name: '12 months' }).click()
  expect(await page.locator('.plot .bar').count()).toBe(12)
  summary = spending(77)
  await later(page)
  await expect.poll(() => today(page).textContent()).toBe('$77.00')
  expect(await page.locator('.plot .bar').count()).toBe(12)
  expect(asked.at(-1)!.search).toBe('?last=12-months')
  await page.getByRole('link', { name: '30 days' }).click()
  await expect.poll(() => page.locator('.plot .bar').count()).toBe(30)
})

it('does not update the chart while the pointer is over it', async () => {
  if (browser === undefined) return
  const { page } = await opened()
  await page.locator('#chart').hover()
  const other = SPEND.days.map(({ date }) => ({ date, usd: 1 }))
  summary = { ...SUMMARY, spend: { ...spending(77).spend!, days: other } }
  await later(page)
  await expect.poll(() => today(page).textContent()).toBe('$77.00')
  expect(await page.locator('.plot').getAttribute('aria-label')).toContain('today $29.00')
  await page.mouse.move(0, 0)
  await later(page)
  await expect.poll(() => page.locator('.plot').getAttribute('aria-label')).toContain('today $1.00')
})

it('sends no request while text is selected or updates are paused', async () => {
  if (browser === undefined) return
  const { page, asked } = await opened()
  summary = spending(77)
  const before = asked.length
  await today(page).selectText()
  await later(page)
  await page.evaluate('getSelection().removeAllRanges()')
  await page.getByRole('button', { name: 'Pause updates' }).click()
  await later(page)
  expect(asked.length).toBe(before)
  await page.getByRole('button', { name: 'Resume updates' }).click()
  await expect.poll(() => today(page).textContent()).toBe('$77.00')
})

it('reloads the page once the first pass is complete', async () => {
  if (browser === undefined) return
  const { page } = await opened({ ...SUMMARY, spend: null, exporter: { ...SUMMARY.exporter, ready: false } })
  expect(await page.locator('.plot').count()).toBe(0)
  summary = SUMMARY
  await later(page)
  await expect.poll(() => page.locator('.plot').count()).toBe(1)
})

it('shows a message while the exporter does not answer', async () => {
  if (browser === undefined) return
  const { page } = await opened()
  const status = () => page.getByRole('status').innerText()
  await page.route('**/*', (route) => route.abort())
  await later(page)
  await expect.poll(status).toBe('The exporter does not answer.')
  await page.unroute('**/*')
  await later(page)
  await expect.poll(status).toBe('')
})
