// The server through real sockets: status codes, headers, and clients that misbehave.
import { once } from 'node:events'
import { Agent, request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { landingPolicy } from '../../src/http/landing/policy.js'
import { ListenError, startServer, type Pages, type Scrape, type RunningServer } from '../../src/http/server.js'

const loopback = { host: '127.0.0.1', port: 0 }
const long = 'a_metric{label="value"} 1\n'.repeat(1_000)
const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8'
const textType = 'text/plain; version=0.0.4; charset=utf-8'
const types = { text: textType, openmetrics: openMetricsType }
const nothing = (): void => undefined

interface Logged {
  readonly level: string
  readonly fields: object
  readonly message: string
}

const running: RunningServer[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

async function start(over: Partial<Pages> = {}, listen = [loopback], allowedHosts: readonly string[] = []) {
  const logged: Logged[] = []
  const write =
    (level: string) =>
    (fields: object, message: string): void => {
      logged.push({ level, fields, message })
    }
  let scrapes = 0
  const sent = (): void => {
    scrapes++
  }
  const pages: Pages = {
    scrape: (format) => Promise.resolve({ contentType: types[format], body: Buffer.from('é 1\n'), sent }),
    ready: () => true,
    landing: () => Promise.resolve('<!doctype html><p>hello'),
    summary: () => Promise.resolve('{}\n'),
    ...over,
  }
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  const server = await startServer({ listen, telemetryPath: '/metrics', pages, log, allowedHosts })
  running.push(server)
  return { server, url: server.addresses[0]!, logged, scrapes: () => scrapes }
}

interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly body: string
}

interface Asked {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  /** Overrides the path of the URL. */
  readonly path?: string
  readonly agent?: Agent
  readonly body?: string
}

function ask(url: string, { body, ...options }: Asked = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request(url, options, (response) => {
      const chunks: Buffer[] = []
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', reject)
        .on('end', () => {
          const bytes = Buffer.concat(chunks)
          resolve({ status: response.statusCode!, headers: response.headers, bytes, body: bytes.toString() })
        })
    })
    asked.on('error', reject).end(body)
  })
}

function connected(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket)).once('error', reject)
  })
}

/** A promise and its resolver, so that a test decides when a page is done. */
function gate<T>(): { readonly promise: Promise<T>; readonly open: (value: T) => void } {
  let open: (value: T) => void = () => undefined
  const promise = new Promise<T>((resolve) => (open = resolve))
  return { promise, open }
}

describe('pages', () => {
  test.each([
    ['/metrics', 200, 'é 1\n', textType],
    ['/metrics?name[]=up', 200, 'é 1\n', textType],
    ['/-/healthy', 200, 'OK\n', 'text/plain; charset=utf-8'],
    ['/-/ready', 200, 'OK\n', 'text/plain; charset=utf-8'],
    ['/', 200, '<!doctype html><p>hello', 'text/html; charset=utf-8'],
    ['/?', 200, '<!doctype html><p>hello', 'text/html; charset=utf-8'],
    ['/api/summary', 200, '{}\n', 'application/json'],
    ['/api/', 404, 'Not found; the metrics are at /metrics\n', 'text/plain; charset=utf-8'],
    ['/nothing', 404, 'Not found; the metrics are at /metrics\n', 'text/plain; charset=utf-8'],
    ['/metrics/', 404, 'Not found; the metrics are at /metrics\n', 'text/plain; charset=utf-8'],
    ['//metrics', 404, 'Not found; the metrics are at /metrics\n', 'text/plain; charset=utf-8'],
  ])('%s returns %d', async (path, status, body, type) => {
    const { url } = await start()
    const reply = await ask(url, { path })
    expect(reply).toMatchObject({ status, body })
    expect(reply.headers).toMatchObject({
      'content-type': type,
      'content-length': String(Buffer.byteLength(body)),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })

    const head = await ask(url, { path, method: 'HEAD' })
    expect(head).toMatchObject({ status, body: '' })
    expect({ ...head.headers, date: '' }).toEqual({ ...reply.headers, date: '' })
  })

  test('a request line with an absolute URL is accepted, as proxies send it', async () => {
    const { url } = await start({}, [loopback], ['example.test'])
    expect((await ask(url, { path: 'http://example.test/metrics?x' })).body).toBe('é 1\n')
    expect((await ask(url, { path: 'http://example.test' })).headers['content-type']).toContain('html')
  })

  test('/-/ready returns 503 before the first pass is complete', async () => {
    const { url } = await start({ ready: () => false })
    expect(await ask(url + '/-/ready')).toMatchObject({ status: 503, body: 'Not ready: the first pass is running\n' })
    expect(await ask(url + '/-/healthy')).toMatchObject({ status: 200 })
  })

  test('the landing page has a content security policy and sends no referrer', async () => {
    const { headers } = await ask((await start()).url)
    expect(headers['content-security-policy']).toBe(landingPolicy)
    expect(headers['referrer-policy']).toBe('no-referrer')
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])(
    '%s returns 405 and closes the connection without reading the body',
    async (method) => {
      const { url, scrapes } = await start()
      const reply = await ask(url + '/metrics', { method, ...(method === 'OPTIONS' ? {} : { body: 'x=1' }) })
      expect(reply).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD', connection: 'close' } })
      expect(scrapes()).toBe(0)
    },
  )
})

