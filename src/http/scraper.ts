// Distinguishes scrapes from browser requests, such as a page that shows /metrics, or a link or an image of another
// site's page. What only a browser has seen counts as unseen.
import type { IncomingHttpHeaders } from 'node:http'
import Negotiator from 'negotiator'

/**
 * Sent only by browsers: the Fetch Metadata header that scripts do not send (Node's fetch sends a mode). No scraper is
 * directed anywhere by a page.
 */
const OF_BROWSERS = ['sec-fetch-site', 'origin', 'referer']

/**
 * Prometheus, VictoriaMetrics, Alloy, Telegraf, the Datadog Agent, curl and scripts are scrapers; none of them prefers
 * HTML or images.
 */
export function isScraper(headers: IncomingHttpHeaders): boolean {
  if (OF_BROWSERS.some((name) => headers[name] !== undefined)) return false
  const [best = '*/*'] = new Negotiator({ headers }).mediaTypes()
  return !/^(?:text\/html|application\/xhtml\+xml|image\/.*)$/i.test(best)
}
