// Which clients are scrapers, by the exact headers that they send.
import { expect, test } from 'vitest'
import { isScraper } from '../../src/http/scraper.js'

test.each([
  [
    'Prometheus 2',
    {
      accept:
        'application/openmetrics-text;version=1.0.0;q=0.75,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1',
    },
  ],
  [
    'Prometheus 3',
    {
      accept:
        'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    },
  ],
  [
    'Prometheus, native histograms; Alloy',
    {
      accept:
        'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    },
  ],
  ['VictoriaMetrics', { accept: 'text/plain;version=0.0.4;q=1,*/*;q=0.1' }],
  [
    'Telegraf',
    {
      accept:
        'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,text/plain;version=0.0.4;q=0.3',
    },
  ],
  [
    'Datadog Agent',
    {
      accept:
        'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    },
  ],
  ['curl', { accept: '*/*' }],
  ['a script', {}],
  ['Node.js', { accept: '*/*', 'sec-fetch-mode': 'cors' }],
])('%s is a scraper', (_, headers) => expect(isScraper(headers)).toBe(true))

test.each([
  [
    'Chromium, address bar',
    {
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
      'sec-fetch-site': 'none',
    },
  ],
  [
    'Firefox, address bar, over plain HTTP elsewhere',
    { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' },
  ],
  [
    'an image on a foreign page',
    { accept: 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8', 'sec-fetch-site': 'cross-site' },
  ],
  ['the same, of a browser without Fetch Metadata', { accept: 'image/webp,image/png,*/*;q=0.8' }],
  ['fetch of a foreign page', { accept: '*/*', origin: 'http://evil.example' }],
  ['a script of a page', { accept: '*/*', 'sec-fetch-site': 'same-origin' }],
  ['a link', { accept: '*/*', referer: 'http://127.0.0.1:9853/' }],
])('%s is not a scraper', (_, headers) => expect(isScraper(headers)).toBe(false))
