// Patterns of directories: what they match, and that existing names take precedence over wildcards.
import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, it, test } from 'vitest'
import { matchingPaths } from '../../src/ingest/matching-paths.js'
import { temporaryFolder } from '../support/tree.js'

const folder = realpathSync(temporaryFolder())
for (const path of ['ann/.claude', 'bob/.claude/projects', 'zed', '.hidden/.claude', 'a.b (x86)/[c]/.claude'])
  mkdirSync(join(folder, path), { recursive: true })
writeFileSync(join(folder, 'file'), '')

const matched = (pattern: string): string[] =>
  matchingPaths(join(folder, pattern)).map((path) => relative(folder, path))

test.each([
  ['*/.claude', ['a.b (x86)/.claude', 'ann/.claude', 'bob/.claude', 'file/.claude', 'zed/.claude']],
  ['???/.claude', ['ann/.claude', 'bob/.claude', 'zed/.claude']],
  ['*/*/projects', ['a.b (x86)/[c]/projects']],
  ['b*/.cl*/proj*', ['bob/.claude/projects']],
  ['.h*/.claude', ['.hidden/.claude']],
  ['a.b (x86)/[?]/.claude', ['a.b (x86)/[c]/.claude']],
  ['none/*', []],
  ['none/.claude', ['none/.claude']],
])('the pattern %s matches the expected directories', (pattern, paths) => {
  expect(matched(pattern)).toEqual(paths)
})

// Windows has no such names.
it.skipIf(process.platform === 'win32')('a pattern means an existing name literally, else the names that match', () => {
  mkdirSync(join(folder, 'star/a*b/.claude'), { recursive: true })
  mkdirSync(join(folder, 'star/axb/.claude'), { recursive: true })
  expect(matched('star/a*b/.cl*')).toEqual(['star/a*b/.claude'])
  rmSync(join(folder, 'star/a*b'), { recursive: true })
  expect(matched('star/a*b/.cl*')).toEqual(['star/axb/.claude'])
})

it('a pattern reports why a directory cannot be listed, unless it is missing or a file', () => {
  symlinkSync('circle', join(folder, 'circle'))
  const closed: string[] = []
  const tell = (reason: string): void => void closed.push(reason)
  expect(matchingPaths(join(folder, 'none/*'), tell)).toEqual([])
  expect(matchingPaths(join(folder, 'file/*'), tell)).toEqual([])
  expect(closed).toEqual([])
  expect(matchingPaths(join(folder, 'circle/*/x'), tell)).toEqual([])
  expect(closed).toEqual([expect.stringContaining('ELOOP')])
})

it('a pattern follows links', () => {
  symlinkSync(join(folder, 'bob'), join(folder, 'link'), 'junction')
  expect(matched('lin?/.claude')).toEqual(['link/.claude'])
})
