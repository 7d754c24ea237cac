// Applies a web configuration file in front of the pages: TLS, headers, rate limit, sign-in. Changes of the file and of
// the certificates apply from the next request and connection. A file with mistakes is logged once and counted, and the
// last good one stays in use.
import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server, ServerOptions, ServerResponse } from 'node:http'
import { ConfigError } from '../../config/config-error.js'
import type { Log } from '../../process/log.js'
import { createBasicAuth } from './basic-auth.js'
import { follow } from '../../process/follow.js'
import { createRateLimit } from './rate-limit.js'
import { createTlsServer, filesOf, readCertificates } from './tls.js'
import { readWebConfig, type WebConfig } from './web-config.js'

export interface GateOptions {
  readonly configFile: string
  readonly log: Log
  /** Called for every change that cannot be used. */
  readonly failed: () => void
}

export interface Refusal {
  readonly status: number
  readonly body: string
}

export interface Gate {
  readonly scheme: 'http' | 'https'
  readonly createServer: (limits: ServerOptions, handler: RequestListener) => Server
  /** Whether it currently asks who the client is: by a password, or by a certificate that it verifies. */
  knowsClients(): boolean
  /** Sets headers on the response; undefined accepts the request. */
  refusal(request: IncomingMessage, response: ServerResponse): Promise<Refusal | undefined>
}

/** @throws ConfigError for an invalid file, or one whose certificates cannot be used */
export function openGate({ configFile, log, failed }: GateOptions): Gate {
  const changes = (what: string) => ({
    changed: () => log.info({ file: configFile }, `${what} reloaded`),
    refused(error: unknown) {
      failed()
      const reason = (error as Error).message
      log.error({ file: configFile, reason }, `${what} not reloaded: keeping the previous one`)
    },
  })
  let current: WebConfig | undefined
  const config = follow({
    source: () => configFile,
    files: (file) => [file],
    read(file) {
      const next = readWebConfig(file)
      if (current !== undefined) checkTurn(current, next, file)
      current = next
      return next
    },
    ...changes('web configuration'),
  })
  const tls = config().tls && startTls()
  if (config().http2) log.warn({ file: configFile }, 'http2 has no effect: this server speaks HTTP/1.1')

  function startTls() {
    // `checkTurn` accepts no file without TLS where the previous one had it.
    const tlsConfig = () => config().tls!
    try {
      const read = readCertificates
      return {
        config: tlsConfig,
        certificates: follow({ source: tlsConfig, files: filesOf, read, ...changes('certificates') }),
      }
    } catch (cause) {
      throw new ConfigError(`web configuration ${configFile}: ${(cause as Error).message}`, { cause })
    }
  }

  const signIn = createBasicAuth()
  const allowed = createRateLimit(() => performance.now())
  return {
    scheme: tls ? 'https' : 'http',
    createServer: (limits, handler) =>
      tls ? createTlsServer({ ...tls, limits, handler, log }) : createServer(limits, handler),
    knowsClients: () => config().users.size > 0 || config().tls?.clientAuth === 'RequireAndVerifyClientCert',
    async refusal(request, response) {
      const { headers, users, rateLimit } = config()
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      if (rateLimit !== undefined && !allowed(rateLimit)) return { status: 429, body: 'Too many requests\n' }
      if (users.size === 0) return undefined
      const from = { address: request.socket.remoteAddress ?? '', gone: () => request.socket.destroyed }
      switch (await signIn(users, request.headers.authorization, from)) {
        case 'welcome':
          return undefined
        case 'busy':
          return { status: 503, body: 'Too many sign-ins at a time\n' }
        case 'unknown':
          response.setHeader('WWW-Authenticate', 'Basic realm="agent-usage-exporter", charset="UTF-8"')
          return { status: 401, body: 'Unauthorized\n' }
      }
    },
  }
}

/** @throws ConfigError for changes that cannot, or should not, apply while the server runs */
function checkTurn(before: WebConfig, after: WebConfig, file: string): void {
  // Both are fixed in each server when it is created.
  if (after.tls?.clientAuth !== before.tls?.clientAuth) {
    throw new ConfigError(
      `web configuration ${file}: turning TLS on or off and changing client_auth_type need a restart`,
    )
  }
  // A file that is being written briefly looks like this.
  if (before.users.size > 0 && after.users.size === 0) {
    throw new ConfigError(`web configuration ${file}: removing all users needs a restart`)
  }
}
