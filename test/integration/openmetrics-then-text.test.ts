// Two scrapers may ask for two formats: what one is shown does not change what the other is shown next.
import { expect, it } from 'vitest'
import { homes, running, transcript } from './running.js'

const home = homes()
const OPENMETRICS = 'application/openmetrics-text;version=1.0.0'

it('shows text the same names after an OpenMetrics scrape', async () => {
  const { request } = await running(home({ 'a/A.jsonl': transcript('/w/app', '1') }))
  const show = async (accept: string) => {
    const response = await request({ headers: { accept } })
    return { type: response.headers.get('content-type'), body: await response.text() }
  }
  const before = await show('text/plain')
  const open = await show(OPENMETRICS)
  const after = await show('text/plain')
  const openAgain = await show(OPENMETRICS)
  expect(open.type).toMatch(/^application\/openmetrics-text/)
  expect(open.body).toMatch(/\n# EOF\n$/)
  expect(open.body).toContain('# TYPE agent_usage_requests counter\n')
  expect(after.type).toBe(before.type)
  expect(before.body).toContain('# TYPE agent_usage_requests_total counter\n')
  expect(names(after.body)).toEqual(names(before.body))
  expect(names(openAgain.body)).toEqual(names(open.body))
})

/** Each line but for the values of samples; those of the runtime come and go with what it collects and has open. */
function names(text: string): string[] {
  const ours = text.split('\n').filter((one) => !/^(?:# \w+ )?nodejs_/.test(one))
  return ours.map((one) => (one.startsWith('#') ? one : one.replace(/ \S+$/, '')))
}
