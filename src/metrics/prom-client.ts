// Those classes of prom-client that every start needs, each from its own file: the library's index loads the rest of it,
// and OpenTelemetry with it, which takes three times as long.
export { default as Counter } from 'prom-client/lib/counter.js'
export { default as Gauge } from 'prom-client/lib/gauge.js'
export { default as Histogram } from 'prom-client/lib/histogram.js'
export { default as Registry } from 'prom-client/lib/registry.js'
