// A clock that was ahead and is set back: which real receivers accept a push that is older than the one before.
import { expect, it, type TestContext } from 'vitest'
import { DrivenState } from '../core/driven-state.js'
import { PLAIN } from '../core/made-lines.js'
import { pushing } from '../outputs/otlp/pushing.js'
import { PROMETHEUSES, startPrometheus } from '../support/prometheus.js'
import { RECEIVERS } from '../support/receivers.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const MINUTE_MS = 60_000

/** Starts Prometheus with its default settings. */
async function startPlain(context: TestContext, place: string): Promise<{ readonly endpoint: string }> {
  const flags = ['--web.enable-otlp-receiver']
  const { url } = await startPrometheus(context, { program: PROMETHEUSES[1], folder: place, flags })
  return { endpoint: `${url}/api/v1/otlp` }
}

it.for([
  { receiver: 'Prometheus 3', start: RECEIVERS['Prometheus 3']!, takes: [true, true, false] },
  { receiver: 'Prometheus 3 with default settings', start: startPlain, takes: [true, false, false] },
  {
    receiver: 'a Collector that writes to Prometheus 3',
    start: RECEIVERS['a Collector that writes to Prometheus 3']!,
    takes: [true, true, false],
  },
  {
    receiver: 'a Collector that Prometheus scrapes',
    start: RECEIVERS['a Collector that Prometheus scrapes']!,
    takes: [true, true, true],
  },
  { receiver: 'VictoriaMetrics', start: RECEIVERS['VictoriaMetrics']!, takes: [true, true, true] },
])('$receiver accepts pushes of now, 25 and 35 minutes ago: $takes', async ({ start, takes }, context) => {
  const { endpoint } = await start(context, folder)
  const driven = new DrivenState()
  driven.tell([{ ...PLAIN, key: 'm1', place: 'agent/old/s1' }])
  driven.book()
  driven.commit()
  const { push } = pushing(driven, endpoint, { timeoutMs: 1_000 })
  const ahead = Date.now()
  const taken: boolean[] = []
  for (const minutes of [0, 25, 35]) {
    driven.nowMs = ahead - minutes * MINUTE_MS
    taken.push(await push.now())
  }
  expect(taken).toEqual(takes)
  // Once the clock has caught up, all receivers accept pushes again.
  driven.nowMs = ahead + 1
  expect(await push.now()).toBe(true)
})
