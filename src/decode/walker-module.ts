// A WebAssembly module of the build, started with a memory of its own. Files are read into that memory, so that no byte has to be
// copied before it is looked at.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The part of the WebAssembly API that is used here; the types of Node 20 leave it out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => CompiledWalker
  readonly Instance: new (module: CompiledWalker) => { readonly exports: unknown }
}

/** Code, which any number of walkers share. */
export type CompiledWalker = object

/** A file of the build. */
export interface WalkerFile {
  /** As package.json calls it. */
  readonly file: `#${string}.wasm`
  /** Of the numbers that it is to be built from. */
  readonly layoutHash: () => number
}

export interface Address {
  readonly value: number
}

/** What every walker exports. */
export interface WalkerExports {
  /** The hash of the numbers that it was built from. */
  readonly LAYOUT?: Address
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  /** Of the bytes to look at. */
  readonly BYTES: Address
}

const PAGE_BYTES = 65_536
/** A walker looks so far beyond the bytes that it is given. */
const SLACK_BYTES = 128

/**
 * About a millisecond's work: once a thread.
 * @param file as package.json calls it
 */
export function compileWalker(file: `#${string}.wasm`): CompiledWalker {
  return new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve(file)))
}

/** @throws when the module was built from numbers of another hash than this program's */
export function instantiate(compiled: CompiledWalker, layout: number): WalkerExports {
  const exports = new WebAssembly.Instance(compiled).exports as WalkerExports
  const built = (exports.LAYOUT?.value ?? 0) >>> 0
  if (built === layout) return exports
  throw new Error('a file dist/*.wasm was built from other numbers than this program has: npm run build')
}

/** Makes room for so many bytes to look at. Views of the memory made before are good no longer. */
export function makeRoom({ memory, BYTES }: WalkerExports, bytes: number): void {
  const missing = BYTES.value + bytes + SLACK_BYTES - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
}
