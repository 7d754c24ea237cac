// Tells scrapes from browser requests, such as a page that shows /metrics, a link or an image of a foreign page. What only a
// browser has seen counts as unseen.
import type { IncomingHttpHeaders } from 'node:http'
import Negotiator from 'negotiator'

/** Sent by browsers alone, of Fetch Metadata the one that scripts do not send, too (Node's fetch has a mode). No scraper is led anywhere by a page. */
const OF_BROWSERS = ['sec-fetch-site', 'origin', 'referer']

/** Prometheus, VictoriaMetrics, Alloy, Telegraf, the Datadog Agent, curl and scripts are; none of them likes HTML or images best. */
export function isScraper(headers: IncomingHttpHeaders): boolean {
  if (OF_BROWSERS.some((name) => headers[name] !== undefined)) return false
  const [best = '*/*'] = new Negotiator({ headers }).mediaTypes()
  return !/^(?:text\/html|application\/xhtml\+xml|image\/.*)$/i.test(best)
}
