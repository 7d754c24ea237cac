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

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  /** Addresses of the bytes to look at, and of the records that `scan` leaves. */
  readonly BYTES: { readonly value: number }
  readonly RECORDS: { readonly value: number }
  /** How many records the last scan left, and how many lines it went through. */
  readonly records: { readonly value: number }
  readonly lines: { readonly value: number }
  /** As in assembly/index.ts. */
  readonly scan: (from: number, to: number, wantsCwd: number) => number
}

export interface Walker extends Exports {
  /** The memory seen in four ways. Others after `resize`. */
  readonly memoryBytes: Buffer
  readonly buffer: Buffer
  readonly words: Uint32Array
  readonly doubles: Float64Array
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
  const { memory, BYTES, RECORDS, records, lines, scan } = exports
  const base = BYTES.value
  const missing = base + bytes + SLACK_BYTES - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
  return {
    memory, BYTES, RECORDS, records, lines, scan,
    memoryBytes: Buffer.from(memory.buffer),
    buffer: Buffer.from(memory.buffer, base, bytes),
    words: new Uint32Array(memory.buffer),
    doubles: new Float64Array(memory.buffer),
  }
}