describe('negotiation', () => {
  test.each([
    [{}, textType],
    [{ accept: 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3' }, openMetricsType],
    [{ accept: 'text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;q=0.3' }, textType],
  ])('%j selects %s', async (headers, type) => {
    const { url } = await start()
    const reply = await ask(url + '/metrics', { headers })
    expect(reply.headers).toMatchObject({ 'content-type': type, vary: 'Accept, Accept-Encoding' })
  })

  test('a long body is compressed if the client accepts gzip', async () => {
    const { url } = await start({
      scrape: () => Promise.resolve({ contentType: textType, body: Buffer.from(long), sent: nothing }),
    })
    const packed = await ask(url + '/metrics', { headers: { 'accept-encoding': 'gzip' } })
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-length': String(packed.bytes.length) })
    expect(packed.bytes.length).toBeLessThan(long.length / 10)
    expect(gunzipSync(packed.bytes).toString()).toBe(long)
    const head = await ask(url + '/metrics', { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } })
    expect(head.headers['content-length']).toBe(packed.headers['content-length'])

    const plain = await ask(url + '/metrics', { headers: { 'accept-encoding': 'gzip;q=0' } })
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(plain.body).toBe(long)
  })

  test('a short body is not compressed', async () => {
    const { url } = await start()
    const reply = await ask(url + '/metrics', { headers: { 'accept-encoding': 'gzip' } })
    expect(reply.headers['content-encoding']).toBeUndefined()
    expect(reply.body).toBe('é 1\n')
  })
})

describe('the callback sent', () => {
  test('is called once for a GET of the metrics, and for no other request', async () => {
    const { url, scrapes } = await start()
    await ask(url + '/metrics', { method: 'HEAD' })
    await ask(url + '/-/healthy')
    await ask(url)
    expect(scrapes()).toBe(0)
    await ask(url + '/metrics')
    expect(scrapes()).toBe(1)
  })

  test('is not called if the client disconnects before the response', async () => {
    const asked = gate<undefined>()
    const answer = gate<Scrape>()
    let sent = false
    const { url, server } = await start({
      scrape: () => {
        asked.open(undefined)
        return answer.promise
      },
    })
    const socket = await connected(url)
    socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await asked.promise
    socket.resetAndDestroy()
    await ask(url + '/-/healthy') // After this response the server has seen the reset.
    answer.open({ contentType: textType, body: Buffer.from(long), sent: () => void (sent = true) })
    await server.close()
    expect(sent).toBe(false)
  })

  test('may throw: the response is sent and the error is logged', async () => {
    const { url, logged } = await start({
      scrape: () =>
        Promise.resolve({
          contentType: textType,
          body: Buffer.from('a 1\n'),
          sent: () => {
            throw new Error('no')
          },
        }),
    })
    expect((await ask(url + '/metrics')).status).toBe(200)
    expect((await ask(url + '/metrics')).status).toBe(200)
    expect(logged.map(({ level }) => level)).toEqual(['error', 'error'])
  })
})

describe('a page that fails', () => {
  const error = new Error('secret')
  const failing: [string, Partial<Pages>][] = [
    ['/metrics', { scrape: () => Promise.reject(error) }],
    [
      '/metrics',
      {
        scrape: () => {
          throw error
        },
      },
    ],
    [
      '/-/ready',
      {
        ready: () => {
          throw error
        },
      },
    ],
    ['/', { landing: () => Promise.reject(error) }],
    ['/api/summary', { summary: () => Promise.reject(error) }],
  ]
  test.each(failing)('returns 500 at %s, is logged, and leaves other pages working', async (path, pages) => {
    const { url, logged, scrapes } = await start(pages)
    const reply = await ask(url + path)
    expect(reply).toMatchObject({ status: 500, body: 'Internal error; see the log\n' })
    expect(logged).toEqual([{ level: 'error', fields: { error, path }, message: 'a page failed' }])
    expect(await ask(url + path, { method: 'HEAD' })).toMatchObject({ status: 500, body: '' })
    expect((await ask(url + '/-/healthy')).status).toBe(200)
    expect(scrapes()).toBe(0)
  })

  test('returns 500 even if its headers are invalid', async () => {
    let sent = false
    const scrape = { contentType: 'a\nb', body: Buffer.from(long), sent: () => void (sent = true) }
    const { url } = await start({ scrape: () => Promise.resolve(scrape) })
    const reply = await ask(url + '/metrics', { headers: { 'accept-encoding': 'gzip' } })
    expect(reply).toMatchObject({ status: 500, body: 'Internal error; see the log\n' })
    expect(reply.headers['content-encoding']).toBeUndefined()
    expect(sent).toBe(false)
  })
})

describe('addresses', () => {
  test('are listed as URLs', async () => {
    const { server } = await start({}, [loopback, loopback])
    expect(server.addresses).toHaveLength(2)
    expect(new Set(server.addresses).size).toBe(2)
    for (const url of server.addresses) {
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/)
      expect((await ask(url + '/-/healthy')).status).toBe(200)
    }
  })

  test('are named in the error if their port is busy, and no other one stays bound', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const listening = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length

    const started = start({}, [loopback, { ...loopback, port }])
    await expect(started).rejects.toThrow(ListenError)
    await expect(started).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: the address is already in use, perhaps by`,
    )
    await vi.waitFor(() => expect(listening()).toBe(1)) // Only `other` is left; a closed handle disappears a little later.
    await new Promise((resolve) => other.close(resolve))
  })

  test.each([
    [{ host: '192.0.2.1', port: 0 }, 'cannot listen on 192.0.2.1:0: this machine has no such address'],
    [{ host: '2001:db8::1', port: 0 }, 'cannot listen on [2001:db8::1]:0: '],
  ])('are rejected if this machine cannot listen on them: %j', async (address, message) => {
    await expect(start({}, [address])).rejects.toThrow(message)
  })
})

describe('closing', () => {
  // The grace period of one second never ends here, so a close that waits for it hangs.
  const timeless = (): void => void vi.useFakeTimers({ toFake: ['setTimeout'] })
  afterEach(() => void vi.useRealTimers())

  test('ends idle connections and may be called twice', async () => {
    timeless()
    const { server, url } = await start()
    const agent = new Agent({ keepAlive: true })
    await ask(url + '/metrics', { agent })
    const [socket] = Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])
    const gone = once(socket!, 'close')
    await Promise.all([server.close(), server.close()])
    await gone
    await server.close()
    await expect(ask(url + '/metrics')).rejects.toThrow('ECONNREFUSED')
  })

  test('waits for a running response, then ends its connection', async () => {
    timeless()
    const asked = gate<undefined>()
    const answer = gate<Scrape>()
    const { url, server } = await start({
      scrape: () => {
        asked.open(undefined)
        return answer.promise
      },
    })
    const agent = new Agent({ keepAlive: true })
    const reply = ask(url + '/metrics', { agent })
    await asked.promise
    const closed = server.close()
    answer.open({ contentType: textType, body: Buffer.from(long), sent: () => undefined })
    expect((await reply).body).toBe(long)
    await closed
    agent.destroy()
  })

  test.each([
    ['sends nothing', ''],
    ['stops within the headers', 'GET /metrics HTTP/1.1\r\nHo'],
    ['waits for a page that never comes', 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ])('does not wait for a client that %s', async (_, words) => {
    const { server, url } = await start({ scrape: () => gate<never>().promise })
    const socket = await connected(url)
    socket.on('error', () => undefined).resume()
    const gone = once(socket, 'close')
    socket.write(words)
    await ask(url + '/-/healthy')
    await server.close()
    await gone
  })

  test('does not wait for a client that does not read', async () => {
    const body = long.repeat(2_000) // More than the socket buffers of both ends hold.
    let sent = false
    const scrape = { contentType: textType, body: Buffer.from(body), sent: () => void (sent = true) }
    const { server, url } = await start({ scrape: () => Promise.resolve(scrape) })
    const socket = await connected(url)
    socket.on('error', () => undefined).pause()
    socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(socket, 'readable')
    await server.close()
    expect(sent).toBe(false)
    socket.destroy()
  })
})

test('invalid HTTP returns 400, and the server keeps serving', async () => {
  const { url } = await start()
  const socket = await connected(url)
  socket.write('hello\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
  expect((await ask(url + '/-/healthy')).status).toBe(200)
})
