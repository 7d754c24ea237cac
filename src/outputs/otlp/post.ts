// One HTTP request: posts a body and reads the response. Uses a new connection, because one that was kept open for a
// minute has often been closed by the other side, or by sleep.
import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Credentials } from './credentials.js'

/** A response is a few bytes; of an error page, this much is enough. */
const MOST_BYTES = 65_536

export interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly body: Uint8Array
}

export interface PostOptions {
  readonly url: string
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
  readonly credentials: Credentials
  readonly signal: AbortSignal
}

/** Redirects are not followed, and proxies not used. Rejects with the error of the connection. */
export function post({ url, body, headers, credentials, signal }: PostOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const secure = url.startsWith('https:')
    const options = {
      method: 'POST',
      agent: false,
      signal,
      // The length avoids chunked encoding, which some receivers reject.
      headers: { ...headers, ...credentials.headers, 'content-length': body.length },
      ...(secure && credentials.tls),
    } as const
    const take = (response: IncomingMessage): void => {
      bodyOf(response).then((bytes) => {
        const { statusCode: status = 0, headers: answered } = response
        resolve({ status, retryAfter: answered['retry-after'], body: bytes })
      }, reject)
    }
    const request = secure ? requestHttps(url, options, take) : requestHttp(url, options, take)
    request.on('error', reject)
    request.end(body)
  })
}

async function bodyOf(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    chunks.push(chunk)
    // Leaving the loop closes the connection.
    if ((length += chunk.length) > MOST_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES)
}
