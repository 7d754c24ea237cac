// The histogram that counts by itself prints what the library's own would.
import { Histogram, Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { EXPORTER } from '../../src/metrics/catalogue.js'
import { registerTally } from '../../src/metrics/tally.js'

const DEFINITION = EXPORTER.parseDuration
const OBSERVED = [0, 0.0001, 0.00011, 0.25, 0.2500001, 10, 11, 1e-9, 3600]

describe('a tally', () => {
  it('prints like the library, before and after it counted', async () => {
    const [ours, theirs] = [new Registry(), new Registry()]
    const count = registerTally(ours, DEFINITION)
    const { name, help, buckets } = DEFINITION
    const library = new Histogram({ name, help, buckets: [...buckets], registers: [theirs] })
    expect(await ours.metrics()).toBe(await theirs.metrics())
    for (const value of OBSERVED) {
      count(value)
      library.observe(value)
    }
    expect(await ours.metrics()).toBe(await theirs.metrics())
    const { values } = await ours.getSingleMetric(name)!.get()
    expect(values.at(-1)).toMatchObject({ metricName: `${name}_count`, value: OBSERVED.length })
  })
})
