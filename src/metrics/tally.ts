// A histogram for what happens thousands of times in a cold pass. The library's object prints it; to count is ours, as one
// observation of the library's takes some microseconds while its code is not yet compiled.
import type { Registry } from 'prom-client'
import type { Definition } from './catalogue.js'
import { Histogram } from './prom-client.js'

/** Registers a histogram without labels; answers what counts an observation in it. */
export function registerTally(registry: Registry, definition: Definition): (value: number) => void {
  const { name, help } = definition
  const bounds = [...definition.buckets!]
  /** The last is for what is above all bounds. */
  const counts = new Float64Array(bounds.length + 1)
  let sum = 0

  function values(): readonly object[] {
    let count = 0
    const value = (metricName: string, labels: object, number: number): object => ({
      metricName,
      labels,
      sharedLabels: {},
      value: number,
    })
    const buckets = [...bounds, '+Inf'].map((le, index) => {
      count += counts[index]!
      return value(`${name}_bucket`, { le }, count)
    })
    return [...buckets, value(`${name}_sum`, {}, sum), value(`${name}_count`, {}, count)]
  }

  const metric = new Histogram({ name, help, buckets: bounds, registers: [registry] })
  Object.assign(metric, {
    getForPromString: () => Promise.resolve({ name, help, type: definition.type, aggregator: 'sum', values: values() }),
  })

  return (value) => {
    let bucket = 0
    while (bucket < bounds.length && value > bounds[bucket]!) bucket += 1
    counts[bucket]! += 1
    sum += value
  }
}
