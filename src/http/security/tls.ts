// HTTPS servers: certificates from the configured files, and the checks of a client's certificate.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { RequestListener, ServerOptions } from 'node:http'
import { createServer, type Server } from 'node:https'
import { createSecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls'
import type { Log } from '../../process/log.js'
import { subjectNames } from './subject-names.js'
import type { Pem, TlsConfig } from './web-config.js'

/** Node's default is two minutes. */
const HANDSHAKE_MS = 10_000

export const filesOf = ({ cert, key, clientCa }: TlsConfig): readonly string[] =>
  [cert, key, clientCa].flatMap((pem) => (pem !== undefined && 'file' in pem ? pem.file : []))

/**
 * @throws Error of one line that names the file, if it cannot be read, is not PEM, or key and certificate do not match
 */
export function readCertificates({ cert, key, clientCa, settings }: TlsConfig): SecureContextOptions {
  const [certPem, certificate] = checked(cert, 'cert', (pem) => new X509Certificate(pem))
  const [keyPem, privateKey] = checked(key, 'key', (pem) => createPrivateKey(pem))
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new Error(`${nameOf(key, 'key')}: is not the key of ${nameOf(cert, 'cert')}`)
  }
  const ca = clientCa && checked(clientCa, 'client_ca', (pem) => new X509Certificate(pem))[0]
  const options = { ...settings, cert: certPem, key: keyPem, ...(ca && { ca }) }
  try {
    createSecureContext(options)
  } catch (cause) {
    const { ciphers, ecdhCurve } = settings
    const asked = [nameOf(cert, 'cert'), ciphers, ecdhCurve].filter((one) => one !== undefined)
    throw new Error(`OpenSSL does not accept ${asked.join(' or ')}: ${(cause as Error).message}`, { cause })
  }
  return options
}

/** The PEM, and the result of `parse`. */
function checked<T>(pem: Pem, key: string, parse: (text: string) => T): readonly [string, T] {
  try {
    const text = 'file' in pem ? readFileSync(pem.file, 'utf8') : pem.text
    return [text, parse(text)]
  } catch (cause) {
    throw new Error(`${nameOf(pem, key)}: ${(cause as Error).message}`, { cause })
  }
}

const nameOf = (pem: Pem, key: string): string => ('file' in pem ? pem.file : `tls_server_config.${key}`)

export interface TlsServerOptions {
  readonly limits: ServerOptions
  readonly handler: RequestListener
  /** The current configuration. Whether it asks for certificates, and whether it verifies all, must never change. */
  readonly config: () => TlsConfig
  /** The current certificates; when the object changes, new connections get the new ones. */
  readonly certificates: () => SecureContextOptions
  readonly log: Log
}

export function createTlsServer({ limits, handler, config, certificates, log }: TlsServerOptions): Server {
  let current = certificates()
  const { clientAuth } = config()
  const asks = {
    requestCert: clientAuth !== 'NoClientCert',
    // If true, OpenSSL rejects a client without a certificate with a reason. Otherwise it accepts every client, and
    // `objection` checks its result.
    rejectUnauthorized: clientAuth === 'RequireAndVerifyClientCert',
  }
  const server = createServer({ ...limits, ...current, ...asks, handshakeTimeout: HANDSHAKE_MS }, handler)
  // First, because the next listener begins the handshake.
  server.prependListener('connection', () => {
    const next = certificates()
    if (next === current) return
    current = next
    // With new ticket keys: a client accepted under another authority cannot resume its old session.
    server.setSecureContext(next)
  })
  // First, because the next listener begins to read requests.
  server.prependListener('secureConnection', (socket) => {
    const reason = objection(socket, config())
    if (reason === undefined) return
    log.debug({ address: socket.remoteAddress, reason }, 'client certificate refused')
    socket.destroy()
  })
  server.on('tlsClientError', (error: Error & { reason?: string }, { remoteAddress }) => {
    // OpenSSL's own message ends in its source lines.
    log.debug({ address: remoteAddress, reason: error.reason ?? error.message }, 'TLS handshake failed')
  })
  return server
}

/** The objection to a client's certificate, or to its absence; undefined if there is none. */
function objection(socket: TLSSocket, { clientAuth, clientAllowedSans }: TlsConfig): string | undefined {
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) return clientAuth.startsWith('Require') ? 'none was sent' : undefined
  // `authorizationError` is a code of OpenSSL, whatever its type says.
  if (clientAuth.includes('Verify') && !socket.authorized) return String(socket.authorizationError)
  if (clientAllowedSans === undefined) return undefined
  const names = subjectNames(certificate)
  if (names.some((name) => clientAllowedSans.includes(name))) return undefined
  return `none of its names is allowed: ${names.join(', ')}`
}
