// --watch.mode=off: what is appended shows after the next pass, and not before.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { homes, requests, running, transcript } from './running.js'

const home = homes()

it('shows what was appended only after a pass', async () => {
  const { configDir, dir } = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  const off = await running({ configDir, dir, stateDir: `${dir}/off` }, ['--watch.mode=off'])
  const on = await running({ configDir, dir, stateDir: `${dir}/on` }, ['--watch.mode=native'])
  // Twice: the first may be found by the look that follows the start of watching.
  for (const [count, id] of [
    [2, '2'],
    [3, '3'],
  ] as const) {
    appendFileSync(join(configDir, 'projects/a/A.jsonl'), transcript('/w/app', id))
    // Whoever watches has heard of it now, so that there was something to hear.
    while (requests(await on.scrape()) < count);
    expect(requests(await off.scrape())).toBe(1)
  }
  await off.app.pass()
  expect(requests(await off.scrape())).toBe(3)
})
