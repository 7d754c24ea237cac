// A receiver of pushes that keeps the last one and decodes it.
import { createServer } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { add } from '../answers.js'

/** Starts it on a free port. */
export async function startReceiver() {
  let last = Buffer.alloc(0)
  let count = 0
  /** @type {(() => void)[]} */
  let waiting = []
  const server = createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      response.end()
      last = Buffer.concat(chunks)
      count += 1
      const woken = waiting
      waiting = []
      for (const wake of woken) wake()
    })
  })
  await new Promise((/** @type {(value?: unknown) => void} */ done) => server.listen(0, '127.0.0.1', () => done()))
  const address = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    url: `http://127.0.0.1:${address.port}`,
    /** Resolves after a number of further pushes. @param {number} pushes @param {number} limitMs */
    async more(pushes, limitMs) {
      const until = count + pushes
      const late = setTimeout(() => server.emit('error', new Error(`no ${pushes} pushes in ${limitMs} ms`)), limitMs)
      while (count < until) await new Promise((/** @type {(value?: unknown) => void} */ done) => waiting.push(done))
      clearTimeout(late)
    },
    last: () => contentOf(last),
    close: () => new Promise((done) => server.close(done)),
  }
}

/** Tokens and requests in a push. @param {Buffer} gzipped */
function contentOf(gzipped) {
  const body = gunzipSync(gzipped)
  /** @type {import('../answers.js').Answer} */
  const answer = {}
  let points = 0
  let sum = 0
  for (const metric of inner(body, 1, 2, 2)) {
    const [name = ''] = texts(metric, 1)
    for (const point of [...inner(metric, 5, 1), ...inner(metric, 7, 1), ...inner(metric, 9, 1)]) {
      points += 1
      const labels = Object.fromEntries(
        inner(point, 7).map((pair) => [texts(pair, 1)[0], inner(pair, 2).flatMap((text) => texts(text, 1))[0]]),
      )
      const value = numberOf(point)
      sum += value
      const column = { agent_usage_tokens_total: labels['token_type'], agent_usage_requests_total: 'requests' }[name]
      if (column !== undefined) add((answer[labels['model'] ?? ''] ??= {}), { [column]: value })
    }
  }
  return { answer, points, sum, bytes: body.length, gzipped: gzipped.length }
}

/** Value of a NumberDataPoint. @param {Buffer} point */
function numberOf(point) {
  for (const [field, value] of fieldsOf(point)) {
    if (field === 4) return value.readDoubleLE()
    if (field === 6) return Number(value.readBigInt64LE())
  }
  return 0
}

/** Messages at a path of field numbers. @param {Buffer} bytes @param {...number} path @returns {Buffer[]} */
function inner(bytes, ...path) {
  const [field, ...rest] = path
  if (field === undefined) return [bytes]
  return [...fieldsOf(bytes)].flatMap(([number, value]) => (number === field ? inner(value, ...rest) : []))
}

/** @param {Buffer} bytes @param {number} field */
const texts = (bytes, field) => inner(bytes, field).map((value) => value.toString())

/** Fields of a protobuf message that are length-delimited or have 8 bytes. @param {Buffer} bytes @returns {Generator<[number, Buffer]>} */
function* fieldsOf(bytes) {
  for (let at = 0; at < bytes.length;) {
    const tag = varint()
    const wire = tag & 7
    const size = wire === 1 ? 8 : wire === 5 ? 4 : varint()
    if (wire !== 0) yield [tag >>> 3, bytes.subarray(at, (at += size))]

    function varint() {
      let value = 0
      for (let scale = 1; ; scale *= 128) {
        const byte = bytes[at++] ?? 0
        value += (byte & 127) * scale
        if (byte < 128) return value
      }
    }
  }
}
