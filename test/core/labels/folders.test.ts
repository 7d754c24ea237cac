// Spellings of working directories (claude-code-logs 1.3).
import { describe, expect, it } from 'vitest'
import { normalPath } from '../../../src/core/labels/folders.js'

describe('normalPath maps the spellings of a directory to one', () => {
  it.each([
    ['/w/app', '/w/app'],
    ['/w/app/', '/w/app'],
    ['/w/app///', '/w/app'],
    [' /w/app\t', '/w/app'],
    ['/', '/'],
    ['c:\\Users\\me\\app', 'C:/Users/me/app'],
    ['C:\\Users\\me\\app\\', 'C:/Users/me/app'],
    ['c:/Users', 'C:/Users'],
    ['/w/c:/app', '/w/c:/app'],
    ['\\\\server\\share', '//server/share'],
    ['\\\\server\\share\\\\app\\', '//server/share/app'],
    ['\\\\?\\c:\\Users\\me', 'C:/Users/me'],
    ['\\\\?\\UNC\\server\\share', '//server/share'],
    ['\\\\wsl.localhost\\Ubuntu\\home\\ann\\shop', '/home/ann/shop'],
    ['//wsl$/Debian/home/ann', '/home/ann'],
    ['\\\\wsl.localhost\\Ubuntu', '/'],
    ['/w//app///x', '/w/app/x'],
    ['/w/Ünï côde', '/w/Ünï côde'],
  ])('%s → %s', (cwd, path) => {
    expect(normalPath(cwd)).toBe(path)
    expect(normalPath(path)).toBe(path)
  })
})

it('normalPath cuts a path to its last 4096 characters', () => {
  const path = normalPath(`/${'x/'.repeat(60_000)}app///`)
  expect(path.length).toBe(4096)
  expect(path.endsWith('/x/app')).toBe(true)
})
