// Which engine a process gets for the one it asked for.
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { chooseBackend, createDecoder } from '../../src/decode/engines.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import { decoded } from './noted.js'

it('is the fastest for those who leave the choice', () => {
  expect(chooseBackend('auto')).toEqual({ backend: 'wasm' })
  expect(chooseBackend('v8')).toEqual({ backend: 'v8' })
})

it('is v8, with a reason, when the package of another is not installed', () => {
  const { backend, instead } = chooseBackend('simdjson')
  if (installed('simdjson')) expect({ backend, instead }).toEqual({ backend: 'simdjson', instead: undefined })
  else {
    expect(backend).toBe('v8')
    expect(instead).toContain(`Cannot find module 'simdjson'`)
  }
})

it('is v8 for lines that the walker does not know', () => {
  const line = '{"type":"assistant","message":{"usage":{"input_tokens":7}}}\n'
  const toy = { prefilters: [{ find: '"usage"' }], walkable: false }
  // The v8 engine takes bytes from anywhere, and hands over what JSON.parse made of them.
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
