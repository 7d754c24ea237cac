// A headless Chromium: the one that CHROMIUM names, or one on the PATH. Without one, tests print a message; in CI they fail.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Starts Chromium, which the caller must close. Undefined if there is none. */
export async function openBrowser(): Promise<Browser | undefined> {
  const executablePath = process.env.CHROMIUM ?? NAMES.flatMap(onPath)[0]
  if (executablePath === undefined) {
    if (process.env.CI) throw new Error('there is no Chromium on the PATH')
    console.warn('MISSING: chromium; the landing page is not looked at')
    return undefined
  }
  const { chromium } = await import('playwright-core')
  // The sandbox does not work for root, the user of containers. Only our own pages are opened.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

export interface Visit {
  readonly page: Page
  /** Messages of the console and of dialogs, and uncaught errors. */
  readonly said: readonly string[]
  /** URLs of all requests. */
  readonly asked: readonly URL[]
}

/** Opens a URL in a context of its own for the duration of the test. */
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

/** Violations that axe finds, of WCAG 2.2 A and AA and of its best practices. */
export async function violations(page: Page): Promise<readonly string[]> {
  // Evaluated through the debugger, to which the page's content security policy does not apply.
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
