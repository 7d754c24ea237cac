// A proxy between an exporter and its receivers. It forwards each push to all of them, or fails like networks, gateways and
// overloaded receivers do. It uses HTTP, or HTTPS with a certificate that can be replaced by a wrong one.
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import { pem } from './https.js'
import { partOf } from './otlp-part.js'
import { decodeRequest, partialSuccess, type Pushed } from './otlp-receiver.js'

/**
 * What happens to a request. `lost`: it is accepted, and the connection breaks before the response. `broken`: the connection breaks
 * before it is forwarded. `hang` and `late`: there is no response; with `late`, it was accepted. An object is the response, without
 * forwarding.
 */
export type Treatment =
  | 'accept'
  | 'lost'
  | 'broken'
  | 'hang'
  | 'late'
  | { readonly keeps: (metric: string) => boolean }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }

export interface OtlpProxyOptions {
  /** URLs of the receivers for metrics, including paths. */
  readonly receivers: readonly string[]
  readonly tls: boolean
  /** Called once for each request. */
  readonly treat: (path: string) => Treatment
  /** Called when the receivers have the push, or the accepted part. The response waits for it. */
  readonly taken: (path: string, pushed: Pushed) => void | Promise<void>
  /** Called if a receiver did not accept the push. */
  readonly refused: (what: string) => void
}

export interface OtlpProxy {
  /** URL without a trailing slash; every path below it is accepted. */
  readonly url: string
  /** Whether connections are accepted. */
  reachable: boolean
  /** Uses this certificate of the fixtures for new connections. */
  wear(certificate: 'server' | 'stranger'): void
}

/** Starts a proxy for the duration of the test. */
export async function startOtlpProxy(options: OtlpProxyOptions): Promise<OtlpProxy> {
  const { receivers, tls, treat, taken, refused } = options

  async function passOn(path: string, body: Buffer): Promise<void> {
    await Promise.all(
      receivers.map(async (url) => {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/x-protobuf' },
          body: new Uint8Array(body),
        })
        const answer = await response.text()
        if (!response.ok) refused(`${url} answered ${response.status}: ${answer}`)
      }),
    )
    await taken(path, { path, headers: {}, ...decodeRequest(body) })
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    const path = request.url!
    const treatment = treat(path)
    if (treatment === 'hang') return
    if (treatment === 'broken') return void request.socket.destroy()
    if (typeof treatment === 'object' && 'status' in treatment)
      return void response.writeHead(treatment.status, treatment.headers).end()
    if (typeof treatment === 'object') {
      await passOn(path, partOf(body, treatment.keeps))
      return void response.end(partialSuccess(1, 'some are too old'))
    }
    await passOn(path, body)
    if (treatment === 'lost') request.socket.destroy()
    if (treatment === 'accept') response.end()
  }

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((error: unknown) => {
      // The client may disconnect before everything was sent.
      if (!request.destroyed) refused(String(error))
      request.socket.destroy()
    })
  }
  const secure = tls ? createHttps(worn('server'), listener) : undefined
  const server = secure ?? createHttp(listener)
  const proxy = {
    reachable: true,
    wear: (certificate: 'server' | 'stranger') => secure?.setSecureContext(worn(certificate)),
  }
  server.on('connection', (socket: Socket) => {
    if (!proxy.reachable) socket.destroy()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  })
  return Object.assign(proxy, {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
  })
}

const worn = (certificate: string) => ({ cert: pem(certificate), key: pem(certificate) })

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
}
