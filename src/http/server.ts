// Serves the pages over HTTP, or as a web configuration file says: GET and HEAD, nothing else. Promises that a broken
// page or a slow client costs one response, never the program, and that closing takes about a second at most.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Log } from '../log.js'
import type { Gate } from './gate.js'
import { landingPolicy } from './landing/policy.js'
import { acceptsGzip, preferredFormat, type Format } from './negotiate.js'

export interface Scrape {
  readonly contentType: string
  readonly body: string
  /** Called after a GET of it was sent whole; not after a HEAD, nor when the client went away. */
  sent(): void
}

export interface Pages {
  scrape(format: Format): Promise<Scrape>
  /** False until the first pass is complete. */
  ready(): boolean
  /** What `/-/ready` says besides, a line each: numbers are served, but some logs could not be read. */
  troubles?(): readonly string[]
  /** HTML of the page at `/`. */
  landing(): Promise<string>
  /** JSON of `/api/summary`. */
  summary(): Promise<string>
}

export interface ServerOptions {
  /** An empty host is every interface; port 0 lets the system choose. */
  readonly listen: readonly { readonly host: string; readonly port: number }[]
  readonly telemetryPath: string
  readonly pages: Pages
  readonly log: Log
  /** TLS, users and headers in the format of the exporter-toolkit; without a file, plain HTTP for everyone. */
  readonly webConfig?: {
    readonly file: string | undefined
    /** Told when the file, or a certificate, has changed into something that cannot be used. */
    readonly failed: () => void
  }
}

export interface RunningServer {
  /** URLs of what is really bound, in the order asked for. */
  readonly addresses: readonly string[]
  /** Stops listening and closes idle connections at once; running responses get `closeGraceMs`. */
  close(): Promise<void>
}

/** An address that cannot be listened on; the message is one line and names it. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

export const closeGraceMs = 1_000

const limits = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  // Longer than usual scrape intervals, so that Prometheus keeps its connection and never races our closing it.
  keepAliveTimeout: 90_000,
  connectionsCheckingInterval: 1_000,
}
/** A response that its reader does not take on is given up after this long. */
const stalledMs = 30_000
const connectionsMost = 256

/** Listens on all addresses, or on none. @throws ListenError; ConfigError for a bad web configuration file */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { listen, telemetryPath, pages, log, webConfig } = options
  const gate = webConfig && (await gateOf(webConfig, log))
  const answer = answers({ telemetryPath, pages, log, gate })
  const servers: Server[] = []
  const sockets = new Set<Socket>()
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => closeServer(server, sockets)))
  }
  for (const { host, port } of listen) {
    const server = (gate?.createServer ?? createServer)(limits, (request, response) => {
      answer(request, response).catch((error: unknown) => fail(request, response, { error, log }))
      // A connection that was busy when the server closed is idle now, and nobody else would tell it to go.
      response.once('close', () => server.listening || server.closeIdleConnections())
    })
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
    server.timeout = stalledMs
    server.maxConnections = connectionsMost
    try {
      server.listen({ port, ...(host === '' ? {} : { host }) })
      await once(server, 'listening')
    } catch (error) {
      await close()
      throw listenError(host, port, error as NodeJS.ErrnoException)
    }
    server.on('error', (error) => log.error({ error }, 'HTTP server failed'))
    servers.push(server)
  }
  let closed: Promise<void> | undefined
  const scheme = gate?.scheme ?? 'http'
  return { addresses: servers.map((server) => urlOf(server, scheme)), close: () => (closed ??= close()) }
}

async function gateOf({ file, failed }: NonNullable<ServerOptions['webConfig']>, log: Log): Promise<Gate | undefined> {
  if (file === undefined) return undefined
  // Loaded only here: most users have no such file.
  const { openGate } = await import('./gate.js')
  return openGate({ configFile: file, failed, log })
}

interface Answers {
  readonly telemetryPath: string
  readonly pages: Pages
  readonly log: Log
  readonly gate: Gate | undefined
}

