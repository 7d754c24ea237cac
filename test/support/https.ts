// A client for HTTP and HTTPS, and the certificates in test/fixtures/tls.
import { readFileSync } from 'node:fs'
import { request as plainRequest, type IncomingHttpHeaders } from 'node:http'
import { request as tlsRequest, type RequestOptions } from 'node:https'
import type { PeerCertificate, TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'

/** Path of a certificate in the fixtures. */
export const pemFile = (name: string): string => fileURLToPath(new URL(`../fixtures/tls/${name}.pem`, import.meta.url))
export const pem = (name: string): string => readFileSync(pemFile(name), 'utf8')

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Certificate of the server; an empty object over plain HTTP. */
  readonly certificate: Partial<PeerCertificate>
}

export interface Asked extends RequestOptions {
  /** `name:password` */
  readonly user?: string
}

/** A request over a new connection. The server needs a certificate for its host from the authority of the fixtures. */
export function get(url: string, { user, ...options }: Asked = {}): Promise<Reply> {
  const all = { agent: false as const, ca: pem('authority'), ...(user !== undefined && { auth: user }), ...options }
  return new Promise((resolve, reject) => {
    const asked = (url.startsWith('https:') ? tlsRequest : plainRequest)(url, all, (response) => {
      const socket = response.socket as Partial<TLSSocket>
      const certificate = socket.getPeerCertificate?.() ?? {}
      let body = ''
      response
        .setEncoding('utf8')
        .on('data', (text: string) => (body += text))
        .on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body, certificate }))
    })
    asked.on('error', reject).end()
  })
}
