// Content negotiation: reduces the Accept and Accept-Encoding headers to the choices of this server. Never throws; a
// client that asks for nothing it offers gets uncompressed text, as Prometheus clients expect.
import type { IncomingHttpHeaders } from 'node:http'
import Negotiator from 'negotiator'

export type Format = 'text' | 'openmetrics'

const text = 'text/plain;version=0.0.4'
const openMetrics = 'application/openmetrics-text;version=1.0.0'

/** OpenMetrics 1.0 only if the client prefers it to text 0.0.4; without a preference, text. */
export function preferredFormat({ accept = '*/*' }: IncomingHttpHeaders): Format {
  // Prometheus 3 asks for `…;version=1.0.0;escaping=allow-utf-8`. A parameter that an offer lacks excludes the offer,
  // but these two say how names may be written, not what the format is.
  const plain = accept.replace(/;\s*(?:escaping|charset)\s*=\s*(?:"[^"]*"|[^;,\s]*)/gi, '')
  const chosen = new Negotiator({ headers: { accept: plain } }).mediaType([text, openMetrics])
  return chosen === openMetrics ? 'openmetrics' : 'text'
}

/** Only if the client names gzip, or `*`, and does not prefer identity; without the header, identity. */
export function acceptsGzip(headers: IncomingHttpHeaders): boolean {
  return new Negotiator({ headers }).encoding(['gzip', 'identity']) === 'gzip'
}