function answers({ telemetryPath, pages, log, gate }: Answers) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('Cache-Control', 'no-store')
    const refusal = gate && (await gate.refusal(request, response))
    if (refusal !== undefined) {
      await send(request, response, refusal)
      return
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      // Whatever body comes with it is not read, so the connection cannot be used again.
      response.setHeader('Connection', 'close').setHeader('Allow', 'GET, HEAD')
      await send(request, response, { status: 405, body: 'Only GET and HEAD\n' })
      return
    }
    switch (pathOf(request)) {
      case telemetryPath: {
        const scrape = await pages.scrape(preferredFormat(request.headers))
        response.setHeader('Vary', 'Accept, Accept-Encoding')
        await send(request, response, { ...scrape, sent: () => wasSent(scrape, log) })
        return
      }
      case '/-/healthy':
        await send(request, response, { body: 'OK\n' })
        return
      case '/-/ready':
        if (pages.ready()) await send(request, response, { body: ['OK', ...(pages.troubles?.() ?? []), ''].join('\n') })
        else await send(request, response, { status: 503, body: 'Not ready: the first pass is running\n' })
        return
      case '/':
        // A policy from the web configuration is there already, and goes before ours.
        if (!response.hasHeader('Content-Security-Policy')) response.setHeader('Content-Security-Policy', landingPolicy)
        response.setHeader('Referrer-Policy', 'no-referrer')
        await send(request, response, { contentType: 'text/html; charset=utf-8', body: await pages.landing() })
        return
      case '/api/summary':
        await send(request, response, { contentType: 'application/json', body: await pages.summary() })
        return
      default:
        await send(request, response, { status: 404, body: `Not found; the metrics are at ${telemetryPath}\n` })
    }
  }
}

interface Answer {
  readonly status?: number
  readonly contentType?: string
  readonly body: string
  /** Called when the last byte of a GET has been handed to the system. */
  readonly sent?: () => void
}

const plainText = 'text/plain; charset=utf-8'
const gzipped = promisify(gzip)
/** On 5,000 series (670 KB): level 1 82 KB, 3 72 KB, in the same time; 6 64 KB in twice the time. */
const gzipLevel = 3
/** What fits into one packet anyway. */
const gzipLeastBytes = 1_400

async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { status = 200, contentType = plainText, body, sent } = answer
  let bytes: Buffer = Buffer.from(body)
  if (!response.hasHeader('Vary')) response.setHeader('Vary', 'Accept-Encoding')
  if (bytes.length > gzipLeastBytes && acceptsGzip(request.headers)) {
    bytes = await gzipped(bytes, { level: gzipLevel })
    response.setHeader('Content-Encoding', 'gzip')
  }
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': bytes.length })
  if (request.method === 'HEAD') response.end()
  else response.end(bytes, sent)
}

/** The path without query; a proxy may send the whole URL. */
function pathOf(request: IncomingMessage): string {
  const path = request.url!.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0]!
  return path === '' ? '/' : path
}

function wasSent(scrape: Scrape, log: Log): void {
  try {
    scrape.sent()
  } catch (error) {
    log.error({ error }, 'What follows a scrape failed')
  }
}

function fail(request: IncomingMessage, response: ServerResponse, { error, log }: { error: unknown; log: Log }): void {
  log.error({ error, path: pathOf(request) }, 'Page failed')
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.removeHeader('Content-Encoding')
  const body = 'Internal error; the log says more\n'
  response.writeHead(500, { 'Content-Type': plainText, 'Content-Length': body.length })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** @param sockets those of all servers; `closeAllConnections` would leave out TLS handshakes that have not ended */
async function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const timer = setTimeout(() => sockets.forEach((socket) => socket.destroy()), closeGraceMs)
  await closed
  clearTimeout(timer)
}

function urlOf(server: Server, scheme: Gate['scheme']): string {
  const { address, family, port } = server.address() as AddressInfo
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

const refusals: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is in use, perhaps by another exporter; --web.listen-address chooses another',
  EACCES: 'permission denied; ports below 1024 are often reserved',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the host name cannot be resolved now',
}

function listenError(host: string, port: number, cause: NodeJS.ErrnoException): ListenError {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const reason = refusals[cause.code ?? ''] ?? cause.message
  return new ListenError(`cannot listen on ${address}: ${reason}`, { cause })
}
