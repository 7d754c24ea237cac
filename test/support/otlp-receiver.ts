// An OpenTelemetry receiver on a free port: it accepts pushes over HTTP or HTTPS, decodes them, and sends chosen responses. It has
// its own protobuf parser, so that requests are not checked by the code that wrote them.
import { createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createHttps, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'

export interface Point {
  readonly name: string
  readonly unit: string
  readonly type: 'sum' | 'gauge' | 'histogram'
  readonly labels: Readonly<Record<string, string>>
  readonly startMs: number
  readonly timeMs: number
  /** For a histogram, its sum. */
  readonly value: number
  readonly count?: number
  readonly bounds?: readonly number[]
  readonly buckets?: readonly number[]
  readonly monotonic?: boolean
  readonly temporality?: number
}

export interface Pushed {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly resource: Readonly<Record<string, string>>
  readonly scope: { readonly name: string; readonly version: string }
  readonly points: readonly Point[]
}

/** `lost`: the push is accepted, and the connection breaks before the response. `hang`: there is no response. */
export type Reply =
  | 'lost'
  | 'hang'
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: Uint8Array }

export interface Receiver {
  readonly url: string
  /** All requests in order of arrival, whatever the response. */
  readonly pushes: readonly Pushed[]
  /** Accepted requests: those with status 2xx or a lost response. */
  readonly accepted: readonly Pushed[]
  /** Sets the responses to the next requests; later ones get 200. */
  reply(...next: readonly Reply[]): void
  close(): Promise<void>
}

export async function startReceiver(tls?: ServerOptions, port = 0): Promise<Receiver> {
  const pushes: Pushed[] = []
  const accepted: Pushed[] = []
  let replies: Reply[] = []
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = []
    for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
    const pushed = { path: request.url!, headers: request.headers, ...decodeRequest(plain) }
    pushes.push(pushed)
    const reply = replies.shift() ?? {}
    if (reply === 'hang') return
    if (reply === 'lost') {
      accepted.push(pushed)
      request.socket.destroy()
      return
    }
    const { status = 200, headers = {}, body: answer = new Uint8Array() } = reply
    if (status < 300) accepted.push(pushed)
    response.writeHead(status, headers).end(answer)
  }
  const listener: RequestListener = (request, response) => void take(request, response)
  const server = tls ? createHttps(tls, listener) : createHttp(listener)
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  async function close(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
  onTestFinished(close)
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pushes,
    accepted,
    reply: (...next) => void (replies = [...replies, ...next]),
    close,
  }
}

/** A response that rejects a number of points and accepts the others. */
export function partialSuccess(rejected: number, message: string): Uint8Array {
  const text = Buffer.from(message)
  const inner = Buffer.concat([Buffer.from([0x08, rejected, 0x12, text.length]), text])
  return Buffer.concat([Buffer.from([0x0a, inner.length]), inner])
}

type Field = readonly [field: number, value: Buffer | bigint | number]

/** The fields of a message. Numbers of 8 bytes stay bytes, since their type is not known here. */
function* fieldsOf(bytes: Buffer): Generator<Field> {
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const length = { 0: -1, 1: 8, 2: -2, 5: 4 }[tag & 7]
    if (length === undefined) throw new Error(`wire type ${tag & 7} at byte ${at}`)
    if (length === -1) yield [tag >> 3, varint()]
    else {
      const size = length === -2 ? Number(varint()) : length
      yield [tag >> 3, bytes.subarray(at, (at += size))]
    }
  }
}

function all(bytes: Buffer, number: number): Buffer[] {
  return [...fieldsOf(bytes)].flatMap(([field, value]) => (field === number ? [value as Buffer] : []))
}
const text = (bytes: Buffer, number: number): string => all(bytes, number)[0]?.toString() ?? ''
/** Values of 0 may be missing. */
const fixed64 = (bytes: Buffer, number: number): bigint => all(bytes, number)[0]?.readBigUInt64LE() ?? 0n
const millis = (bytes: Buffer, number: number): number => Number(fixed64(bytes, number) / 1_000_000n)
const varintOf = (bytes: Buffer, number: number): number =>
  Number([...fieldsOf(bytes)].find(([field]) => field === number)?.[1] ?? 0)

function attributes(bytes: Buffer, number: number): Record<string, string> {
  return Object.fromEntries(all(bytes, number).map((pair) => [text(pair, 1), text(all(pair, 2)[0]!, 1)]))
}

/** @throws Error if parts of the request have different resources or scopes */
export function decodeRequest(bytes: Buffer): Pick<Pushed, 'resource' | 'scope' | 'points'> {
  const parts = all(bytes, 1).map((resourceMetrics) => {
    const [resource = Buffer.alloc(0)] = all(resourceMetrics, 1)
    const [scopeMetrics = Buffer.alloc(0)] = all(resourceMetrics, 2)
    const [scope = Buffer.alloc(0)] = all(scopeMetrics, 1)
    const sender = { resource: attributes(resource, 1), scope: { name: text(scope, 1), version: text(scope, 2) } }
    return { sender, points: all(scopeMetrics, 2).flatMap(pointsOf) }
  })
  const [{ sender } = { sender: { resource: {}, scope: { name: '', version: '' } } }] = parts
  if (parts.some((part) => !isDeepStrictEqual(part.sender, sender))) throw new Error('a request of several senders')
  return { ...sender, points: parts.flatMap(({ points }) => points) }
}

/** Field numbers of Metric, NumberDataPoint and HistogramDataPoint in metrics.proto. */
function pointsOf(metric: Buffer): Point[] {
  const common = { name: text(metric, 1), unit: text(metric, 3) }
  const number = (type: 'sum' | 'gauge', data: Buffer): Point[] => {
    const ofSum = type === 'sum' && { temporality: varintOf(data, 2), monotonic: varintOf(data, 3) === 1 }
    return all(data, 1).map((point) => ({
      ...{ ...common, type, labels: attributes(point, 7), startMs: millis(point, 2), timeMs: millis(point, 3) },
      value: all(point, 4)[0]?.readDoubleLE() ?? Number(all(point, 6)[0]!.readBigInt64LE()),
      ...ofSum,
    }))
  }
  const histogram = (data: Buffer): Point[] => {
    const temporality = varintOf(data, 2)
    return all(data, 1).map((point) => ({
      ...{ ...common, type: 'histogram', labels: attributes(point, 9), startMs: millis(point, 2) },
      timeMs: millis(point, 3),
      value: all(point, 5)[0]?.readDoubleLE() ?? 0,
      count: Number(fixed64(point, 4)),
      buckets: eights(all(point, 6)).map((one) => Number(one.readBigUInt64LE())),
      bounds: eights(all(point, 7)).map((one) => one.readDoubleLE()),
      temporality,
    }))
  }
  return [
    ...all(metric, 5).flatMap((data) => number('gauge', data)),
    ...all(metric, 7).flatMap((data) => number('sum', data)),
    ...all(metric, 9).flatMap(histogram),
  ]
}

/** A repeated field, packed or not. */
function eights(fields: readonly Buffer[]): Buffer[] {
  return fields.flatMap((field) =>
    Array.from({ length: field.length / 8 }, (_, index) => field.subarray(8 * index, 8 * index + 8)),
  )
}
