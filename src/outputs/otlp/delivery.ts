// Delivers one body: retries if that may help, until the time is up, and reports the outcome.
import { setTimeout as wait } from 'node:timers/promises'
import type { PushFailure } from '../../metrics/push-telemetry.js'
import type { Credentials } from './credentials.js'
import { post, type Answer } from './post.js'

/** The statuses for which OTLP allows a retry. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504])
const MOST_RETRIES = 5
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 5_000
/** Maximum length of a receiver's message in the log. */
const MOST_DETAIL = 200

export type Delivery =
  { readonly answer: Answer } | { readonly failure: PushFailure; readonly status?: number; readonly detail: string }

export interface DeliveryOptions {
  readonly url: string
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
  readonly credentials: Credentials
  /** Aborts when the time is up. */
  readonly signal: AbortSignal
  /** Milliseconds until then. */
  readonly left: () => number
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Never rejects. An `answer` has a status from 200 to 299. */
export async function deliver(options: DeliveryOptions): Promise<Delivery> {
  const { signal, left, now } = options
  for (let retries = 0, backoffMs = FIRST_WAIT_MS; ; retries += 1) {
    const attempt = await tryOnce(options)
    if ('answer' in attempt || !attempt.again || retries === MOST_RETRIES) return attempt
    const waitMs = attempt.retryAfter?.(now()) ?? backoffMs * (0.8 + 0.4 * Math.random())
    if (signal.aborted || waitMs >= left()) return attempt
    await wait(waitMs, undefined, { signal }).catch(() => undefined)
    backoffMs = Math.min(backoffMs * 1.5, LONGEST_WAIT_MS)
  }
}

type Attempt = Delivery & {
  /** A retry may help. */
  readonly again?: boolean
  /** Milliseconds to wait before a retry, as the receiver asks. */
  readonly retryAfter?: ((nowMs: number) => number | undefined) | undefined
}

async function tryOnce(options: DeliveryOptions): Promise<Attempt> {
  try {
    const answer = await post(options)
    const { status, body } = answer
    if (status >= 200 && status < 300) return { answer }
    const detail = withoutSecrets(printable(body), options.credentials)
    const again = RETRYABLE.has(status)
    return { failure: failureOf(status), status, detail, again, retryAfter: retryTime(answer.retryAfter) }
  } catch (error) {
    if (options.signal.aborted) return { failure: 'timeout', detail: 'no answer in time' }
    return { failure: 'connect', detail: withoutSecrets(reasonOf(error), options.credentials), again: true }
  }
}

function failureOf(status: number): PushFailure {
  if (status === 401 || status === 403) return 'auth'
  return status === 429 || status >= 500 ? 'server' : 'rejected'
}

/** Seconds, or a date. */
function retryTime(text: string | undefined): Attempt['retryAfter'] {
  if (text === undefined) return undefined
  if (/^\d+$/.test(text)) return () => Number(text) * 1_000
  const atMs = Date.parse(text)
  return Number.isNaN(atMs) ? undefined : (nowMs) => Math.max(0, atMs - nowMs)
}

/** If a name has several addresses, one error contains that of each. */
function reasonOf(error: unknown): string {
  const { errors, code, message } = error as Error & { readonly errors?: readonly Error[]; readonly code?: string }
  const first = errors?.[0]?.message ?? message
  return (first || code) ?? 'the connection failed'
}

/** The message of a response: the status message of OTLP is in a few bytes of protobuf. */
function printable(body: Uint8Array): string {
  const text = Buffer.from(body).toString('utf8')
  return text
    .replace(/[\p{C}\ufffd\s]+/gu, ' ')
    .trim()
    .slice(0, MOST_DETAIL)
}

/** A receiver may echo what it was sent. */
function withoutSecrets(text: string, { headers }: Credentials): string {
  return Object.values(headers)
    .flatMap((value) => [value, ...value.split(' ').filter((part) => part.length >= 8)])
    .reduce((shown, secret) => (secret === '' ? shown : shown.replaceAll(secret, '…')), text)
}
