// Settings of the push to an OpenTelemetry receiver.
import { DAY_MS } from '../core/totals/period.js'
import { duration, each, one, path, trueOrFalse, type Parse } from './setting-values.js'
import type { Setting } from './setting.js'

export const pushSettings = {
  /** Of the metrics, with its path; `env`: as the variables of OpenTelemetry say. Absent: nothing is pushed. */
  otlpEndpoint: {
    name: 'otlp.endpoint',
    value: 'URL',
    help: 'push the metrics to this OpenTelemetry receiver over HTTP, to the path /v1/metrics below it; env takes the variables OTEL_*; off unless given',
    parse: ((texts) => endpoint(texts.at(-1)!)) satisfies Parse<string>,
  },
  /** 1,000…86,400,000; absent: 60,000, or what OpenTelemetry's variable says. */
  otlpIntervalMs: {
    name: 'otlp.interval',
    value: 'DURATION',
    help: 'push this often; 1s to 24h',
    defaultHelp: '60s',
    parse: one((text) => duration(text, 1_000, DAY_MS)),
  },
  otlpAttributes: {
    name: 'otlp.resource-attributes',
    value: 'NAME=VALUE',
    help: 'attribute of everything that is pushed, such as team=blue; repeatable',
    repeatable: true,
    default: () => [],
    parse: each(attribute),
  },
  otlpHostName: {
    name: 'otlp.host-name',
    value: 'true|false',
    help: 'whether pushes name this machine, as host.name',
    default: 'true',
    parse: one(trueOrFalse),
  },
  /** Absolute, like the next ones, and readable when it was looked at. */
  otlpHeadersFile: {
    name: 'otlp.headers-file',
    value: 'FILE',
    help: 'HTTP headers of a push, NAME: VALUE on each line; read again when it changes',
    parse: one(path),
  },
  otlpCaFile: {
    name: 'otlp.ca-file',
    value: 'FILE',
    help: 'PEM of the authorities that the certificate of the receiver may come from, instead of the usual ones',
    parse: one(path),
  },
  otlpCertFile: {
    name: 'otlp.cert-file',
    value: 'FILE',
    help: 'PEM of the certificate to show to the receiver',
    parse: one(path),
  },
  otlpKeyFile: {
    name: 'otlp.key-file',
    value: 'FILE',
    help: 'PEM of the key of that certificate',
    parse: one(path),
  },
} satisfies Record<string, Setting<unknown>>

/** Files that a push needs. */
export const PUSH_FILES = ['otlpHeadersFile', 'otlpCaFile', 'otlpCertFile', 'otlpKeyFile'] as const

export const METRICS_PATH = '/v1/metrics'

/** @throws Error that does not repeat the URL, since there may be a password in it */
function endpoint(text: string): string {
  if (text === 'env') return text
  const url = receiver(text)
  if (!url.pathname.endsWith(METRICS_PATH)) url.pathname = url.pathname.replace(/\/*$/, METRICS_PATH)
  return url.href
}

/** @throws Error likewise */
export function receiver(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(text))
    throw new Error('expected a URL such as https://otlp.example.org, or http://127.0.0.1:4318')
  if (url.username !== '' || url.password !== '')
    throw new Error('a password in the URL would show in logs; put it into a header, with --otlp.headers-file')
  url.hash = ''
  return url
}

function attribute(text: string): readonly [string, string] {
  const [, name, value] = /^([^=\s]+)=(.+)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new Error('expected NAME=VALUE, such as team=blue')
  // With another value every series would begin anew.
  if (name === 'service.instance.id') throw new Error('the exporter sets it, to the UUID of its state')
  return Object.freeze([name, value] as const)
}
