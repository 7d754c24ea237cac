// The engine that uses the npm package `simdjson`, an optional peer dependency. It is an independent implementation to
// compare the other engines with. It is slower, because it converts every value to objects twice.
import { createRequire } from 'node:module'
import type { Decoder } from './decoder.js'
import { createV8Decoder, type V8Options } from './v8.js'

/** The part of the package that is used. `lazyParse` is slower, and retains what it parsed (bench/README.md). */
interface Simdjson {
  /** Throws for invalid JSON, and for numbers beyond 64 bits and lone surrogates, which JSON.parse accepts. */
  readonly parse: (text: string) => unknown
}

/** Matches a key that the package would take as the object's prototype, also if a letter of it is escaped. */
const MAY_SET_PROTOTYPE = /__proto__|\\u00(?:5f|6f|7[024])/i

/** @throws the error of `require` if the package is not installed or not built for this machine */
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
