// The web configuration file: accepted values, and error messages.
import { writeFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError } from '../../../src/config/config.js'
import { readWebConfig, type WebConfig } from '../../../src/http/security/web-config.js'
import { tls12Ciphers, tls13Ciphers } from '../../../src/http/security/tls-names.js'
import { temporaryFolder } from '../../support/tree.js'

const folder = temporaryFolder()
const path = join(folder, 'web.yml')
function read(text: string): WebConfig {
  writeFileSync(path, text)
  return readWebConfig(path)
}

function mistakeOf(text: string): string {
  try {
    read(text)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('no ConfigError was thrown')
}

const hash = '$2y$10$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze'
const nothing = { http2: false, headers: {}, users: new Map() }

test.each([
  '',
  '# nothing',
  'tls_server_config:',
  'tls_server_config: {}\nbasic_auth_users:\nhttp_server_config:\nrate_limit:',
  'rate_limit: { interval: 0 }',
])('%j changes no setting', (text) => {
  expect(read(text)).toEqual(nothing)
})

test('a file with every key is read', () => {
  const config = read(`
tls_server_config:
  cert_file: tls/server.crt
  key_file: /etc/tls/server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ../ca.crt
  client_allowed_sans: [prometheus.example, 10.0.0.1]
  min_version: TLS12
  max_version: TLS12
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256]
  prefer_server_cipher_suites: false
  curve_preferences: [X25519, CurveP256]
http_server_config:
  http2: true
  headers:
    Content-Security-Policy: "frame-ancestors 'self'"
    X-Frame-Options: deny
    X-Content-Type-Options: nosniff
    X-XSS-Protection: ''
    Strict-Transport-Security: max-age=31536000
basic_auth_users:
  ada: ${hash}
  no: ${hash}
  0123: ${hash}
  __proto__: ${hash}
rate_limit: { interval: 1m1.5s, burst: 20 }
`)
  expect(config).toEqual({
    tls: {
      cert: { file: join(folder, 'tls/server.crt') },
      key: { file: '/etc/tls/server.key' },
      clientCa: { file: join(dirname(folder), 'ca.crt') },
      clientAuth: 'RequireAndVerifyClientCert',
      clientAllowedSans: ['prometheus.example', '10.0.0.1'],
      settings: {
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.2',
        honorCipherOrder: false,
        ciphers: `${tls13Ciphers.join(':')}:ECDHE-RSA-AES128-GCM-SHA256`,
        ecdhCurve: 'X25519:P-256',
      },
    },
    http2: true,
    headers: {
      'Content-Security-Policy': "frame-ancestors 'self'",
      'X-Frame-Options': 'deny',
      'X-Content-Type-Options': 'nosniff',
      'Strict-Transport-Security': 'max-age=31536000',
    },
    users: new Map([
      ['ada', hash],
      ['no', hash],
      ['0123', hash],
      ['__proto__', hash],
    ]),
    rateLimit: { intervalMs: 61_500, burst: 20 },
  })
})

test('TLS has defaults', () => {
  expect(read('tls_server_config: { cert: x, key: y }').tls).toEqual({
    cert: { text: 'x' },
    key: { text: 'y' },
    clientAuth: 'NoClientCert',
    settings: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', honorCipherOrder: true },
  })
})

test('OpenSSL accepts our names of cipher suites and common curves', () => {
  const suites = Object.keys(tls12Ciphers)
  const curves = ['CurveP256', 'CurveP384', 'CurveP521', 'X25519']
  const lines = [
    ...suites.map((name) => `cipher_suites: [${name}]`),
    ...curves.map((name) => `curve_preferences: [${name}]`),
  ]
  for (const more of lines) {
    const { settings } = read(`tls_server_config: { cert: x, key: y, ${more} }`).tls!
    expect(() => createSecureContext(settings)).not.toThrow()
  }
})

const tls = (more: string): string => `tls_server_config: { cert_file: a, key_file: b, ${more} }`

describe('an error', () => {
  test.each([
    ['tls_config: { cert_file: a }', 'tls_config: Unrecognized key: "tls_config", found {"cert_file":"a"}'],
    [tls('min_verison: TLS13'), 'tls_server_config.min_verison: Unrecognized key: "min_verison", found "TLS13"'],
    [tls('min_verison: '), 'tls_server_config.min_verison: Unrecognized key: "min_verison", found ""'],
    [
      'http_server_config: { headers: { Server: me } }',
      'http_server_config.headers.Server: Unrecognized key: "Server", found "me"',
    ],
    [
      'tls_server_config: { min_version: TLS13 }',
      'tls_server_config.cert_file: needed for TLS, found nothing; tls_server_config.key_file: needed for TLS, found nothing',
    ],
    ['tls_server_config: { cert_file: a }', 'tls_server_config.key_file: needed for TLS, found nothing'],
    [tls('cert: c'), 'tls_server_config.cert_file: cert is set, too, found "a"'],
    [
      tls('min_version: TLS10'),
      'tls_server_config.min_version: expected TLS12 or TLS13; older versions are not supported, found "TLS10"',
    ],
    [
      tls('min_version: TLS13, max_version: TLS12'),
      'tls_server_config.min_version: later than max_version TLS12, found "TLS13"',
    ],
    [
      tls('client_auth_type: Never'),
      /^tls_server_config.client_auth_type: Invalid option: expected one of "NoClientCert"\|.*, found "Never"$/,
    ],
    [
      tls('client_auth_type: RequireAndVerifyClientCert'),
      'tls_server_config.client_auth_type: needs client_ca_file to verify against, found "RequireAndVerifyClientCert"',
    ],
    [
      tls('client_ca_file: c'),
      'tls_server_config.client_auth_type: client_ca_file needs a type that asks for certificates, found nothing',
    ],
    [
      tls('client_auth_type: RequestClientCert, client_allowed_sans: [a]'),
      'tls_server_config.client_allowed_sans: needs client_auth_type RequireAndVerifyClientCert or RequireAnyClientCert, found ["a"]',
    ],
    [
      tls('cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]'),
      /^tls_server_config.cipher_suites\[0\]: Invalid option.*, found "TLS_RSA_WITH_RC4_128_SHA"$/,
    ],
    [tls('curve_preferences: [P256]'), /^tls_server_config.curve_preferences\[0\]: Invalid option.*, found "P256"$/],
    [
      tls('prefer_server_cipher_suites: maybe'),
      'tls_server_config.prefer_server_cipher_suites: expected true or false, found "maybe"',
    ],
    ['http_server_config: { http2: 2 }', 'http_server_config.http2: expected true or false, found "2"'],
    [
      'http_server_config: { headers: { X-Frame-Options: allow } }',
      /^http_server_config.headers.X-Frame-Options: .*"deny"\|"sameorigin", found "allow"$/,
    ],
    [
      'http_server_config: { headers: { X-XSS-Protection: "a\\nb" } }',
      'http_server_config.headers.X-XSS-Protection: cannot be sent as a header, found "a\\nb"',
    ],
    [
      'rate_limit: { interval: 5, burst: 1 }',
      'rate_limit.interval: expected a duration such as 500ms or 1m30s, found "5"',
    ],
    [
      'rate_limit: { interval: 1s }',
      'rate_limit.burst: required with an interval; otherwise every request would be refused, found nothing',
    ],
    ['rate_limit: { interval: 1s, burst: 0 }', 'rate_limit.burst: expected a whole number of at least 1, found "0"'],
    ['tls_server_config: yes', /^tls_server_config: Invalid input.*, found "yes"$/],
    ['just words', /^the file: Invalid input.*, found "just words"$/],
    ['a: [', /at line 1, column 5$/],
    ['tls_server_config: {}\ntls_server_config: {}', /^Map keys must be unique at line 2, column 1$/],
  ])('names the file, the place and the value: %s', (text, message) => {
    const said = mistakeOf(text)
    expect(said.startsWith(`web configuration ${path}: `)).toBe(true)
    const rest = said.slice(`web configuration ${path}: `.length)
    if (typeof message === 'string') expect(rest).toBe(message)
    else expect(rest).toMatch(message)
  })

  test('does not show values that may be secret', () => {
    const secrets = [
      'basic_auth_users: { ada: s3cret }',
      `basic_auth_users: { ada: "${hash}x s3cret" }`,
      'basic_auth_user: { ada: s3cret }',
      'BasicAuth: s3cret',
      'basic_auth_users: [s3cret]',
      'tls_server_config: { key: s3cret }',
      'tls_server_config: { privat: "-----BEGIN PRIVATE KEY----- s3cret", cert_file: a }',
      'tls_server_config: { cert_file: a, key_file: b, key: s3cret }',
      'users: { ada: s3cret }',
    ]
    for (const text of secrets) expect(mistakeOf(text)).not.toContain('s3cret')
    const message = 'basic_auth_users.ada: expected a bcrypt hash with a cost of 4 to 20, found "(not shown)"'
    expect(mistakeOf(secrets[0]!)).toContain(message)
  })

  test.each([
    '',
    '$2y$10$short',
    `${hash}a`,
    hash.replace('$2y', '$1'),
    hash.replace('$10$', '$21$'),
    hash.replace('$10$', '$03$'),
  ])('rejects %j as a bcrypt hash', (text) => {
    expect(mistakeOf(`basic_auth_users: { ada: "${text}" }`)).toContain('expected a bcrypt hash')
  })

  test('rejects a user name with a colon', () => {
    expect(mistakeOf(`basic_auth_users: { "a:b": "${hash}" }`)).toContain('a user name cannot hold a colon')
  })

  test('reports a missing file as a ConfigError', () => {
    expect(() => readWebConfig(join(folder, 'none.yml'))).toThrow(ConfigError)
  })
})
