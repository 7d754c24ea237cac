// The WebAssembly module of assembly/, started with a memory of its own. Files are read into that memory, so that no byte
// has to be copied before it is looked at.
import { readFileSync } from 'node:fs'

/** The part of the WebAssembly API that is used here; the types of Node 20 leave it out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => CompiledWalker
  readonly Instance: new (module: CompiledWalker) => { readonly exports: unknown }
}

/** Code, which any number of walkers share. */
export type CompiledWalker = object

/** What assembly/index.ts exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  /** Addresses of the bytes to look at, and of what `scan` leaves. */
  readonly BYTES: Count
  readonly ROWS: Count
  readonly LINKS: Count
  readonly NOTES: Count
  readonly open: (place: number, nested: boolean, sessionLow: number, sessionHigh: number) => void
  readonly scan: (from: number, to: number, wantsCwd: boolean, firstRow: number) => number
  /** How much the last scan left, of what it tells the number alone. */
  readonly rows: Count
  readonly links: Count
  readonly notes: Count
  readonly lines: Count
  readonly repeats: Count
  readonly synthetic: Count
  readonly apiErrors: Count
  readonly noTokens: Count
  /** 1: it waits for the number of the model whose name has so many bytes at that address. */
  readonly asks: Count
  readonly asked: Count
  readonly askedBytes: Count
  readonly answer: (number: number) => void
}

interface Count {
  readonly value: number
}

export interface Walker {
  readonly exports: Exports
  /** Where the bytes to look at lie in memory. */
  readonly buffer: Buffer
  /** All of the memory. */
  readonly bytes: Buffer
  readonly words: Uint32Array
}

const PAGE_BYTES = 65_536
/** The walker looks so far beyond the bytes that it is given. */
const SLACK_BYTES = 128

/** About a millisecond's work: once a thread. */
export function compileWalker(): CompiledWalker {
  return new WebAssembly.Module(readFileSync(new URL('walker.wasm', import.meta.url)))
}

/** A walker whose buffer has so many bytes. */
export function startWalker(compiled: CompiledWalker, bytes: number): Walker {
  return resized(new WebAssembly.Instance(compiled).exports as Exports, bytes)
}

/** The walker with a larger buffer. What was in it is still there; views of it made before are not. */
export function resized(exports: Exports, bytes: number): Walker {
  const { memory, BYTES } = exports
  const base = BYTES.value
  const missing = base + bytes + SLACK_BYTES - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
  return {
    exports,
    buffer: Buffer.from(memory.buffer, base, bytes),
    bytes: Buffer.from(memory.buffer),
    words: new Uint32Array(memory.buffer),
  }
}
