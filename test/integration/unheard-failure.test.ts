// A failure that nobody awaits does not end the process, and is reported to a later request.
import { setImmediate } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { homes, running, transcript } from './running.js'

vi.mock('prom-client/lib/defaultMetrics.js', () => ({
  default: () => {
    throw new Error('no metrics of the process')
  },
}))

const home = homes()

it('a scrape returns 500 if the metrics of the process cannot be loaded', async () => {
  const unheard: unknown[] = []
  const hear = (error: unknown): void => void unheard.push(error)
  process.on('unhandledRejection', hear)
  const { request, complaints } = await running(home({ 'a/A.jsonl': transcript('/w/app', '1') }))
  // The failing modules have been loaded before the request.
  await Promise.all([import('../../src/metrics/usage.js'), import('prom-client/lib/defaultMetrics.js')])
  for (let turn = 0; turn < 10; turn += 1) await setImmediate()
  expect((await request({})).status).toBe(500)
  process.off('unhandledRejection', hear)
  expect(unheard).toEqual([])
  expect(complaints.map(({ message }) => message)).toEqual(['a page failed'])
})
