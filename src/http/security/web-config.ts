// Reads a web configuration file in the format of the Prometheus exporter-toolkit (docs/web-configuration.md there).
// Returns a WebConfig, or throws a ConfigError of one line with the file, the key and the value, unless that may be a
// secret. The files that it names are not opened here.
import { dirname, resolve } from 'node:path'
import type { z } from 'zod'
import { validationMessage } from '../../config/validation-message.js'
import { ConfigError } from '../../config/config-error.js'
import { isMap, readYaml } from '../../config/yaml-file.js'
import { tls12Ciphers, tls13Ciphers, curves, versions } from './tls-names.js'
import { webConfigSchema, type ClientAuth } from './web-config-schema.js'

/** PEM, either in a file or inline. */
export type Pem = { readonly file: string } | { readonly text: string }

export interface TlsConfig {
  readonly cert: Pem
  readonly key: Pem
  /** Always set with a `clientAuth` that verifies certificates, never with one that does not ask for them. */
  readonly clientCa?: Pem
  readonly clientAuth: ClientAuth
  /** Only with a `clientAuth` that requires certificates. */
  readonly clientAllowedSans?: readonly string[]
  /** OpenSSL's names; only those that `tls.createSecureContext` accepts. */
  readonly settings: {
    readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
    readonly maxVersion: 'TLSv1.2' | 'TLSv1.3'
    readonly honorCipherOrder: boolean
    readonly ciphers?: string
    readonly ecdhCurve?: string
  }
}

/** A bucket of `burst` requests that gains one every `intervalMs`. */
export interface RateLimit {
  readonly intervalMs: number
  readonly burst: number
}

export interface WebConfig {
  /** If absent, plain HTTP. */
  readonly tls?: TlsConfig
  /** HTTP/2 was requested, which this server does not support. */
  readonly http2: boolean
  /** Set on every response. */
  readonly headers: Readonly<Record<string, string>>
  /** Name → bcrypt hash. If empty, no sign-in. */
  readonly users: ReadonlyMap<string, string>
  readonly rateLimit?: RateLimit
}

/** @throws ConfigError */
export function readWebConfig(path: string): WebConfig {
  let content: unknown
  try {
    content = readYaml(path).content
  } catch (cause) {
    const { message } = cause as Error
    throw new ConfigError(`web configuration ${cause instanceof ConfigError ? message : `${path}: ${message}`}`, {
      cause,
    })
  }
  const result = webConfigSchema.safeParse(content)
  if (!result.success) {
    const complaints = result.error.issues
      .slice(0, 10)
      .map((issue) => validationMessage(issue, withoutSecrets(content)))
    throw new ConfigError(`web configuration ${path}: ${complaints.join('; ')}`)
  }
  const { tls_server_config, http_server_config, basic_auth_users, rate_limit } = result.data
  // An empty section means no TLS.
  const tls = tls_server_config && Object.keys(tls_server_config).length > 0 ? tls_server_config : undefined
  return {
    ...(tls && { tls: tlsConfig(tls, dirname(path)) }),
    http2: http_server_config?.http2 ?? false,
    headers: http_server_config?.headers ?? {},
    users: basic_auth_users ?? new Map(),
    ...(rate_limit?.interval && { rateLimit: { intervalMs: rate_limit.interval, burst: rate_limit.burst! } }),
  }
}

type TlsSection = NonNullable<z.infer<typeof webConfigSchema>['tls_server_config']>

function tlsConfig(section: TlsSection, base: string): TlsConfig {
  const pem = (text: string | undefined, file: string | undefined): Pem | undefined =>
    text === undefined ? (file === undefined ? undefined : { file: resolve(base, file) }) : { text }
  const { cipher_suites, curve_preferences, client_allowed_sans } = section
  const clientCa = pem(section.client_ca, section.client_ca_file)
  const known: Readonly<Record<string, string>> = tls12Ciphers
  const tls12 = cipher_suites?.flatMap((name) => known[name] ?? [])
  return {
    cert: pem(section.cert, section.cert_file)!,
    key: pem(section.key, section.key_file)!,
    ...(clientCa && { clientCa }),
    clientAuth: section.client_auth_type ?? 'NoClientCert',
    ...(client_allowed_sans && { clientAllowedSans: client_allowed_sans }),
    settings: {
      minVersion: versions[section.min_version ?? 'TLS12'],
      maxVersion: versions[section.max_version ?? 'TLS13'],
      honorCipherOrder: section.prefer_server_cipher_suites ?? true,
      ...(tls12 && { ciphers: [...tls13Ciphers, ...tls12].join(':') }),
      ...(curve_preferences && { ecdhCurve: curve_preferences.map((name) => curves[name]).join(':') }),
    },
  }
}

/** For messages: a misspelt key may have put secrets in a place where none is expected. */
function withoutSecrets(value: unknown, secret = false): unknown {
  if (typeof value === 'string') return secret || value.includes('PRIVATE KEY') ? '(not shown)' : value
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, secret))
  if (!isMap(value)) return value
  const hides = (key: string): boolean => secret || /^key|basic|user/i.test(key)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner, hides(key))]))
}
