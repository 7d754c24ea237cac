// Determines what to push and where to, from the settings and, with `env`, OpenTelemetry's variables.
import { ConfigError, type Complain } from './config-error.js'
import { readOtelVariables, type OtelSettings } from './otel-variables.js'
import type { SettingValues } from './settings.js'

export interface PushConfig {
  readonly target: {
    readonly url: string
    readonly intervalMs: number
    readonly timeoutMs: number
    readonly gzip: boolean
    /** Lower case names. */
    readonly headers: Readonly<Record<string, string>>
    readonly headersFile: string | undefined
    readonly caFile: string | undefined
    readonly certFile: string | undefined
    readonly keyFile: string | undefined
  }
  /** Resource attributes. */
  readonly attributes: Readonly<Record<string, string>>
  readonly hostName: boolean
  /** The variables ask for deltas, which are not supported. */
  readonly deltaAsked: boolean
}

const NONE: OtelSettings = { headers: {}, attributes: {} }

/** Undefined if push is not configured. @throws ConfigError */
export function pushOf(values: SettingValues, env: NodeJS.ProcessEnv, complain: Complain): PushConfig | undefined {
  const { otlpEndpoint } = values
  if (otlpEndpoint === undefined) return undefined
  const otel = otlpEndpoint === 'env' ? readOtelVariables(env, complain) : NONE
  if (otel.disabled) return undefined
  const url = otlpEndpoint === 'env' ? otel.endpoint : otlpEndpoint
  // The mistake in it has already been reported.
  if (url === undefined) return undefined
  const certFile = values.otlpCertFile ?? otel.certFile
  const keyFile = values.otlpKeyFile ?? otel.keyFile
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new ConfigError('--otlp.cert-file and --otlp.key-file: must be set together')
  return Object.freeze({
    target: Object.freeze({
      url,
      intervalMs: values.otlpIntervalMs ?? otel.intervalMs ?? 60_000,
      timeoutMs: otel.timeoutMs ?? 10_000,
      gzip: otel.gzip ?? true,
      headers: otel.headers,
      headersFile: values.otlpHeadersFile,
      caFile: values.otlpCaFile ?? otel.caFile,
      certFile,
      keyFile,
    }),
    attributes: { ...otel.attributes, ...Object.fromEntries(values.otlpAttributes) },
    hostName: values.otlpHostName,
    deltaAsked: otel.delta === true,
  })
}
