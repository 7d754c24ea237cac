// What lies between an exporter and its receivers: passes each push on to all of them, or does to it what networks, gateways and
// overloaded receivers do. Over HTTP, or over HTTPS with a certificate that can be exchanged for a wrong one.
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import { pem } from './https.js'
import { partOf } from './otlp-part.js'
import { decodeRequest, partialSuccess, type Pushed } from './otlp-receiver.js'

/**
 * What becomes of a request. `lost`: it is accepted, and the connection breaks before the answer. `broken`: the connection breaks
 * before anybody has it. `hang` and `late`: no answer, `late` after it was accepted. An object: that answer, and nobody has it.
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
  /** The receivers' URLs of metrics, with their paths. */
  readonly receivers: readonly string[]
  readonly tls: boolean
  /** Asked once for each request. */
  readonly treat: (path: string) => Treatment
  /** The receivers have it, or what it keeps. The answer waits for this. */
  readonly taken: (path: string, pushed: Pushed) => void | Promise<void>
  /** A receiver did not accept it. */
  readonly refused: (what: string) => void
}

export interface OtlpProxy {
  /** Without a slash at the end; any path below it does. */
  readonly url: string
  /** Whether connections are accepted. */
  reachable: boolean
  /** Shows this certificate of the fixtures to those who connect from now on. */
  wear(certificate: 'server' | 'stranger'): void
}

/** Runs until the test is done. */
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
      // Whoever asked may be gone before all was sent.
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
