// OpenTelemetry's environment variables. Read only with --otlp.endpoint=env, because they are often set for the agents
// themselves. A mistake is an error that names the variable and never shows the value of a header.
import { accessSync, constants } from 'node:fs'
import { attempt, ConfigError, quoted, type Complain } from './config-error.js'
import { METRICS_PATH, receiver } from './push-settings.js'
import { DAY_MS } from '../core/totals/period.js'
import { integer } from './setting-values.js'

export interface OtelSettings {
  readonly disabled?: boolean | undefined
  readonly endpoint?: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly attributes: Readonly<Record<string, string>>
  readonly intervalMs?: number | undefined
  readonly timeoutMs?: number | undefined
  readonly gzip?: boolean | undefined
  readonly caFile?: string | undefined
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
  readonly delta?: boolean | undefined
}

interface Variable {
  readonly name: string
  readonly text: string
}

export function readOtelVariables(env: NodeJS.ProcessEnv, complain: Complain): OtelSettings {
  /** The first variable that is set; an empty variable counts as unset. */
  const find = (...names: readonly string[]): Variable | undefined =>
    names.flatMap((name) => (env[name] ? [{ name, text: env[name] }] : []))[0]
  /** The variables of OTLP exporters: the one for metrics takes precedence over the one for all signals. */
  const ofExporter = (name: string): Variable | undefined =>
    find(`OTEL_EXPORTER_OTLP_METRICS_${name}`, `OTEL_EXPORTER_OTLP_${name}`)
  function parsed<T>(variable: Variable | undefined, parse: (text: string) => T): T | undefined {
    return variable && attempt(() => parseOne(variable, parse), complain)
  }

  if (parsed(find('OTEL_SDK_DISABLED'), (text) => text.toLowerCase() === 'true'))
    return { disabled: true, headers: {}, attributes: {} }
  parsed(ofExporter('PROTOCOL'), protocol)
  const own = find('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT')
  const base = find('OTEL_EXPORTER_OTLP_ENDPOINT')
  if (own === undefined && base === undefined)
    complain(
      new ConfigError(
        '--otlp.endpoint: "env": neither OTEL_EXPORTER_OTLP_ENDPOINT nor OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is set',
      ),
    )
  const serviceName = find('OTEL_SERVICE_NAME')?.text
  const attributes = parsed(find('OTEL_RESOURCE_ATTRIBUTES'), pairs)
  const headersOf = (name: string): Record<string, string> => parsed(find(name), headers) ?? {}
  return {
    endpoint: own ? parsed(own, (text) => receiver(text).href) : parsed(base, (text) => below(receiver(text))),
    headers: { ...headersOf('OTEL_EXPORTER_OTLP_HEADERS'), ...headersOf('OTEL_EXPORTER_OTLP_METRICS_HEADERS') },
    attributes: { ...attributes, ...(serviceName !== undefined && { 'service.name': serviceName }) },
    intervalMs: parsed(find('OTEL_METRIC_EXPORT_INTERVAL'), (text) => integer(text, 1_000, DAY_MS)),
    timeoutMs: parsed(ofExporter('TIMEOUT'), (text) => integer(text, 1, DAY_MS)),
    gzip: parsed(ofExporter('COMPRESSION'), compression),
    caFile: parsed(ofExporter('CERTIFICATE'), readable),
    certFile: parsed(ofExporter('CLIENT_CERTIFICATE'), readable),
    keyFile: parsed(ofExporter('CLIENT_KEY'), readable),
    delta: find('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE')?.text.toLowerCase() === 'delta',
  }
}

function parseOne<T>({ name, text }: Variable, parse: (text: string) => T): T {
  try {
    return parse(text)
  } catch (error) {
    // An endpoint may contain a password.
    const value = /HEADERS|ENDPOINT/.test(name) ? '' : `${quoted(text)}: `
    throw new ConfigError(`environment variable ${name}: ${value}${(error as Error).message}`, { cause: error })
  }
}

function protocol(text: string): void {
  if (text === 'http/protobuf') return
  throw new Error('only http/protobuf is supported; receivers usually listen for it on port 4318')
}

function below(url: URL): string {
  url.pathname = url.pathname.replace(/\/*$/, METRICS_PATH)
  return url.href
}

function compression(text: string): boolean {
  if (text !== 'gzip' && text !== 'none') throw new Error('expected gzip or none')
  return text === 'gzip'
}

function readable(file: string): string {
  try {
    accessSync(file, constants.R_OK)
    return file
  } catch (cause) {
    throw new Error('cannot read it', { cause })
  }
}

/** `name=value,name=value`, percent-encoded. */
function pairs(text: string): Record<string, string> {
  const all: Record<string, string> = {}
  for (const [index, pair] of text.split(',').entries()) {
    if (pair.trim() === '') continue
    const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/s.exec(pair) ?? []
    if (name === undefined || value === undefined) throw new Error(`pair ${index + 1}: expected NAME=VALUE`)
    all[decoded(name, index)] = decoded(value, index)
  }
  return all
}

function headers(text: string): Record<string, string> {
  const all = Object.entries(pairs(text)).map(([name, value], index) => {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e]*$/.test(value))
      throw new Error(`pair ${index + 1}: not a valid HTTP header`)
    return [name.toLowerCase(), value] as const
  })
  return Object.fromEntries(all)
}

function decoded(text: string, index: number): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new Error(`pair ${index + 1}: invalid percent-encoding`, { cause })
  }
}
