// Settings of the push, ours and OpenTelemetry's variables: which one applies, and the error messages.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig, readConfig, type Config } from '../../src/config/config.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const load = (argv: readonly string[], env: NodeJS.ProcessEnv = {}): Config['push'] =>
  loadConfig(argv, { HOME: folder, ...env }).push
const ofVariables = (env: NodeJS.ProcessEnv): Config['push'] =>
  load(['--otlp.endpoint=env'], { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', ...env })

function mistakeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('no ConfigError was thrown')
}

function file(name: string): string {
  const path = join(folder, name)
  writeFileSync(path, '')
  return path
}

it('the push is off unless our setting turns it on', () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }
  expect(load([], env)).toBeUndefined()
  expect(load(['--otlp.interval=5s'], env)).toBeUndefined()
  expect(ofVariables({ OTEL_SDK_DISABLED: 'true' })).toBeUndefined()
})

it('the push has defaults', () => {
  expect(load(['--otlp.endpoint=http://127.0.0.1:4318'])).toEqual({
    target: {
      url: 'http://127.0.0.1:4318/v1/metrics',
      intervalMs: 60_000,
      timeoutMs: 10_000,
      gzip: true,
      headers: {},
    },
    attributes: {},
    hostName: true,
    deltaAsked: false,
  })
})

it.each([
  ['http://h', 'http://h/v1/metrics'],
  ['http://h/api/v1/otlp/', 'http://h/api/v1/otlp/v1/metrics'],
  ['https://h:1/otlp/v1/metrics?tenant=a', 'https://h:1/otlp/v1/metrics?tenant=a'],
])('the endpoint %s is posted to at %s', (given, url) => {
  expect(load([`--otlp.endpoint=${given}`])!.target.url).toBe(url)
})

describe('variables', () => {
  it('give the endpoint, to which the path is added only if it is that of all signals', () => {
    expect(ofVariables({})!.target.url).toBe('http://c:4318/v1/metrics')
    expect(ofVariables({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m/own' })!.target.url).toBe('http://m/own')
  })

  it('are read, those of metrics before those of all signals', () => {
    const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map(file)
    const push = ofVariables({
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20a=b, x-one=1',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-one=2',
      OTEL_EXPORTER_OTLP_TIMEOUT: '5000',
      OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '7000',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_CERTIFICATE: ca,
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: cert,
      OTEL_EXPORTER_OTLP_CLIENT_KEY: key,
      OTEL_METRIC_EXPORT_INTERVAL: '30000',
      OTEL_RESOURCE_ATTRIBUTES: 'team=blue%2Cgreen,service.name=no',
      OTEL_SERVICE_NAME: 'usage',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
    })
    expect(push).toEqual({
      target: {
        url: 'http://c:4318/v1/metrics',
        intervalMs: 30_000,
        timeoutMs: 7_000,
        gzip: false,
        headers: { authorization: 'Bearer a=b', 'x-one': '2' },
        caFile: ca,
        certFile: cert,
        keyFile: key,
      },
      attributes: { team: 'blue,green', 'service.name': 'usage' },
      hostName: true,
      deltaAsked: true,
    })
  })

  it('are overridden by flags', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c',
      OTEL_METRIC_EXPORT_INTERVAL: '30000',
      OTEL_SERVICE_NAME: 'a',
    }
    const push = load(['--otlp.endpoint=env', '--otlp.interval=5s', '--otlp.resource-attributes=service.name=b'], env)
    expect(push).toMatchObject({ target: { intervalMs: 5_000 }, attributes: { 'service.name': 'b' } })
  })

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'expected a URL'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', '"grpc": only http/protobuf is supported'],
    ['OTEL_EXPORTER_OTLP_METRICS_COMPRESSION', 'zstd', '"zstd": expected gzip or none'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '10s', '"10s": expected a whole number'],
    ['OTEL_METRIC_EXPORT_INTERVAL', '10', '"10": expected a whole number from 1000'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=b,team', '"a=b,team": pair 2: expected NAME=VALUE'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=%', '"a=%": pair 1: invalid percent-encoding'],
    ['OTEL_EXPORTER_OTLP_CERTIFICATE', '/no/such', '"/no/such": cannot read it'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=b,hunter2', 'pair 2: expected NAME=VALUE'],
    ['OTEL_EXPORTER_OTLP_METRICS_HEADERS', 'a=hunter2%0A', 'pair 1: not a valid HTTP header'],
  ])('are checked: %s=%s is rejected', (name, text, reason) => {
    const mistake = mistakeOf(() => ofVariables({ [name]: text }))
    expect(mistake).toContain(`environment variable ${name}: ${reason}`)
    expect(mistake).not.toContain('hunter2')
  })

  it('must give an endpoint if the setting refers to them', () => {
    expect(mistakeOf(() => load(['--otlp.endpoint=env']))).toContain('neither OTEL_EXPORTER_OTLP_ENDPOINT nor')
  })
})

it.each([
  [['--otlp.endpoint=ftp://h'], '--otlp.endpoint: expected a URL'],
  [['--otlp.endpoint=h:4318'], '--otlp.endpoint: expected a URL'],
  [['--otlp.endpoint=https://ada:hunter2@h'], '--otlp.endpoint: a password in the URL would appear'],
  [['--otlp.interval=0s'], '--otlp.interval: "0s": expected a duration from 1s'],
  [['--otlp.resource-attributes=team'], '--otlp.resource-attributes: "team": expected NAME=VALUE'],
  [['--otlp.resource-attributes=service.instance.id=a'], 'the exporter sets it'],
  [['--otlp.headers-file=/no/such'], '--otlp.headers-file: "/no/such": cannot read it: no such file'],
  [['--otlp.endpoint=http://h', `--otlp.cert-file=${file('cert.pem')}`], 'must be set together'],
])('%s is rejected', (argv, reason) => {
  const mistake = mistakeOf(() => load(argv))
  expect(mistake).toContain(reason)
  expect(mistake).not.toContain('hunter2')
})

it('demo pushes only if its command line asks for it', () => {
  const env = { AGENT_USAGE_OTLP_ENDPOINT: 'http://h' }
  expect(load([], env)).toBeDefined()
  expect(load(['demo'], env)).toBeUndefined()
  expect(load(['demo', '--otlp.endpoint=http://h'], env)).toBeDefined()
  expect(readConfig(['demo'], { HOME: folder, OTEL_SDK_DISABLED: 'x' }).mistakes).toEqual([])
})
