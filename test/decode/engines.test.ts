// Which engine a process gets for the one it requests.
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { chooseBackend, createDecoder } from '../../src/decode/engines.js'
import { SOURCES } from '../../src/sources/index.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import { decoded } from './noted.js'

it('selects wasm for "auto", and v8 when v8 is requested', () => {
  expect(chooseBackend('auto', SOURCES)).toEqual({ backend: 'wasm' })
  expect(chooseBackend('v8', SOURCES)).toEqual({ backend: 'v8' })
})

it('falls back to v8 and gives the reason when the simdjson package is not installed', () => {
  const { backend, instead } = chooseBackend('simdjson', SOURCES)
  if (installed('simdjson')) expect({ backend, instead }).toEqual({ backend: 'simdjson', instead: undefined })
  else {
    expect(backend).toBe('v8')
    expect(instead).toContain(`Cannot find module 'simdjson'`)
  }
})

it("falls back to v8 and gives the reason when one source's engine cannot run", () => {
  const broken = {
    prefilters: [],
    engine: () => {
      throw new Error('no SIMD here')
    },
  }
  expect(chooseBackend('auto', [claudeCode, broken])).toEqual({ backend: 'v8', instead: 'Error: no SIMD here' })
  expect(chooseBackend('v8', [claudeCode, broken])).toEqual({ backend: 'v8' })
})

it('decodes with v8 for a source that has no engine of its own', () => {
  const line = '{"type":"assistant","message":{"usage":{"input_tokens":7}}}\n'
  const toy = { prefilters: [{ find: '"usage"' }] }
  // Only the v8 engine accepts bytes outside its own buffer.
  expect(decoded(createDecoder('wasm', toy), line).read).toHaveLength(1)
  expect(() => decoded(createDecoder('wasm', claudeCode), line)).toThrow(/not the buffer/)
})

function installed(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name)
    return true
  } catch {
    return false
  }
}
