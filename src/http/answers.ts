// Answers requests with pages, or with the reason why not. A page that fails costs one response.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '../process/log.js'
import type { Bodies } from './bodies.js'
import type { Gate } from './security/gate.js'
import { isHostAllowed } from './security/host.js'
import { landingPolicy } from './landing/policy.js'
import { preferredFormat, type Format } from './negotiate.js'
import { isScraper } from './scraper.js'
import { PLAIN_TEXT, send, type Answer } from './send.js'
import { shared } from './shared.js'

export interface Scrape {
  readonly contentType: string
  /** Printed for everybody who has asked by then. */
  readonly body: Buffer
  /**
   * Called when a scraper has received all of it; not after a HEAD, nor if the client is a browser or has disconnected.
   */
  readonly sent: () => void
}

export interface Pages {
  /** Not called again before it has ended. */
  scrape(format: Format): Promise<Scrape>
  /** False until the first pass is complete. */
  ready(): boolean
  /** Further lines of `/-/ready`: metrics are served, but some logs could not be read. */
  troubles?(): readonly string[]
  /** HTML of the page at `/`; the query chooses the stretch of time shown. */
  landing(query: URLSearchParams): Promise<string>
  /** JSON of `/api/summary`. */
  summary(): Promise<string>
}

export interface AnswersOptions {
  readonly telemetryPath: string
  readonly pages: Pages
  readonly log: Log
  readonly gate: Gate | undefined
  readonly allowedHosts: readonly string[]
  readonly bodies: Bodies
}

/** The same as node_exporter's. Scrapes share one print, so this many cost little. */
const MAX_SCRAPES = 40

/** @returns the answer to a request; `anyHost`: the client may use any host name */
export function createAnswers({ telemetryPath, pages, log, gate, allowedHosts, bodies }: AnswersOptions) {
  const print = shared((format: Format) => pages.scrape(format))
  let printing = 0

  async function scrape(request: IncomingMessage, response: ServerResponse): Promise<Answer> {
    if (printing >= MAX_SCRAPES)
      return { status: 503, body: `Limit of concurrent scrapes reached (${MAX_SCRAPES}), try again later\n` }
    printing += 1
    try {
      const printed = await print(preferredFormat(request.headers))
      response.setHeader('Vary', 'Accept, Accept-Encoding')
      const { contentType, body } = printed
      return { contentType, body, ...(isScraper(request.headers) && { sent: () => wasSent(printed, log) }) }
    } finally {
      printing -= 1
    }
  }

  function refusalOf(request: IncomingMessage, response: ServerResponse, anyHost: boolean): Answer | undefined {
    if (!anyHost && gate?.knowsClients() !== true && !isHostAllowed(request, allowedHosts)) {
      return {
        status: 421,
        body: 'This host name is not allowed: use an IP address or localhost, or allow the name with --web.allowed-host\n',
      }
    }
    if (request.method === 'GET' || request.method === 'HEAD') return undefined
    // The body of the request is not read, so the connection cannot be reused.
    response.setHeader('Connection', 'close').setHeader('Allow', 'GET, HEAD')
    return { status: 405, body: 'Only GET and HEAD\n' }
  }

  async function page(request: IncomingMessage, response: ServerResponse): Promise<Answer> {
    switch (pathOf(request)) {
      case telemetryPath:
        return scrape(request, response)
      case '/-/healthy':
        return { body: 'OK\n' }
      case '/-/ready':
        return pages.ready()
          ? { body: ['OK', ...(pages.troubles?.() ?? []), ''].join('\n') }
          : { status: 503, body: 'Not ready: the first pass is running\n' }
      case '/':
        // A policy from the web configuration is already set, and takes precedence over ours.
        if (!response.hasHeader('Content-Security-Policy')) response.setHeader('Content-Security-Policy', landingPolicy)
        response.setHeader('Referrer-Policy', 'no-referrer')
        return { contentType: 'text/html; charset=utf-8', body: await pages.landing(queryOf(request)) }
      case '/api/summary':
        return { contentType: 'application/json', body: await pages.summary() }
      default:
        return { status: 404, body: `Not found; the metrics are at ${telemetryPath}\n` }
    }
  }

  return async (request: IncomingMessage, response: ServerResponse, anyHost: boolean): Promise<void> => {
    try {
      response.setHeader('X-Content-Type-Options', 'nosniff')
      response.setHeader('Cache-Control', 'no-store')
      // A refused request is answered before more of the connection is read.
      const refusal = (gate && (await gate.refusal(request, response))) ?? refusalOf(request, response, anyHost)
      await send(request, response, refusal ?? (await page(request, response)), bodies)
    } catch (error) {
      fail(request, response, { error, log })
    }
  }
}

/** The path without query; a proxy may send the full URL. */
function pathOf(request: IncomingMessage): string {
  const path = request.url!.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0]!
  return path === '' ? '/' : path
}

function queryOf(request: IncomingMessage): URLSearchParams {
  const [, query = ''] = request.url!.split('#', 1)[0]!.split(/\?(.*)/s)
  return new URLSearchParams(query)
}

function wasSent(scrape: Scrape, log: Log): void {
  try {
    scrape.sent()
  } catch (error) {
    log.error({ error }, 'the work after a scrape failed')
  }
}

function fail(request: IncomingMessage, response: ServerResponse, { error, log }: { error: unknown; log: Log }): void {
  log.error({ error, path: pathOf(request) }, 'a page failed')
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.removeHeader('Content-Encoding')
  const body = 'Internal error; see the log\n'
  response.writeHead(500, { 'Content-Type': PLAIN_TEXT, 'Content-Length': body.length })
  response.end(request.method === 'HEAD' ? undefined : body)
}
