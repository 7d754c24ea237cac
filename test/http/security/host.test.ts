// Which host names a server answers to: on 127.0.0.1 without a password, only those that no foreign page can use.
import { request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { hash } from '@node-rs/bcrypt'
import { startServer } from '../../../src/http/server.js'
import { pemFile } from '../../support/https.js'
import { securedServers } from '../secured.js'

const pages = {
  scrape: () => Promise.resolve({ contentType: 'text/plain', body: Buffer.from('a 1\n'), sent: () => undefined }),
  ready: () => true,
  landing: () => Promise.resolve('<!doctype html>'),
  summary: () => Promise.resolve('{}'),
}

async function start(allowedHosts: readonly string[] = [], host = '127.0.0.1') {
  const warnings: string[] = []
  const quiet = (): void => undefined
  const log = {
    debug: quiet,
    info: quiet,
    warn: (_: object, message: string) => void warnings.push(message),
    error: quiet,
  }
  const server = await startServer({ listen: [{ host, port: 0 }], telemetryPath: '/metrics', pages, log, allowedHosts })
  onTestFinished(() => server.close())
  const url = server.addresses[0]!
  return { url, port: Number(new URL(url).port), warnings }
}

/** Status code of the response to a raw request. */
async function statusOf(port: number, words: string): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  socket.write(words.replaceAll('\n', '\r\n'))
  const answer = await text(socket)
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])
}
const asking = (...hosts: readonly string[]): string =>
  `GET /api/summary HTTP/1.1\n${hosts.map((host) => `Host: ${host}\n`).join('')}Connection: close\n\n`

describe('on 127.0.0.1', () => {
  test.each([
    '127.0.0.1',
    '127.0.0.1:9853',
    '192.168.1.5:1',
    '[::1]',
    '[::1]:9853',
    '[2001:db8::1]',
    'localhost',
    'LOCALHOST:80',
    'localhost.:9853',
    'exporter.example',
    'Exporter.Example.:443',
  ])('the host %s is answered', async (host) => {
    const { port } = await start(['exporter.example'])
    expect(await statusOf(port, asking(host))).toBe(200)
  })

  test.each([
    'evil.example',
    'evil.example:9853',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'sub.exporter.example',
    'xexporter.example',
    'localhost..',
    '[evil.example]',
    '[::1].evil.example',
    '::1',
    '127.0.0.1@evil.example',
    '127.0.0.1, evil.example',
    '',
  ])('the host %j gets 421', async (host) => {
    const { port } = await start(['exporter.example'])
    expect(await statusOf(port, asking(host))).toBe(421)
  })

  test('a refusal names the setting that allows the host, on every page', async () => {
    const { url } = await start()
    for (const path of ['/metrics', '/-/healthy', '/-/ready', '/', '/api/summary', '/nothing']) {
      const body = await new Promise<string>((resolve, reject) => {
        request(
          url + path,
          { headers: { host: 'evil.example' } },
          (response) => void text(response).then(resolve, reject),
        )
          .on('error', reject)
          .end()
      })
      expect(body).toMatch(/^This host name is not allowed: .* --web\.allowed-host\n$/)
    }
  })

  test.each([
    ['a foreign host after an allowed one', asking('localhost', 'evil.example'), 421],
    ['a foreign host before an allowed one', asking('evil.example', 'localhost'), 421],
    [
      'a foreign host in the URL',
      'GET http://evil.example/metrics HTTP/1.1\nHost: localhost\nConnection: close\n\n',
      421,
    ],
    [
      'a foreign host next to an allowed one in the URL',
      'GET http://localhost/metrics HTTP/1.1\nHost: evil.example\nConnection: close\n\n',
      421,
    ],
    [
      'an allowed host in the URL',
      'GET http://127.0.0.1:9853/metrics HTTP/1.1\nHost: localhost\nConnection: close\n\n',
      200,
    ],
    ['no host in HTTP/1.1', 'GET /metrics HTTP/1.1\nConnection: close\n\n', 400],
    ['no host in HTTP/1.0', 'GET /metrics HTTP/1.0\n\n', 200],
    ['a foreign host in HTTP/1.0', 'GET /metrics HTTP/1.0\nHost: evil.example\n\n', 421],
  ])('a request with %s gets the right status', async (_, words, status) => {
    const { port } = await start()
    expect(await statusOf(port, words)).toBe(status)
  })
})

describe('any host is answered', () => {
  test('on every interface, with a warning and an address that can be opened', async () => {
    const { url, port, warnings } = await start([], '0.0.0.0')
    expect(url).toBe(`http://localhost:${port}`)
    expect(await statusOf(port, asking('exporter'))).toBe(200)
    expect(warnings).toEqual([
      expect.stringMatching(/^listening on every interface without a password: .*--web\.config\.file/),
    ])
  })

  const secured = securedServers()
  let ada = ''
  beforeAll(async () => {
    ada = await hash('engine', 4)
  })

  test('once a password is required', async () => {
    const { ask, replace } = await secured({ 'web.yml': '' })
    const headers = { host: 'exporter.example' }
    expect((await ask('/metrics', { headers, user: 'ada:engine' })).status).toBe(421)
    replace('web.yml', `basic_auth_users: { ada: ${ada} }`)
    expect((await ask('/metrics', { headers, user: 'ada:engine' })).status).toBe(200)
    expect((await ask('/metrics', { headers })).status).toBe(401)
  })

  test('over TLS, where the certificate identifies the server', async () => {
    const { ask } = await secured({
      'web.yml': `tls_server_config: { cert_file: ${pemFile('server')}, key_file: ${pemFile('server')} }`,
    })
    expect((await ask('/metrics', { servername: 'localhost', headers: { host: 'exporter.example' } })).status).toBe(200)
  })
})

test('listening on 127.0.0.1 logs no warning', async () => {
  expect((await start()).warnings).toEqual([])
})
