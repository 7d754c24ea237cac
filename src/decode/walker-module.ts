// Loads and starts a WebAssembly module of the build. Each instance has its own memory, into which files are read
// directly, so no byte is copied.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The part of the WebAssembly API that is used here; the types of Node 20 lack it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => CompiledWalker
  readonly Instance: new (module: CompiledWalker) => { readonly exports: unknown }
}

/** Compiled code, which any number of walkers can share. */
export type CompiledWalker = object

/** A WebAssembly file of the build. */
export interface WalkerFile {
  /** Its name in package.json. */
  readonly file: `#${string}.wasm`
  /** Hash of the constants that it must be built from. */
  readonly layoutHash: () => number
}

export interface Address {
  readonly value: number
}

/** The exports that all walkers have. */
export interface WalkerExports {
  /** Hash of the constants that it was built from. */
  readonly LAYOUT?: Address
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  /** Address of the bytes to scan. */
  readonly BYTES: Address
}

const PAGE_BYTES = 65_536
/** How far a walker may read beyond the end of its bytes. */
const SLACK_BYTES = 128

/**
 * Takes about a millisecond, so it is done once per thread.
 * @param file its name in `imports` of package.json
 */
export function compileWalker(file: `#${string}.wasm`): CompiledWalker {
  return new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve(file)))
}

/**
 * @param layout the expected hash of the constants
 * @throws if the module was built from other constants
 */
export function instantiate(compiled: CompiledWalker, layout: number): WalkerExports {
  const exports = new WebAssembly.Instance(compiled).exports as WalkerExports
  const built = (exports.LAYOUT?.value ?? 0) >>> 0
  if (built === layout) return exports
  throw new Error('a file dist/*.wasm was built from other numbers than this program has: npm run build')
}

/** Grows the memory to hold this many bytes to scan. Invalidates existing views of the memory. */
export function makeRoom({ memory, BYTES }: WalkerExports, bytes: number): void {
  const missing = BYTES.value + bytes + SLACK_BYTES - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
}
