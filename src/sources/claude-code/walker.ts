// The WebAssembly module of walker/, started.
import {
  instantiate,
  makeRoom,
  type Address,
  type CompiledWalker,
  type WalkerExports,
} from '../../decode/walker-module.js'
import { layoutHash } from './walker-layout.js'

/** What walker/index.ts exports. */
interface Exports extends WalkerExports {
  /** Addresses of what `scan` leaves. */
  readonly REPORT: Address
  readonly ROWS: Address
  readonly LINKS: Address
  readonly NOTES: Address
  readonly open: (place: number, nested: boolean, sessionLow: number, sessionHigh: number) => void
  readonly forgetModels: () => void
  readonly scan: (from: number, to: number, wantsCwd: boolean, firstRow: number) => number
  readonly answer: (number: number) => void
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

/** @throws when the module was built from another layout than this program's */
export function startWalker(compiled: CompiledWalker, bytes: number): Walker {
  return resized(instantiate(compiled, layoutHash()) as Exports, bytes)
}

/** The walker with a larger buffer. What was in it is still there; views of it made before are not. */
export function resized(exports: Exports, bytes: number): Walker {
  const { memory, BYTES, REPORT, ROWS, LINKS, NOTES } = exports
  const base = BYTES.value
  makeRoom(exports, bytes)
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
