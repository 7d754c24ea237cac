// A walker built with other layout constants than the program's would write unreadable rows: it must be rejected.
import { describe, expect, it } from 'vitest'
import { compileWalker, type CompiledWalker } from '../../../src/decode/walker-module.js'
import { generatedModule, layoutHash } from '../../../src/sources/claude-code/walker-layout.js'
import { startWalker } from '../../../src/sources/claude-code/walker.js'

declare const WebAssembly: { readonly Module: new (bytes: Uint8Array) => CompiledWalker }

describe('the walker', () => {
  it('starts when it was built for this program', () => {
    expect(startWalker(compileWalker('#walker.wasm'), 100).buffer.length).toBe(100)
  })

  it.each([
    ['another layout hash', moduleWith('LAYOUT', layoutHash() ^ 1)],
    ['no layout hash', moduleWith('OTHER', layoutHash())],
  ])('is rejected with %s', (_, module) => {
    expect(() => startWalker(module, 100)).toThrow(/npm run build/)
  })

  it('is built from constants that are each defined once', () => {
    const names = [...generatedModule().matchAll(/^export const (\w+): \w+ = \d+$/gm)].map(([, name]) => name)
    expect(names).toEqual(expect.arrayContaining(['ROW_BYTES', 'ROW_CACHE_WRITE_5M', 'REPORT_ASKED_BYTES', 'LAYOUT']))
    expect(names).toHaveLength(generatedModule().trim().split('\n').length)
    expect(new Set(names).size).toBe(names.length)
  })
})

/** A module that exports a single number. */
function moduleWith(name: string, value: number): CompiledWalker {
  const text = [...Buffer.from(name)]
  const constant = [0x41, ...leb128(value | 0), 0x0b]
  const globals = [1, 0x7f, 0, ...constant]
  const exports = [1, text.length, ...text, 3, 0]
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
  return new WebAssembly.Module(
    Uint8Array.from([...header, 6, globals.length, ...globals, 7, exports.length, ...exports]),
  )
}

/** Encodes a signed integer as signed LEB128. */
function leb128(value: number): number[] {
  const bytes: number[] = []
  for (let left = value; ;) {
    const low = left & 0x7f
    left >>= 7
    const isLast = (left === 0 && (low & 0x40) === 0) || (left === -1 && (low & 0x40) !== 0)
    bytes.push(isLast ? low : low | 0x80)
    if (isLast) return bytes
  }
}
