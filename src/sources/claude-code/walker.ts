// The WebAssembly module of walker/, started with a memory of its own. Files are read into that memory, so that no byte
// has to be copied before it is looked at.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { layoutHash } from './walker-layout.js'

/** The part of the WebAssembly API that is used here; the types of Node 20 leave it out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => CompiledWalker
  readonly Instance: new (module: CompiledWalker) => { readonly exports: unknown }
}

/** Code, which any number of walkers share. */
export type CompiledWalker = object

/** What walker/index.ts exports. */
interface Exports {
  /** What `layoutHash` was when it was built. */
  readonly LAYOUT?: Address
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  /** Addresses of the bytes to look at, and of what `scan` leaves. */
  readonly BYTES: Address
  readonly REPORT: Address
  readonly ROWS: Address
  readonly LINKS: Address
  readonly NOTES: Address
  readonly open: (place: number, nested: boolean, sessionLow: number, sessionHigh: number) => void
  readonly forgetModels: () => void
  readonly scan: (from: number, to: number, wantsCwd: boolean, firstRow: number) => number
  readonly answer: (number: number) => void
}

interface Address {
  readonly value: number
}

export interface Walker {
  readonly exports: Exports
  /** Where the bytes to look at lie, and their address. */
  readonly buffer: Buffer
  readonly base: number
  /** Indices in `words` of what `scan` leaves. */
  readonly report: number
  readonly rows: number
  readonly links: number
  readonly notes: number
  /** All of the memory. */
  readonly bytes: Buffer
  readonly words: Uint32Array
}

const PAGE_BYTES = 65_536
/** The walker looks so far beyond the bytes that it is given. */
const SLACK_BYTES = 128

/** About a millisecond's work: once a thread. */
export function compileWalker(): CompiledWalker {
  return new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve('#walker.wasm')))
}

/**
 * A walker whose buffer has so many bytes.
 * @throws when the module was built from another layout than this program's
 */
export function startWalker(compiled: CompiledWalker, bytes: number): Walker {
  const exports = new WebAssembly.Instance(compiled).exports as Exports
  const built = (exports.LAYOUT?.value ?? 0) >>> 0
  if (built !== layoutHash())
    throw new Error('dist/walker.wasm was built from other numbers than this program has: npm run build')
  return resized(exports, bytes)
}

/** The walker with a larger buffer. What was in it is still there; views of it made before are not. */
export function resized(exports: Exports, bytes: number): Walker {
  const { memory, BYTES, REPORT, ROWS, LINKS, NOTES } = exports
  const base = BYTES.value
  const missing = base + bytes + SLACK_BYTES - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
  return {
    exports,
    buffer: Buffer.from(memory.buffer, base, bytes),
    base,
    report: REPORT.value / 4,
    rows: ROWS.value / 4,
    links: LINKS.value / 4,
    notes: NOTES.value / 4,
    bytes: Buffer.from(memory.buffer),
    words: new Uint32Array(memory.buffer),
  }
}
