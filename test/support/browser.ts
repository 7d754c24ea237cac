// A headless Chromium: the one that CHROMIUM names, or one on the PATH. Where there is none, tests say so; in CI that is
// a failure.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Undefined where there is no Chromium. The caller closes it. */
export async function openBrowser(): Promise<Browser | undefined> {
  const executablePath = process.env.CHROMIUM ?? NAMES.flatMap(onPath)[0]
  if (executablePath === undefined) {
    if (process.env.CI) throw new Error('there is no Chromium on the PATH')
    console.warn('MISSING: chromium; the landing page is not looked at')
    return undefined
  }
  const { chromium } = await import('playwright-core')
  // Its sandbox does not work for root, as whom containers run; it sees our own pages only.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

export interface Visit {
  readonly page: Page
  /** What the console and dialogs said, and what was thrown. */
  readonly said: readonly string[]
  /** Everything that it asked for. */
  readonly asked: readonly URL[]
}

/** Opens the URL in a context of its own, until the test is over. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { readonly timeless?: boolean; readonly atMs?: number } = {},
): Promise<Visit> {
  const { timeless = false, atMs, ...own } = options
  const context = await browser.newContext(own)
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const said: string[] = []
  const asked: URL[] = []
  page.on('console', (message) => void said.push(message.text()))
  page.on('pageerror', (error) => void said.push(error.message))
  page.on('dialog', (dialog) => {
    said.push(dialog.message())
    void dialog.dismiss()
  })
  page.on('request', (request) => void asked.push(new URL(request.url())))
  if (timeless) await page.clock.install()
  if (atMs !== undefined) await page.clock.setFixedTime(atMs)
  await page.goto(url)
  return { page, said, asked }
}

/** What axe finds wrong, of WCAG 2.2 A and AA and of good practice. */
export async function violations(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger, which the page's policy does not bind.
  await page.evaluate(axe.source)
  const results = await page.evaluate<axe.AxeResults>('axe.run(document)')
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${String(failureSummary)}`),
  )
}

function onPath(name: string): string[] {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .filter(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
