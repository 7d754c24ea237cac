// Access to each root, derived from the failures of a pass and the files that were read.
import { describe, expect, it } from 'vitest'
import { accessTo, isUp, type Access } from '../../src/app/access.js'
import type { Root } from '../../src/ingest/roots.js'
import type { Source } from '../../src/sources/source.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'

interface Given {
  readonly places?: readonly string[]
  readonly files?: readonly string[]
  readonly known?: readonly string[]
  /** Agents by the target of their links. */
  readonly outside?: Readonly<Record<string, string>>
}

const other: Source = { ...claudeCode, agent: 'other' }

const root = (path: string | undefined, unreachable?: string, source = claudeCode): Root => ({
  source,
  named: false,
  wanted: path ?? '/gone',
  path,
  unreachable,
})
function looked(roots: readonly Root[], { places = [], files = [], known = [], outside = {} }: Given) {
  const unread = {
    places: new Map(places.map((path) => [path, 'EACCES'])),
    files: new Map(files.map((path) => [path, 'claude-code'])),
  }
  return accessTo({ roots, unread, outside: new Map(Object.entries(outside)) }, () => known)
}
const accessOf = (roots: readonly Root[], given: Given): Access[] => looked(roots, given).map(({ access }) => access)

describe('access to a root', () => {
  it.each<[string, Given, Access]>([
    ['is read if every file was read', { known: ['/r/a/1'] }, 'read'],
    ['is empty if there are no files', {}, 'empty'],
    ['is partial if one of two files could not be read', { known: ['/r/a/1'], files: ['/r/a/2'] }, 'partial'],
    ['is partial if one of two folders could not be listed', { known: ['/r/a/1'], places: ['/r/b'] }, 'partial'],
    ['is unreadable if no file could be read', { files: ['/r/a/1'] }, 'unreadable'],
    ['is unreadable if no folder could be listed', { places: ['/r/a', '/r/b'] }, 'unreadable'],
    [
      'is unreadable if the folder of a file read before can no longer be listed',
      { known: ['/r/a/1'], places: ['/r/a'] },
      'unreadable',
    ],
    [
      'is unreadable if a file read before has changed and can no longer be read',
      { known: ['/r/a/1'], files: ['/r/a/1'] },
      'unreadable',
    ],
    [
      'is unreachable if the root cannot be listed, even if files were read before',
      { known: ['/r/a/1'], places: ['/r'] },
      'unreachable',
    ],
    ['does not confuse folders whose names begin alike', { known: ['/r/ab/1'], places: ['/r/a'] }, 'partial'],
    [
      'is read if files behind a link were read',
      { known: ['/elsewhere/1'], outside: { '/elsewhere': 'claude-code' } },
      'read',
    ],
    [
      'is read if the file that a link points to was read',
      { known: ['/elsewhere/1'], outside: { '/elsewhere/1': 'claude-code' } },
      'read',
    ],
    [
      'is unreadable if no file behind a link could be read',
      { files: ['/elsewhere/1'], outside: { '/elsewhere': 'claude-code' } },
      'unreadable',
    ],
  ])('%s', (_, given, access) => {
    expect(accessOf([root('/r')], given)).toEqual([access])
  })

  it('is separate for a root inside another root', () => {
    const roots = [root('/r'), root('/r/a/inner'), root('/r/a/other')]
    const outside = { '/elsewhere': 'claude-code' }
    expect(accessOf(roots, { known: ['/r/a/inner/1', '/elsewhere/1'], outside })).toEqual(['read', 'read', 'read'])
    expect(accessOf(roots, { known: ['/r/a/inner/1'] })).toEqual(['empty', 'read', 'empty'])
    expect(accessOf(roots, { known: ['/r/1'], files: ['/r/a/other/1'] })).toEqual(['read', 'empty', 'unreadable'])
  })

  it('is separate for each agent', () => {
    const roots = [root('/r'), root('/s', undefined, other), root(undefined, 'EACCES', other)]
    const outside = { '/elsewhere': 'other', '/other': 'other' }
    // Neither files read nor failures behind a link of the other agent change access to this one's root.
    const given = { known: ['/elsewhere/1'], files: ['/r/1'], outside }
    expect(accessOf(roots, given)).toEqual(['unreadable', 'read', 'unreachable'])
    expect(looked(roots, { known: ['/r/1', '/s/1'], places: ['/gone', '/other/2'], outside })).toMatchObject([
      { access: 'read', unreadPlaces: 0 },
      { access: 'partial', unreadPlaces: 1 },
      { access: 'unreachable', unreadPlaces: 0, reason: 'EACCES' },
    ])
  })

  it('is given for each root, missing ones included', () => {
    const roots = [root('/r'), root('/s'), root(undefined), root(undefined, 'EACCES')]
    expect(accessOf(roots, { known: ['/r/a/1'], files: ['/s/a/1'] })).toEqual([
      'read',
      'unreadable',
      'missing',
      'unreachable',
    ])
  })
})

it.each<[Access[], boolean]>([
  [['read'], true],
  [['empty'], true],
  [['partial'], true],
  [['missing', 'read'], true],
  [['missing'], false],
  [['unreachable', 'unreadable'], false],
])('a source whose roots are %j is up: %s', (accesses, up) => {
  const roots = accesses.map((access) => ({
    agent: 'a',
    named: false,
    path: '/',
    access,
    unreadFiles: 0,
    unreadPlaces: 0,
  }))
  expect(isUp('a', roots)).toBe(up)
  expect(isUp('b', roots)).toBe(false)
})
