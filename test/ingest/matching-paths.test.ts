// Patterns of directories: what they match, and that names which are there mean themselves.
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
])('%s', (pattern, paths) => {
  expect(matched(pattern)).toEqual(paths)
})

// Windows has no such names.
it.skipIf(process.platform === 'win32')('means a name that is there as it is written, and else what matches', () => {
  mkdirSync(join(folder, 'star/a*b/.claude'), { recursive: true })
  mkdirSync(join(folder, 'star/axb/.claude'), { recursive: true })
  expect(matched('star/a*b/.cl*')).toEqual(['star/a*b/.claude'])
  rmSync(join(folder, 'star/a*b'), { recursive: true })
  expect(matched('star/a*b/.cl*')).toEqual(['star/axb/.claude'])
})

it('tells why a directory could not be listed, and nothing of those that are none', () => {
  symlinkSync('circle', join(folder, 'circle'))
  const closed: string[] = []
  const tell = (reason: string): void => void closed.push(reason)
  expect(matchingPaths(join(folder, 'none/*'), tell)).toEqual([])
  expect(matchingPaths(join(folder, 'file/*'), tell)).toEqual([])
  expect(closed).toEqual([])
  expect(matchingPaths(join(folder, 'circle/*/x'), tell)).toEqual([])
  expect(closed).toEqual([expect.stringContaining('ELOOP')])
})

it('goes through links', () => {
  symlinkSync(join(folder, 'bob'), join(folder, 'link'), 'junction')
  expect(matched('lin?/.claude')).toEqual(['link/.claude'])
})
