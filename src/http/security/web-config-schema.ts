// The schema of a web configuration file. All scalars are strings; blank values are unset, as in the exporter-toolkit.
// Stricter than the toolkit on settings that would silently protect nothing.
import { validateHeaderValue } from 'node:http'
import { z } from 'zod'
import { isMap } from '../../config/yaml-file.js'
import { curves, tls12Ciphers, tls13Ciphers, versions } from './tls-names.js'

const keysOf = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[]

/** A map with these keys and no others. */
function section<const S extends z.core.$ZodLooseShape>(shape: S) {
  const withoutBlanks = (value: unknown): unknown => {
    if (value === '') return {}
    if (!isMap(value)) return value
    return Object.fromEntries(Object.entries(value).filter(([key, inner]) => inner !== '' || !(key in shape)))
  }
  return z.preprocess(withoutBlanks, z.strictObject(shape))
}

const text = z.string()
const trueOrFalse = z.stringbool({
  truthy: ['true', 'yes', 'on'],
  falsy: ['false', 'no', 'off'],
  error: 'expected true or false',
})
const listOf = <T extends z.ZodType>(item: T) => z.array(item).min(1)

const clientAuth = z
  .enum([
    'NoClientCert',
    'RequestClientCert',
    'RequireAnyClientCert',
    'RequireClientCert',
    'VerifyClientCertIfGiven',
    'RequireAndVerifyClientCert',
  ])
  // Its old name.
  .transform((name) => (name === 'RequireClientCert' ? 'RequireAnyClientCert' : name))
export type ClientAuth = z.infer<typeof clientAuth>

const version = z.enum(keysOf(versions), 'expected TLS12 or TLS13; older versions are not supported')

const tls = section({
  cert: text.exactOptional(),
  key: text.exactOptional(),
  client_ca: text.exactOptional(),
  cert_file: text.exactOptional(),
  key_file: text.exactOptional(),
  client_ca_file: text.exactOptional(),
  client_auth_type: clientAuth.exactOptional(),
  client_allowed_sans: listOf(text.min(1)).exactOptional(),
  min_version: version.exactOptional(),
  max_version: version.exactOptional(),
  cipher_suites: listOf(z.enum([...tls13Ciphers, ...keysOf(tls12Ciphers)])).exactOptional(),
  prefer_server_cipher_suites: trueOrFalse.exactOptional(),
  curve_preferences: listOf(z.enum(keysOf(curves))).exactOptional(),
}).check(({ value, issues }) => {
  const wrong = (key: keyof typeof value, message: string): void =>
    void issues.push({ code: 'custom', message, path: [key], input: value[key] })
  if (keysOf(value).length === 0) return
  for (const key of ['cert', 'key'] as const) {
    if ((value[key] ?? value[`${key}_file`]) === undefined) wrong(`${key}_file`, 'needed for TLS')
  }
  for (const key of ['cert', 'key', 'client_ca'] as const) {
    if (value[key] !== undefined && value[`${key}_file`] !== undefined) wrong(`${key}_file`, `${key} is set, too`)
  }
  const { client_auth_type: auth = 'NoClientCert', min_version: least = 'TLS12', max_version: most = 'TLS13' } = value
  const authority = value.client_ca ?? value.client_ca_file
  if (auth.includes('Verify') && authority === undefined) {
    wrong('client_auth_type', 'needs client_ca_file to verify against')
  }
  if (auth === 'NoClientCert' && authority !== undefined) {
    wrong('client_auth_type', 'client_ca_file needs a type that asks for certificates')
  }
  if (!auth.startsWith('Require') && value.client_allowed_sans !== undefined) {
    wrong('client_allowed_sans', 'needs client_auth_type RequireAndVerifyClientCert or RequireAnyClientCert')
  }
  if (least > most) wrong('min_version', `later than max_version ${most}`)
})

const header = text.refine((value) => {
  try {
    validateHeaderValue('header', value)
    return true
  } catch {
    return false
  }
}, 'cannot be sent as a header')

const http = section({
  http2: trueOrFalse.exactOptional(),
  headers: section({
    'Content-Security-Policy': header.exactOptional(),
    'X-Frame-Options': z.enum(['deny', 'sameorigin']).exactOptional(),
    'X-Content-Type-Options': z.enum(['nosniff']).exactOptional(),
    'X-XSS-Protection': header.exactOptional(),
    'Strict-Transport-Security': header.exactOptional(),
  }).exactOptional(),
})

const userName = text.regex(/^[^:]*$/, 'a user name cannot hold a colon')
// A cost of 20 already takes a minute.
const BCRYPT_FORM = /^\$2[aby]\$(?:0[4-9]|1\d|20)\$[./A-Za-z0-9]{53}$/
const bcryptHash = text.regex(BCRYPT_FORM, 'expected a bcrypt hash with a cost of 4 to 20')
// Not z.record, which drops a user named `__proto__`, and with the only user also the need to sign in.
const users = z.preprocess(
  (value) => (value === '' ? new Map() : isMap(value) ? new Map(Object.entries(value)) : value),
  z.map(userName, bcryptHash),
)

/** The units of Go's durations, in milliseconds. */
const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 3.6e6 }
const duration = text
  .regex(/^(?:0|(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+)$/, 'expected a duration such as 500ms or 1m30s')
  .transform((written) => {
    const parts = [...written.matchAll(/([\d.]+)([a-zµ]+)/g)]
    return parts.reduce((ms, [, count, unit]) => ms + Number(count) * units[unit!]!, 0)
  })

const rateLimit = section({
  interval: duration.exactOptional(),
  burst: text
    .regex(/^[1-9]\d{0,8}$/, 'expected a whole number of at least 1')
    .transform(Number)
    .exactOptional(),
}).check(({ value, issues }) => {
  if (!value.interval || value.burst !== undefined) return
  const message = 'required with an interval; otherwise every request would be refused'
  issues.push({ code: 'custom', message, path: ['burst'], input: value.burst })
})

export const webConfigSchema = section({
  tls_server_config: tls.exactOptional(),
  http_server_config: http.exactOptional(),
  basic_auth_users: users.exactOptional(),
  rate_limit: rateLimit.exactOptional(),
})
