// The engines by name, and which of them a process uses.
import type { Backend, Decoder } from './decoder.js'
import { createSimdjsonDecoder } from './simdjson.js'
import { createV8Decoder, type V8Options } from './v8.js'

/** What an engine must know of a source's lines. */
export interface EngineOptions extends V8Options {
  /** Makes the source's own engine, which leaves to another what it does not know. Absent: it has none. */
  readonly engine?: ((rest: Decoder) => Decoder) | undefined
}

/** @throws when the engine cannot run here */
export function createDecoder(backend: Backend, source: EngineOptions): Decoder {
  if (backend === 'simdjson') return createSimdjsonDecoder(source)
  const v8 = createV8Decoder(source)
  const { engine } = source
  return backend === 'wasm' && engine !== undefined ? engine(v8) : v8
}

/**
 * The engine that was asked for if it can run for all sources, else `v8` and the reason; `auto` asks for the fastest.
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
