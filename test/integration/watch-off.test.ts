// --watch.mode=off: appended lines show after the next pass and not before.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { homes, requests, running, transcript } from './running.js'

const home = homes()

it('shows appended lines only after a pass', async () => {
  const { configDir, dir } = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  const off = await running({ configDir, dir, stateDir: `${dir}/off` }, ['--watch.mode=off'])
  const on = await running({ configDir, dir, stateDir: `${dir}/on` }, ['--watch.mode=native'])
  // Twice, because the pass that follows the start of watching may find the first line.
  for (const [count, id] of [
    [2, '2'],
    [3, '3'],
  ] as const) {
    appendFileSync(join(configDir, 'projects/a/A.jsonl'), transcript('/w/app', id))
    // The program that watches has noticed the line, so an event was there to be noticed.
    while (requests(await on.scrape()) < count);
    expect(requests(await off.scrape())).toBe(1)
  }
  await off.app.pass()
  expect(requests(await off.scrape())).toBe(3)
})
