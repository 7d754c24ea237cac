// HTTPS through real TLS clients: which certificate is served, which clients are accepted, and what happens to both when
// the files change.
import { once } from 'node:events'
import { connect as connectPlain } from 'node:net'
import { connect, type ConnectionOptions } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { pem, pemFile } from '../../support/https.js'
import { securedServers, type Secured } from '../secured.js'

const start = securedServers()
const server = `tls_server_config: { cert_file: ${pemFile('server')}, key_file: ${pemFile('server')}`
const startTls = (more = ''): Promise<Secured> => start({ 'web.yml': `${server}${more && `, ${more}`} }` })
const identity = (name: string) => ({ key: pem(name), cert: pem(name) })

/** Protocol, cipher suite and curve that a handshake negotiates. */
async function handshake(url: string, options: ConnectionOptions = {}) {
  const { port } = new URL(url)
  const socket = connect({ host: '127.0.0.1', port: Number(port), ca: pem('authority'), ...options })
  await once(socket, 'secureConnect')
  const { name: curve } = socket.getEphemeralKeyInfo() as { name?: string }
  const agreed = { protocol: socket.getProtocol(), cipher: socket.getCipher().standardName, curve }
  socket.destroy()
  return agreed
}

test('pages are served over TLS with the configured certificate', async () => {
  const { url, ask, logged } = await startTls()
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  expect(await ask('/metrics')).toMatchObject({
    status: 200,
    body: 'a 1\n',
    certificate: { subject: { CN: 'server' } },
  })
  expect(await ask('/-/healthy')).toMatchObject({ status: 200, body: 'OK\n' })
  expect(logged).toEqual([])
})

test('key and certificate can be written into the file itself', async () => {
  const indented = (name: string): string => pem(name).trim().replace(/^/gm, '    ')
  const inline = (key: string, name: string): string => `  ${key}: |\n${indented(name)}\n`
  const parts = [inline('cert', 'server'), inline('key', 'server'), inline('client_ca', 'authority')]
  const text = `tls_server_config:\n${parts.join('')}  client_auth_type: RequireAndVerifyClientCert\n`
  const { ask } = await start({ 'web.yml': text })
  expect((await ask('/metrics', identity('client'))).status).toBe(200)
  await expect(ask('/metrics')).rejects.toThrow()
})

test('a client without TLS, or without trust in the certificate, gets no response', async () => {
  const { url, ask } = await startTls()
  await expect(ask('/metrics', { ca: pem('stranger-authority') })).rejects.toThrow(
    /unable to verify|self-signed|issuer/,
  )
  const { port } = new URL(url)
  const socket = connectPlain(Number(port), '127.0.0.1')
  let heard = ''
  socket
    .setEncoding('latin1')
    .on('data', (text: string) => (heard += text))
    .on('error', () => undefined)
  socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(socket, 'close')
  expect(heard).not.toContain('HTTP/1.1 200')
  expect((await ask('/metrics')).status).toBe(200)
})

