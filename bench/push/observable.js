// The naive contestant: the same number of series, as observable counters of OpenTelemetry's SDK, once a second.
//   node bench/push/observable.js URL SERIES
import { request } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { AggregationTemporality, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'

const [url = '', series = '0'] = process.argv.slice(2)
const compress = promisify(gzip)

/** @type {import('@opentelemetry/sdk-metrics').PushMetricExporter} */
const exporter = {
  export(data, done) {
    compress(ProtobufMetricsSerializer.serializeRequest(data) ?? new Uint8Array()).then((body) => {
      const headers = {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'gzip',
        'content-length': body.length,
      }
      const post = request(`${url}/v1/metrics`, { method: 'POST', agent: false, headers }, (response) => {
        response.resume().once('end', () => done({ code: 0 }))
      })
      post.once('error', (error) => done({ code: 1, error })).end(body)
    }, done)
  },
  selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
}
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1000, exportTimeoutMillis: 1000 })
const provider = new MeterProvider({
  resource: resourceFromAttributes({ 'service.name': 'observable' }),
  readers: [reader],
  // By default, all series beyond 2,000 share one.
  views: [{ instrumentName: '*', aggregationCardinalityLimit: Number(series) + 1 }],
})
/** Created once, because creating them for each push would take even longer. */
const labels = Array.from({ length: Number(series) }, (_, at) => ({
  ...{ agent: 'an-agent', project: `project-${Math.floor(at / 50)}`, model: `model-${Math.floor(at / 5) % 10}` },
  token_type: `class-${at % 5}`,
}))
provider
  .getMeter('observable')
  .createObservableCounter('agent_usage_tokens_total')
  .addCallback((result) => {
    for (const [at, each] of labels.entries()) result.observe(at + 1, each)
  })
// Keeps the process alive, which the reader's timer does not.
setInterval(() => undefined, 60_000)
