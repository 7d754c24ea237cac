// Accept and Accept-Encoding: headers of real clients, and malformed ones.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { acceptsGzip, preferredFormat } from '../../src/http/negotiate.js'

const prometheus3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,' +
  'application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,' +
  'text/plain;version=0.0.4;q=0.3,*/*;q=0.2'

test.each([
  ['Prometheus 3', prometheus3, 'openmetrics'],
  [
    'Prometheus 2.5',
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,' +
      'text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics',
  ],
  [
    'weights in favour of OpenMetrics',
    'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3',
    'openmetrics',
  ],
  ['Prometheus set to text', 'text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5', 'text'],
  ['no version', 'application/openmetrics-text', 'openmetrics'],
  ['a charset', 'application/openmetrics-text; version=1.0.0; charset=utf-8', 'openmetrics'],
  ['quoted, in capitals', 'Application/OpenMetrics-Text;version="1.0.0"', 'openmetrics'],
  ['only an older OpenMetrics', 'application/openmetrics-text;version=0.0.1', 'text'],
  ['a newer OpenMetrics, and text', 'application/openmetrics-text;version=2.0.0,text/plain;q=0.1', 'text'],
  ['OpenMetrics with a weight of 0', 'application/openmetrics-text;q=0,*/*', 'text'],
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text'],
  ['curl', '*/*', 'text'],
  ['no header', undefined, 'text'],
  ['an empty header', '', 'text'],
  ['no format that we have', 'application/json', 'text'],
  ['garbage', ';;,=/;q=x,,"', 'text'],
])('the Accept header of %s selects the format', (_, accept, format) => {
  expect(preferredFormat(accept === undefined ? {} : { accept })).toBe(format)
})

test.each([
  ['gzip', true],
  ['gzip, deflate, br, zstd', true],
  ['GZIP;q=0.5', true],
  ['*', true],
  ['gzip;q=0', false],
  ['br', false],
  ['identity', false],
  ['identity, gzip;q=0.5', false],
  ['', false],
  [undefined, false],
])('Accept-Encoding "%s" allows gzip: %s', (encoding, gzip) => {
  expect(acceptsGzip(encoding === undefined ? {} : { 'accept-encoding': encoding })).toBe(gzip)
})

test('no header makes negotiation throw', () => {
  const words = ['text/plain', '*/*', 'application/openmetrics-text', 'gzip', 'q=0.5', 'version=1.0.0']
  const piece = fc.constantFrom(...words, ';', ',', '=', '"', ' ', '*', '/', '\\', '\t')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(piece).map((pieces) => pieces.join('')),
        fc.string(),
      ),
      (header) => {
        expect(['text', 'openmetrics']).toContain(preferredFormat({ accept: header }))
        expect(typeof acceptsGzip({ 'accept-encoding': header })).toBe('boolean')
      },
    ),
  )
})
