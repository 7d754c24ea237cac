// The engines by name, and which of them a process uses.
import type { Backend, Decoder, Prefilter } from './decoder.js'
import { createSimdjsonDecoder } from './simdjson.js'
import { createV8Decoder } from './v8.js'
import { createWasmDecoder } from '../sources/claude-code/walker-decoder.js'

/** What an engine must know of a source's lines. */
export interface Lines {
  readonly prefilters: readonly Prefilter[]
  /** They are what the walker of assembly/ knows: the engine `wasm` leaves other lines to `v8`. */
  readonly walkable: boolean
}

/** @throws when the engine cannot run here */
export function createDecoder(backend: Backend, { prefilters, walkable }: Lines): Decoder {
  if (backend === 'simdjson') return createSimdjsonDecoder(prefilters)
  return backend === 'wasm' && walkable ? createWasmDecoder(prefilters) : createV8Decoder(prefilters)
}

/** The engine that was asked for, or `v8` and why it is that; `auto` asks for the fastest. */
export function chooseBackend(asked: 'auto' | Backend): { readonly backend: Backend; readonly instead?: string } {
  const backend = asked === 'auto' ? 'wasm' : asked
  try {
    createDecoder(backend, { prefilters: [], walkable: true })
    return { backend }
  } catch (error) {
    return { backend: 'v8', instead: String(error) }
  }
}
