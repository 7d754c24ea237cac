// A scrape in one format does not change the next one in another.
import { expect, it } from 'vitest'
import { homes, running, transcript } from './running.js'

const home = homes()
const OPENMETRICS = 'application/openmetrics-text;version=1.0.0'

it('text and OpenMetrics keep their names when scrapes alternate', async () => {
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

/** Every line without its value, except metrics of Node.js, whose series come and go. */
function names(text: string): string[] {
  const ours = text.split('\n').filter((one) => !/^(?:# \w+ )?nodejs_/.test(one))
  return ours.map((one) => (one.startsWith('#') ? one : one.replace(/ \S+$/, '')))
}
