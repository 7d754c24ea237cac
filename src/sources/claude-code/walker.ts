// A running instance of the WebAssembly module of walker/.
import {
  instantiate,
  makeRoom,
  type Address,
  type CompiledWalker,
  type WalkerExports,
} from '../../decode/walker-module.js'
import { layoutHash } from './walker-layout.js'

/** The exports of walker/index.ts. */
interface Exports extends WalkerExports {
  /** Addresses of the results of `scan`. */
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
  /** The bytes to scan, and their address. */
  readonly buffer: Buffer
  readonly base: number
  /** Indices in `words` of the results of `scan`. */
  readonly report: number
  readonly rows: number
  readonly links: number
  readonly notes: number
  /** Views of the whole memory. */
  readonly bytes: Buffer
  readonly words: Uint32Array
}

/** @throws if the module was built from another layout than this program's */
export function startWalker(compiled: CompiledWalker, bytes: number): Walker {
  return resized(instantiate(compiled, layoutHash()) as Exports, bytes)
}

/** Returns the walker with a larger buffer. Keeps its contents, and invalidates all earlier views of the memory. */
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
