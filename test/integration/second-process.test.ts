// One process per state directory: a second one exits with one line that names the directory, and the first keeps running.
import { expect, it } from 'vitest'
import { once, serve } from '../support/program.js'
import { homes, requests, running, transcript } from './running.js'

const home = homes()

it.each([
  ['once', once],
  ['serve', serve],
])('%s exits with 1 if its state directory is in use', async (command, start) => {
  const planted = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  const first = await running(planted)
  const { stateDir } = planted
  const refusal: unknown = await start([planted.configDir], { stateDir }).catch((error: unknown) => error)
  const message = (refusal as Error).message
  expect(message).toMatch(
    new RegExp(`^${command} exited with 1: agent-usage-exporter: [^\n]*${stateDir} is in use[^\n]*\n?$`),
  )
  expect(message).toContain(`pid ${process.pid}`)

  await first.app.pass()
  expect(requests(await first.scrape())).toBe(1)
  expect(first.complaints).toEqual([])
  await first.app.stop()
  expect(await once([planted.configDir], { stateDir })).toContain('agent_usage_requests_total{')
})
