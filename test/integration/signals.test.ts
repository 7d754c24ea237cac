// SIGTERM and SIGINT stop the program cleanly: exit code 0, the state stored, its directory unlocked.
import { expect, it } from 'vitest'
import { samples, sumOf } from '../support/exposition.js'
import { once, serve } from '../support/program.js'
import { homes, requests, transcript } from './running.js'

const home = homes()

it.each(['SIGTERM', 'SIGINT'] as const)('exits with 0 on %s', async (signal) => {
  const { configDir, stateDir } = home({ 'a/A.jsonl': transcript('/w/app', '1', '2') })
  const served = await serve([configDir], { stateDir })
  await served.ready()
  expect(await served.stop(signal)).toBe(0)
  await expect(fetch(served.url)).rejects.toThrow()

  const all = samples(await once([configDir], { stateDir }))
  expect(requests(all)).toBe(2)
  // The file is known from the state and not read again.
  expect(sumOf(all, 'agent_usage_exporter_bytes_read_total')).toBe(0)
})

it('exits with 0 if it is stopped before it is ready', async () => {
  const { configDir, stateDir } = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  const served = await serve([configDir], { stateDir })
  expect(await served.stop()).toBe(0)
})
