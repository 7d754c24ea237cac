// The engine that stands on the npm package `simdjson`, which only those have who installed it. It is an implementation of
// its own to hold the others against, and slower: everything it parses becomes objects twice.
import { createRequire } from 'node:module'
import type { Decoder } from './decoder.js'
import { createV8Decoder, type V8Options } from './v8.js'

/** The part of the package that is used: `lazyParse` measured worse, and keeps what it parsed (bench/README.md). */
interface Simdjson {
  /** Throws on all that is not JSON, on numbers beyond 64 bits, and on lone surrogates, which JSON.parse takes. */
  readonly parse: (text: string) => unknown
}

/** A key that the package would make the prototype of its object, in plain letters or with one of them escaped. */
const MAY_SET_PROTOTYPE = /__proto__|\\u00(?:5f|6f|7[024])/i

/** @throws what `require` throws when the package is not installed or not built for this machine */
export function createSimdjsonDecoder(options: V8Options): Decoder {
  const { parse } = createRequire(import.meta.url)('simdjson') as Simdjson
  return createV8Decoder(options, (text) => {
    if (MAY_SET_PROTOTYPE.test(text)) return JSON.parse(text)
    try {
      return parse(text)
    } catch {
      return JSON.parse(text)
    }
  })
}
