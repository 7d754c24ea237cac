// Settings for pushing to an OpenTelemetry receiver.
import { DAY_MS } from '../core/totals/period.js'
import { duration, each, one, path, trueOrFalse, type Parse } from './setting-values.js'
import type { Setting } from './setting.js'

export const pushSettings = {
  /** URL with the path of the metrics, or `env` to use OpenTelemetry's variables. If absent, nothing is pushed. */
  otlpEndpoint: {
    name: 'otlp.endpoint',
    value: 'URL',
    help: 'push the metrics to this OpenTelemetry receiver over HTTP; /v1/metrics is appended to the path; env uses the variables OTEL_*; off by default',
    parse: ((texts) => endpoint(texts.at(-1)!)) satisfies Parse<string>,
  },
  /** 1,000…86,400,000; if absent, the value of OpenTelemetry's variable, or 60,000. */
  otlpIntervalMs: {
    name: 'otlp.interval',
    value: 'DURATION',
    help: 'interval between pushes; 1s to 24h',
    defaultHelp: '60s',
    parse: one((text) => duration(text, 1_000, DAY_MS)),
  },
  otlpAttributes: {
    name: 'otlp.resource-attributes',
    value: 'NAME=VALUE',
    help: 'resource attribute of pushed metrics, such as team=blue; repeatable',
    repeatable: true,
    default: () => [],
    parse: each(attribute),
  },
  otlpHostName: {
    name: 'otlp.host-name',
    value: 'true|false',
    help: 'send the name of this machine as the resource attribute host.name',
    default: 'true',
    parse: one(trueOrFalse),
  },
  /** The paths of this and the following settings are absolute, and were readable when they were checked. */
  otlpHeadersFile: {
    name: 'otlp.headers-file',
    value: 'FILE',
    help: 'file with HTTP headers for pushes, one NAME: VALUE per line; reloaded when it changes',
    parse: one(path),
  },
  otlpCaFile: {
    name: 'otlp.ca-file',
    value: 'FILE',
    help: 'PEM file with the certificate authorities that verify the receiver, instead of the default ones',
    parse: one(path),
  },
  otlpCertFile: {
    name: 'otlp.cert-file',
    value: 'FILE',
    help: 'PEM file with the client certificate for the receiver',
    parse: one(path),
  },
  otlpKeyFile: {
    name: 'otlp.key-file',
    value: 'FILE',
    help: 'PEM file with the key of the client certificate',
    parse: one(path),
  },
} satisfies Record<string, Setting<unknown>>

/** Settings that name files for pushes. */
export const PUSH_FILES = ['otlpHeadersFile', 'otlpCaFile', 'otlpCertFile', 'otlpKeyFile'] as const

export const METRICS_PATH = '/v1/metrics'

/** @throws Error without the URL, which may contain a password */
function endpoint(text: string): string {
  if (text === 'env') return text
  const url = receiver(text)
  if (!url.pathname.endsWith(METRICS_PATH)) url.pathname = url.pathname.replace(/\/*$/, METRICS_PATH)
  return url.href
}

/** @throws Error, likewise without the URL */
export function receiver(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(text))
    throw new Error('expected a URL such as https://otlp.example.org, or http://127.0.0.1:4318')
  if (url.username !== '' || url.password !== '')
    throw new Error('a password in the URL would appear in logs; send it as a header with --otlp.headers-file')
  url.hash = ''
  return url
}

function attribute(text: string): readonly [string, string] {
  const [, name, value] = /^([^=\s]+)=(.+)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new Error('expected NAME=VALUE, such as team=blue')
  // Another value would start every series anew.
  if (name === 'service.instance.id') throw new Error('the exporter sets it to the UUID of its state')
  return Object.freeze([name, value] as const)
}
