// Serves the pages over HTTP or, with a web configuration file, HTTPS. Bounds what one client can occupy, and closes
// within about a second.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '../process/log.js'
import { createAnswers, type Pages } from './answers.js'
import { createBodies } from './bodies.js'
import { createConnections, type Connections } from './connections.js'
import type { Gate } from './security/gate.js'
import { isLoopback } from './security/host.js'
import { listenError } from './listen-error.js'

export type { Pages, Scrape } from './answers.js'
export { ListenError } from './listen-error.js'

export interface ServerOptions {
  /** An empty host means every interface; port 0 lets the system choose. */
  readonly listen: readonly { readonly host: string; readonly port: number }[]
  readonly telemetryPath: string
  readonly pages: Pages
  readonly log: Log
  /** Names, apart from `localhost`, under which clients on this machine may address it. */
  readonly allowedHosts?: readonly string[]
  /** TLS, users and headers in the format of the exporter-toolkit; without a file, plain HTTP for everyone. */
  readonly webConfig?: {
    readonly file: string | undefined
    /** Called when the file, or a certificate, has changed to something that cannot be used. */
    readonly failed: () => void
  }
}

export interface RunningServer {
  /** URLs at which this machine reaches the bound addresses, in the order of the settings. */
  readonly addresses: readonly string[]
  /** Stops listening and closes idle connections at once; responses under way get `CLOSE_GRACE_MS`. */
  close(): Promise<void>
}

const CLOSE_GRACE_MS = 1_000

const LIMITS = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  // Longer than usual scrape intervals, so that Prometheus keeps its connection and does not send while the server
  // closes it.
  keepAliveTimeout: 90_000,
  connectionsCheckingInterval: 1_000,
}
/** A response whose reader accepts no data is aborted after this time. */
const STALLED_MS = 30_000
/** Maximum number of connections to all addresses together. */
const MAX_CONNECTIONS = 256
/** Three bodies with 20,000 series, each with tokens, cost and periods. */
const MAX_HELD_BYTES = 64 * 2 ** 20

/** Listens on all addresses, or on none. @throws ListenError; ConfigError for an invalid web configuration file */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { listen, telemetryPath, pages, log, allowedHosts = [], webConfig } = options
  const gate = webConfig && (await gateOf(webConfig, log))
  const answer = createAnswers({ telemetryPath, pages, log, gate, allowedHosts, bodies: createBodies(MAX_HELD_BYTES) })
  const connections = createConnections(MAX_CONNECTIONS)
  const servers: Server[] = []
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => closeServer(server, connections)))
  }
  for (const { host, port } of listen) {
    let loopback = true
    const server = (gate?.createServer ?? createServer)(LIMITS, (request, response) => {
      if (!connections.asked(request, response)) return
      // A connection that was busy when the server closed is now idle, and nothing else would close it.
      response.once('close', () => server.listening || server.closeIdleConnections())
      const begin = (): void => void answer(request, response, !loopback || gate?.scheme === 'https')
      // While another request of the same connection is being answered, this one has no socket.
      if (response.socket === null) response.once('socket', begin)
      else begin()
    })
    server.on('connection', (socket) => connections.opened(socket))
    server.timeout = STALLED_MS
    try {
      server.listen({ port, ...(host === '' ? {} : { host }) })
      await once(server, 'listening')
    } catch (error) {
      await close()
      throw listenError(host, port, error as NodeJS.ErrnoException)
    }
    loopback = isLoopback((server.address() as AddressInfo).address)
    server.on('error', (error) => log.error({ error }, 'HTTP server failed'))
    servers.push(server)
  }
  if (servers.some(isOnEveryInterface) && gate?.knowsClients() !== true) {
    log.warn(
      {},
      'listening on every interface without a password: set one in --web.config.file, or restrict --web.listen-address',
    )
  }
  let closed: Promise<void> | undefined
  const scheme = gate?.scheme ?? 'http'
  return { addresses: servers.map((server) => urlOf(server, scheme)), close: () => (closed ??= close()) }
}

async function gateOf({ file, failed }: NonNullable<ServerOptions['webConfig']>, log: Log): Promise<Gate | undefined> {
  if (file === undefined) return undefined
  // Loaded only here: most users have no such file.
  const { openGate } = await import('./security/gate.js')
  return openGate({ configFile: file, failed, log })
}

/** `closeAllConnections` would leave out unfinished TLS handshakes. */
async function closeServer(server: Server, connections: Connections): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const timer = setTimeout(() => connections.closeAll(), CLOSE_GRACE_MS)
  await closed
  clearTimeout(timer)
}

const isOnEveryInterface = (server: Server): boolean =>
  ['::', '0.0.0.0'].includes((server.address() as AddressInfo).address)

function urlOf(server: Server, scheme: Gate['scheme']): string {
  const { address, family, port } = server.address() as AddressInfo
  const host = family === 'IPv6' ? `[${address}]` : address
  return `${scheme}://${isOnEveryInterface(server) ? 'localhost' : host}:${port}`
}
