// A port in use is reported in one line, and the program exits.
import { expect, it } from 'vitest'
import { serve } from '../support/program.js'
import { homes, running, transcript } from './running.js'

const home = homes()

it('exits with 1 if a port is in use', async () => {
  const planted = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  const { url } = await running(planted)
  const address = url.replace('http://', '')
  // A free port is configured as well: the program listens on all addresses or on none.
  const refusal: unknown = await serve([planted.configDir], { flags: [`--web.listen-address=${address}`] }).catch(
    (error: unknown) => error,
  )
  const escaped = address.replaceAll('.', '\\.')
  expect((refusal as Error).message).toMatch(
    new RegExp(`^serve exited with 1: agent-usage-exporter: cannot listen on ${escaped}: [^\n]*in use[^\n]*$`),
  )
  expect((await fetch(`${url}/-/healthy`)).status).toBe(200)
})