test('closing does not wait for a handshake that never ends', async () => {
  const { url, close } = await startTls()
  const { port } = new URL(url)
  const socket = connectPlain(Number(port), '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const gone = once(socket, 'close')
  await close()
  await gone
})

describe('a handshake', () => {
  test('negotiates TLS 1.2 or 1.3 by default', async () => {
    const { url } = await startTls()
    expect((await handshake(url)).protocol).toBe('TLSv1.3')
    expect((await handshake(url, { maxVersion: 'TLSv1.2' })).protocol).toBe('TLSv1.2')
    // At this security level the client offers 1.1, so the refusal comes from the server.
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    await expect(handshake(url, old)).rejects.toThrow(/alert protocol version/)
  })

  test('respects min_version and max_version', async () => {
    const { url } = await startTls('min_version: TLS13')
    expect((await handshake(url)).protocol).toBe('TLSv1.3')
    await expect(handshake(url, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/alert protocol version/)
    const older = await startTls('max_version: TLS12')
    expect((await handshake(older.url)).protocol).toBe('TLSv1.2')
  })

  test('uses cipher_suites for TLS 1.2 and leaves 1.3 enabled', async () => {
    const { url } = await startTls('cipher_suites: [TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256]')
    const cipher = 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256'
    expect(await handshake(url, { maxVersion: 'TLSv1.2' })).toMatchObject({ cipher })
    expect((await handshake(url)).protocol).toBe('TLSv1.3')
    const other = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' } as const
    await expect(handshake(url, other)).rejects.toThrow(/handshake failure/)
  })

  test('prefers the server’s order unless prefer_server_cipher_suites is false', async () => {
    const suites = 'cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]'
    const client = {
      maxVersion: 'TLSv1.2',
      ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256',
    } as const
    const own = await startTls(suites)
    expect((await handshake(own.url, client)).cipher).toBe('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256')
    const theirs = await startTls(`${suites}, prefer_server_cipher_suites: false`)
    expect((await handshake(theirs.url, client)).cipher).toBe('TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384')
  })

  test('respects curve_preferences', async () => {
    const { url } = await startTls('curve_preferences: [CurveP384]')
    expect((await handshake(url, { maxVersion: 'TLSv1.2' })).curve).toBe('secp384r1')
    await expect(handshake(url, { ecdhCurve: 'X25519' })).rejects.toThrow(/handshake failure/)
  })
})

describe('client certificates', () => {
  const authority = `client_ca_file: ${pemFile('authority')}`
  // Accepted or not: no certificate, one of our authority, one of another authority.
  test.each([
    ['NoClientCert', '', [true, true, true]],
    ['RequestClientCert', '', [true, true, true]],
    ['RequireAnyClientCert', '', [false, true, true]],
    ['RequireClientCert', '', [false, true, true]],
    ['VerifyClientCertIfGiven', authority, [true, true, false]],
    ['RequireAndVerifyClientCert', authority, [false, true, false]],
  ])('are required and verified according to client_auth_type %s %s', async (type, ca, accepted) => {
    const { ask } = await startTls(`client_auth_type: ${type}${ca && `, ${ca}`}`)
    const clients = [{}, identity('client'), identity('stranger')]
    for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
      const replies = await Promise.allSettled(clients.map((client) => ask('/metrics', { ...client, maxVersion })))
      expect(replies.map((reply) => reply.status === 'fulfilled' && reply.value.status === 200)).toEqual(accepted)
    }
  })

  test.each(['prometheus.example', '2001:db8::1'])(
    'are accepted if client_allowed_sans has their name %s',
    async (name) => {
      const sans = `client_allowed_sans: [other.example, "${name}"]`
      const { ask } = await startTls(`client_auth_type: RequireAndVerifyClientCert, ${authority}, ${sans}`)
      expect((await ask('/metrics', identity('client'))).status).toBe(200)
    },
  )

  test('are demanded by an alert, and the failed handshake is logged', async () => {
    const { ask, logged } = await startTls(`client_auth_type: RequireAndVerifyClientCert, ${authority}`)
    await expect(ask('/metrics')).rejects.toThrow(/alert certificate required/)
    expect(logged).toEqual([
      { level: 'debug', message: 'TLS handshake failed', reason: 'peer did not return a certificate' },
    ])
  })

  test('must match client_allowed_sans exactly, even if a name contains a separator', async () => {
    const sans = 'client_allowed_sans: [example, rometheus.example, "*.example", prometheus.example.org, two-faced]'
    const strict = await startTls(`client_auth_type: RequireAndVerifyClientCert, ${authority}, ${sans}`)
    await expect(strict.ask('/metrics', identity('client'))).rejects.toThrow()
    expect(strict.logged).toContainEqual(
      expect.objectContaining({ level: 'debug', message: 'client certificate refused' }),
    )
    const lenient = await startTls(`client_auth_type: RequireAnyClientCert, client_allowed_sans: [prometheus.example]`)
    expect((await lenient.ask('/metrics', identity('stranger'))).status).toBe(200)
    await expect(lenient.ask('/metrics', identity('two-faced'))).rejects.toThrow()
    await expect(lenient.ask('/metrics')).rejects.toThrow()
  })
})

describe('after a change of files,', () => {
  const byName = 'tls_server_config: { cert_file: here.crt, key_file: here.key }'
  const files = { 'web.yml': byName, 'here.crt': pem('server'), 'here.key': pem('server') }
  const shown = async ({ ask }: Secured): Promise<unknown> => (await ask('/metrics')).certificate.subject?.CN

  test('a renewed certificate is served to the next connection', async () => {
    const running = await start(files)
    expect(await shown(running)).toBe('server')
    running.replace('here.crt', pem('renewed'))
    running.replace('here.key', pem('renewed'))
    expect(await shown(running)).toBe('renewed')
    expect(running.logged).toEqual([{ level: 'info', message: 'certificates reloaded' }])
    expect(running.failures()).toBe(0)
  })

  test('an unusable file is logged once and the previous one stays in use until a valid one replaces it', async () => {
    const running = await start(files)
    running.replace('here.crt', pem('renewed'))
    expect([await shown(running), await shown(running)]).toEqual(['server', 'server'])
    const message = 'certificates not reloaded: keeping the previous one'
    const reason: unknown = expect.stringMatching(/here\.key: is not the key of .*here\.crt$/)
    expect(running.logged).toEqual([{ level: 'error', message, reason }])
    running.replace('here.key', 'nonsense')
    expect(await shown(running)).toBe('server')
    expect(running.failures()).toBe(2)
    running.replace('here.key', pem('renewed'))
    expect(await shown(running)).toBe('renewed')
    expect(running.failures()).toBe(2)
  })

  test('the files and versions of a new configuration apply', async () => {
    const running = await start(files)
    running.replace('web.yml', 'tls_server_config: { cert_file: new.pem, key_file: new.pem, min_version: TLS13 }')
    expect(await shown(running)).toBe('server')
    expect(running.failures()).toBe(1)
    running.replace('new.pem', pem('renewed'))
    expect(await shown(running)).toBe('renewed')
    await expect(running.ask('/metrics', { maxVersion: 'TLSv1.2' })).rejects.toThrow(/alert protocol version/)
  })

  test('a new configuration of the same files applies', async () => {
    const running = await start(files)
    expect((await handshake(running.url, { maxVersion: 'TLSv1.2' })).protocol).toBe('TLSv1.2')
    running.replace('web.yml', byName.replace(' }', ', min_version: TLS13 }'))
    await expect(handshake(running.url, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/alert protocol version/)
  })

  test.each(['TLSv1.3', 'TLSv1.2'] as const)(
    'a %s session cannot be resumed once its authority is replaced',
    async (maxVersion) => {
      const policy = ', client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem }'
      const running = await start({ ...files, 'web.yml': byName.replace(' }', policy), 'ca.pem': pem('authority') })
      const { port } = new URL(running.url)
      const client = { host: '127.0.0.1', port: Number(port), ca: pem('authority'), ...identity('client'), maxVersion }
      const answered = async (session?: Buffer) => {
        const socket = connect({ ...client, ...(session && { session }) })
        let heard = ''
        let ticket: Buffer | undefined
        let resumed = false
        socket
          .on('session', (bytes) => (ticket = bytes))
          .on('secureConnect', () => (resumed = socket.isSessionReused()))
        socket
          .setEncoding('latin1')
          .on('data', (text: string) => (heard += text))
          .on('error', () => undefined)
        socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
        await new Promise((resolve) => socket.once('close', resolve))
        return { ok: heard.startsWith('HTTP/1.1 200'), resumed, ticket }
      }
      const { ok, ticket } = await answered()
      expect(ok).toBe(true)
      expect(await answered(ticket)).toMatchObject({ ok: true, resumed: true })
      running.replace('ca.pem', pem('stranger-authority'))
      expect(await answered(ticket)).toMatchObject({ ok: false })
    },
  )

  test.each([
    ['removing TLS', 'basic_auth_users: {}'],
    ['another client_auth_type', byName.replace(' }', ', client_auth_type: RequestClientCert }')],
  ])('%s needs a restart, which is logged', async (_, text) => {
    const running = await start(files)
    running.replace('web.yml', text)
    expect(await shown(running)).toBe('server')
    expect(running.logged.map(({ reason }) => reason)).toEqual([expect.stringMatching(/need a restart$/)])
    running.replace('here.crt', pem('renewed'))
    running.replace('here.key', pem('renewed'))
    expect(await shown(running)).toBe('renewed')
  })
})

describe('a start fails with', () => {
  test.each([
    ['a missing file', { 'here.key': pem('server') }, /here\.crt: ENOENT/],
    ['a file without a certificate', { 'here.crt': 'x', 'here.key': pem('server') }, /here\.crt: /],
    ['a file with another key', { 'here.crt': pem('server'), 'here.key': pem('authority') }, /here\.key: /],
    [
      'the key of another certificate',
      { 'here.crt': pem('server'), 'here.key': pem('client') },
      /here\.key: is not the key of \S+here\.crt$/,
    ],
  ])('%s', async (_, files, message) => {
    const started = start({ 'web.yml': 'tls_server_config: { cert_file: here.crt, key_file: here.key }', ...files })
    await expect(started).rejects.toThrow(message)
    await expect(started).rejects.toThrow(/^web configuration \S+web\.yml: [^\n]+$/)
  })

  test('an invalid authority', async () => {
    const files = {
      'web.yml': `${server}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem }`,
      'ca.pem': 'x',
    }
    await expect(start(files)).rejects.toThrow(/ca\.pem: /)
  })
})
