// Users, headers and the rate limit apply to every page, and follow changes of the file.
import { request } from 'node:http'
import { hash } from '@node-rs/bcrypt'
import { beforeAll, describe, expect, test } from 'vitest'
import { ConfigError } from '../../../src/config/config.js'
import { securedServers } from '../secured.js'

const start = securedServers()
const paths = ['/metrics', '/-/healthy', '/-/ready', '/', '/nothing']

let adas = ''
let bobs = ''
beforeAll(async () => {
  adas = await hash('engine', 4)
  bobs = (await hash('builder', 4)).replace('$2b$', '$2y$')
})
const usersFile = (users: Readonly<Record<string, string>>): string =>
  `basic_auth_users:\n${Object.entries(users)
    .map(([name, stored]) => `  ${name}: ${stored}\n`)
    .join('')}`

describe('users', () => {
  test('are required by every page', async () => {
    const { url, ask } = await start({ 'web.yml': usersFile({ ada: adas, bob: bobs }) })
    expect(url).toMatch(/^http:/)
    for (const path of paths) {
      for (const user of [undefined, 'ada:wrong', 'eve:engine', 'ada:builder', ':']) {
        const { status, body, headers } = await ask(path, user === undefined ? {} : { user })
        expect({ status, body }).toEqual({ status: 401, body: 'Unauthorized\n' })
        expect(headers['www-authenticate']).toBe('Basic realm="agent-usage-exporter", charset="UTF-8"')
        expect(headers['cache-control']).toBe('no-store')
      }
      expect((await ask(path, { user: 'ada:engine' })).status).toBe(path === '/nothing' ? 404 : 200)
      expect((await ask(path, { user: 'bob:builder' })).status).toBe(path === '/nothing' ? 404 : 200)
    }
  })

  test('are checked for every method, before any other response', async () => {
    const { url, ask } = await start({ 'web.yml': usersFile({ ada: adas }) })
    expect((await ask('/metrics', { method: 'HEAD' })).status).toBe(401)
    expect((await ask('/metrics', { method: 'POST' })).status).toBe(401)
    expect((await ask('/metrics', { method: 'POST', user: 'ada:engine' })).status).toBe(405)
    const status = await new Promise((resolve, reject) => {
      request(url, { path: 'http://example.test/metrics' }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(401)
  })

  test('are added, removed and given new passwords from the next request on', async () => {
    const { ask, replace, logged, failures } = await start({ 'web.yml': usersFile({ ada: adas }) })
    const status = async (user: string): Promise<number> => (await ask('/metrics', { user })).status
    expect([await status('ada:engine'), await status('bob:builder')]).toEqual([200, 401])
    replace('web.yml', usersFile({ bob: bobs }))
    expect([await status('ada:engine'), await status('bob:builder')]).toEqual([401, 200])
    replace('web.yml', usersFile({ bob: adas }))
    expect([await status('bob:engine'), await status('bob:builder')]).toEqual([200, 401])
    expect(logged).toEqual(Array(2).fill({ level: 'info', message: 'web configuration reloaded' }))
    expect(failures()).toBe(0)
  })

  test('can be introduced while the server runs, but not all removed, as a half-written file would do', async () => {
    const { ask, replace, logged } = await start({ 'web.yml': '' })
    expect((await ask('/metrics')).status).toBe(200)
    replace('web.yml', usersFile({ ada: adas }))
    expect((await ask('/metrics')).status).toBe(401)
    for (const text of ['', 'basic_auth_users:']) {
      replace('web.yml', text)
      expect((await ask('/metrics')).status).toBe(401)
    }
    const said: unknown = expect.stringMatching(/removing all users needs a restart$/)
    expect(logged.map(({ reason }) => reason)).toEqual([undefined, said, said])
  })

  test('are kept if the new file is invalid, which is logged once', async () => {
    const { ask, replace, logged, failures } = await start({ 'web.yml': usersFile({ ada: adas }) })
    replace('web.yml', usersFile({ ada: 'engine' }))
    for (let i = 0; i < 3; i++) {
      expect((await ask('/metrics', { user: 'ada:engine' })).status).toBe(200)
      expect((await ask('/metrics')).status).toBe(401)
    }
    expect(logged).toEqual([
      {
        level: 'error',
        message: 'web configuration not reloaded: keeping the previous one',
        reason: expect.stringMatching(
          /web\.yml: basic_auth_users\.ada: expected a bcrypt hash.*, found "\(not shown\)"$/,
        ) as string,
      },
    ])
    expect(failures()).toBe(1)
    replace('web.yml', usersFile({ bob: bobs }))
    expect((await ask('/metrics', { user: 'bob:builder' })).status).toBe(200)
  })
})

describe('headers', () => {
  const file = (frame: string): string => `http_server_config:
  headers:
    X-Frame-Options: ${frame}
    Strict-Transport-Security: max-age=60
    Content-Security-Policy: "default-src 'self'"
`

  test('are on every response, including refusals, and override those of the pages', async () => {
    const { ask, replace } = await start({ 'web.yml': file('deny') })
    const headers = {
      'x-frame-options': 'deny',
      'strict-transport-security': 'max-age=60',
      'content-security-policy': "default-src 'self'",
    }
    for (const path of paths) expect((await ask(path)).headers).toMatchObject(headers)
    replace('web.yml', file('sameorigin') + usersFile({ ada: adas }))
    const refused = await ask('/')
    expect(refused).toMatchObject({ status: 401, headers: { ...headers, 'x-frame-options': 'sameorigin' } })
  })

  test('of the landing page are its own if none are configured', async () => {
    const { ask } = await start({ 'web.yml': '' })
    expect((await ask('/')).headers['content-security-policy']).toMatch(/^default-src 'none'/)
    expect((await ask('/metrics')).headers).not.toHaveProperty('content-security-policy')
  })
})

test('the rate limit applies to all clients together, before sign-in', async () => {
  const file = usersFile({ ada: adas })
  const { ask, replace } = await start({ 'web.yml': `${file}rate_limit: { interval: 24h, burst: 2 }` })
  const statuses: number[] = []
  for (const user of ['ada:wrong', 'ada:engine', 'ada:engine', 'ada:wrong'])
    statuses.push((await ask('/metrics', { user })).status)
  expect(statuses).toEqual([401, 200, 429, 429])
  replace('web.yml', file)
  expect((await ask('/metrics', { user: 'ada:engine' })).status).toBe(200)
})

test('http2 is accepted, with a warning that it has no effect', async () => {
  const { ask, logged } = await start({ 'web.yml': 'http_server_config: { http2: true }' })
  expect((await ask('/metrics')).status).toBe(200)
  expect(logged).toMatchObject([{ level: 'warn', message: 'http2 has no effect: this server speaks HTTP/1.1' }])
})

test('a start with an invalid file throws a ConfigError', async () => {
  const started = start({ 'web.yml': 'basic_auth_user: {}' })
  await expect(started).rejects.toThrow(ConfigError)
  await expect(started).rejects.toThrow(/^web configuration \S+web\.yml: basic_auth_user: Unrecognized key/)
})
