// The pictures in the READMEs exist and are small. UPDATE_PICTURES=1 takes new ones of the demo's landing page.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { openBrowser, visit } from '../support/browser.js'
import { serveDemo } from '../support/program.js'

const images = fileURLToPath(new URL('../../grafana/images', import.meta.url))
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const PICTURES = [
  { name: 'landing', viewport: { width: 1080, height: 1000 } },
  { name: 'landing-phone', viewport: { width: 390, height: 780 } },
]

it('pictures of the landing page are small and shown in the README', async () => {
  if (process.env.UPDATE_PICTURES === '1') await takePictures()
  const taken = PICTURES.flatMap(({ name }) => [`${name}-dark.png`, `${name}-light.png`])
  expect(
    readdirSync(images)
      .filter((name) => name.startsWith('landing'))
      .sort(),
  ).toEqual(taken)
  for (const name of taken) {
    expect(statSync(join(images, name)).size).toBeLessThan(100_000)
    expect(readme).toContain(`grafana/images/${name}`)
  }
})

it('pictures of the boards are small and shown in their README', () => {
  const shown = readFileSync(new URL('../../grafana/README.md', import.meta.url), 'utf8')
  const others = readdirSync(images).filter((name) => !name.startsWith('landing'))
  expect(others.sort()).toEqual(['spend-dark.png', 'spend-light.png'])
  for (const name of others) {
    expect(statSync(join(images, name)).size).toBeLessThan(100_000)
    expect(shown).toContain(`images/${name}`)
  }
})

async function takePictures(): Promise<void> {
  const browser = await openBrowser()
  const demo = await serveDemo('--timezone=UTC')
  onTestFinished(async () => {
    await browser?.close()
    await demo.stop()
  })
  await demo.ready()
  for (const { name, viewport } of PICTURES) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await visit(browser!, demo.url, { colorScheme, viewport })
      await page.screenshot({ path: join(images, `${name}-${colorScheme}.png`) })
    }
  }
}
