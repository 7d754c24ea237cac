// Many concurrent clients, some of them hostile: the work and the memory they cost, and that they keep nobody else out.
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startServer, type Scrape } from '../../src/http/server.js'

const contentType = 'text/plain'
const MB = 2 ** 20
const words = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'

interface Crowded {
  readonly port: number
  /** Number of expositions printed. */
  readonly prints: () => number
  /** Number of responses sent in full. */
  readonly sent: () => number
}

/** @param print returns the nth exposition */
async function start(print: (nth: number) => Promise<Buffer> | Buffer): Promise<Crowded> {
  let [prints, sent] = [0, 0]
  const scrape = async (): Promise<Scrape> => {
    prints += 1
    return { contentType, body: await print(prints), sent: () => void (sent += 1) }
  }
  const pages = { scrape, ready: () => true, landing: () => Promise.resolve(''), summary: () => Promise.resolve('') }
  const quiet = (): void => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const server = await startServer({ listen: [{ host: '127.0.0.1', port: 0 }], telemetryPath: '/metrics', pages, log })
  onTestFinished(() => server.close())
  return { port: Number(new URL(server.addresses[0]!).port), prints: () => prints, sent: () => sent }
}

function get(
  port: number,
  path: string,
  agent?: Agent,
): Promise<{ readonly status: number; readonly bytes: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, agent: agent ?? false }, (response) => {
      const chunks: Buffer[] = []
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', reject)
        .on('end', () => {
          const body = Buffer.concat(chunks)
          resolve({ status: response.statusCode!, bytes: body.length, body: body.toString('latin1', 0, 200) })
        })
    })
      .on('error', reject)
      .end()
  })
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** Holds a print back until the test opens it. */
function held() {
  let open: (() => void) | undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open!() }
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise(setImmediate)
}

test('forty concurrent scrapes share two prints, further scrapes get 503, and other requests do not wait', async () => {
  const first = held()
  const { port, prints } = await start(async () => {
    await first.opened
    return Buffer.alloc(MB)
  })
  const early = get(port, '/metrics')
  await until(() => prints() === 1)
  let refused = 0
  const crowd = Array.from({ length: 59 }, async () => {
    const reply = await get(port, '/metrics')
    if (reply.status === 503) refused += 1
    return reply
  })
  await until(() => refused === 20)
  expect((await get(port, '/-/healthy')).status).toBe(200)
  first.open()
  expect((await early).bytes).toBe(MB)
  const replies = await Promise.all(crowd)
  expect(replies.filter(({ status, bytes }) => status === 200 && bytes === MB)).toHaveLength(39)
  for (const { body } of replies.filter(({ status }) => status === 503)) {
    expect(body).toBe('Limit of concurrent scrapes reached (40), try again later\n')
  }
  expect(prints()).toBe(2)
  expect((await get(port, '/metrics')).status).toBe(200)
})

test('pipelined requests are answered one after the other', async () => {
  const { port, prints } = await start((nth) => Buffer.from(`print ${nth}\n`))
  const socket = await connected(port)
  socket.write(words.repeat(5))
  let heard = ''
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text))
  await until(() => heard.includes('print 5\n'))
  expect(heard.match(/^print .*/gm)).toEqual([1, 2, 3, 4, 5].map((nth) => `print ${nth}`))
  expect(prints()).toBe(5)
})

test('a client that pipelines a thousand requests is disconnected after at most one print', async () => {
  const first = held()
  const { port, prints } = await start(async () => {
    await first.opened
    return Buffer.alloc(MB)
  })
  const socket = await connected(port)
  const gone = once(socket, 'close')
  socket.resume().write(words.repeat(1_000))
  await gone
  first.open()
  expect((await get(port, '/metrics')).bytes).toBe(MB)
  expect(prints()).toBeLessThanOrEqual(2)
})

test('unread bodies take at most 64 MB: the connections that have waited longest are closed', async () => {
  const size = 10 * MB
  const { port, prints, sent } = await start(() => Buffer.alloc(size))
  const closed: number[] = []
  const readers: Socket[] = []
  for (let reader = 0; reader < 20; reader += 1) {
    const socket = (await connected(port)).pause()
    socket.once('close', () => closed.push(reader))
    readers.push(socket)
    socket.write(words)
    await until(() => prints() === reader + 1)
    // The first bytes have arrived, so the body is being sent.
    await once(socket, 'readable')
  }
  expect((await get(port, '/metrics')).bytes).toBe(size)
  // Six bodies fit into 64 MB, including the one just read.
  for (const socket of readers) socket.resume()
  await until(() => sent() + closed.length >= 21)
  expect(sent()).toBe(1 + 5)
  expect(closed.filter((reader) => reader < 15)).toHaveLength(15)
})

test('slow readers of the same print share one body', async () => {
  const first = held()
  const size = 10 * MB
  const { port, prints, sent } = await start(async () => {
    await first.opened
    return Buffer.alloc(size)
  })
  const readers = await Promise.all(Array.from({ length: 30 }, () => connected(port)))
  let bytes = 0
  for (const socket of readers) socket.pause().write(words)
  await get(port, '/-/healthy')
  first.open()
  await Promise.all(readers.map((socket) => once(socket, 'readable')))
  for (const socket of readers) socket.on('data', (chunk: Buffer) => (bytes += chunk.length))
  await until(() => sent() === 30)
  await until(() => bytes > 30 * size)
  expect(prints()).toBeLessThanOrEqual(2)
})

test.each([
  ['that were used once', 'GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['that send nothing', ''],
  ['that stop within the headers', 'GET /metrics HTTP/1.1\r\nHo'],
])('300 connections %s keep no scrape out, and at most 256 stay open', async (_, said) => {
  const { port } = await start(() => Buffer.from('a 1\n'))
  const agent = new Agent({ keepAlive: true })
  let closed = 0
  for (let opened = 0; opened < 300; opened += 1) {
    const socket = await connected(port)
    socket.resume().once('close', () => (closed += 1))
    if (said !== '') socket.write(said)
    if (said.endsWith('\n')) await once(socket, 'data')
  }
  await until(() => closed >= 44)
  for (let scrape = 0; scrape < 40; scrape += 1) expect((await get(port, '/metrics')).status).toBe(200)
  // A connection in use stays open.
  for (let scrape = 0; scrape < 40; scrape += 1) expect((await get(port, '/metrics', agent)).status).toBe(200)
  agent.destroy()
  expect(closed).toBeLessThanOrEqual(300)
})

test('a connection whose request is being answered stays open when 300 others arrive', async () => {
  const first = held()
  const { port, prints } = await start(async () => {
    await first.opened
    return Buffer.from('a 1\n')
  })
  const early = get(port, '/metrics')
  await until(() => prints() === 1)
  for (let opened = 0; opened < 300; opened += 1) await connected(port)
  first.open()
  expect((await early).body).toBe('a 1\n')
})
