// Creates engines by name, and chooses the one that a process uses.
import type { Backend, Decoder } from './decoder.js'
import { createSimdjsonDecoder } from './simdjson.js'
import { createV8Decoder, type V8Options } from './v8.js'

/** The description of a source's lines that an engine needs. */
export interface EngineOptions extends V8Options {
  /** Creates the source's own engine; `rest` decodes the lines that it cannot. If absent, the source has none. */
  readonly engine?: ((rest: Decoder) => Decoder) | undefined
}

/** @throws if the engine cannot run on this machine */
export function createDecoder(backend: Backend, source: EngineOptions): Decoder {
  if (backend === 'simdjson') return createSimdjsonDecoder(source)
  const v8 = createV8Decoder(source)
  const { engine } = source
  return backend === 'wasm' && engine !== undefined ? engine(v8) : v8
}

/**
 * Returns the requested engine if it can run for all sources, otherwise `v8` and, in `instead`, the error. `auto`
 * requests the fastest one.
 */
export function chooseBackend(
  asked: 'auto' | Backend,
  sources: readonly EngineOptions[],
): { readonly backend: Backend; readonly instead?: string } {
  const backend = asked === 'auto' ? 'wasm' : asked
  try {
    for (const source of sources) createDecoder(backend, source)
    return { backend }
  } catch (error) {
    return { backend: 'v8', instead: String(error) }
  }
}
