// What of each root could be read, from what a pass failed at and the files that were read.
import { describe, expect, it } from 'vitest'
import { accessTo, isUp, type Access } from '../../src/app/access.js'
import type { Root } from '../../src/ingest/roots.js'
import type { Source } from '../../src/sources/source.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'

interface Given {
  readonly places?: readonly string[]
  readonly files?: readonly string[]
  readonly known?: readonly string[]
  /** Agents, by where their links lead. */
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
    ['all is read', { known: ['/r/a/1'] }, 'read'],
    ['nothing is there', {}, 'empty'],
    ['of two files one', { known: ['/r/a/1'], files: ['/r/a/2'] }, 'partial'],
    ['of two folders one', { known: ['/r/a/1'], places: ['/r/b'] }, 'partial'],
    ['no file', { files: ['/r/a/1'] }, 'unreadable'],
    ['no folder', { places: ['/r/a', '/r/b'] }, 'unreadable'],
    ['what was read once, in a folder that is closed now', { known: ['/r/a/1'], places: ['/r/a'] }, 'unreadable'],
    ['what was read once and has changed', { known: ['/r/a/1'], files: ['/r/a/1'] }, 'unreadable'],
    [
      'the root itself cannot be listed, whatever was read before',
      { known: ['/r/a/1'], places: ['/r'] },
      'unreachable',
    ],
    ['a folder of a like name is another', { known: ['/r/ab/1'], places: ['/r/a'] }, 'partial'],
    ['links lead elsewhere', { known: ['/elsewhere/1'], outside: { '/elsewhere': 'claude-code' } }, 'read'],
    ['a link leads to a file', { known: ['/elsewhere/1'], outside: { '/elsewhere/1': 'claude-code' } }, 'read'],
    [
      'links lead where nothing can be read',
      { files: ['/elsewhere/1'], outside: { '/elsewhere': 'claude-code' } },
      'unreadable',
    ],
  ])('%s', (_, given, access) => {
    expect(accessOf([root('/r')], given)).toEqual([access])
  })

  it('of one that lies inside another is its own', () => {
    const roots = [root('/r'), root('/r/a/inner'), root('/r/a/other')]
    const outside = { '/elsewhere': 'claude-code' }
    expect(accessOf(roots, { known: ['/r/a/inner/1', '/elsewhere/1'], outside })).toEqual(['read', 'read', 'read'])
    expect(accessOf(roots, { known: ['/r/a/inner/1'] })).toEqual(['empty', 'read', 'empty'])
    expect(accessOf(roots, { known: ['/r/1'], files: ['/r/a/other/1'] })).toEqual(['read', 'empty', 'unreadable'])
  })

  it('of one agent is not that of another', () => {
    const roots = [root('/r'), root('/s', undefined, other), root(undefined, 'EACCES', other)]
    const outside = { '/elsewhere': 'other', '/other': 'other' }
    // What is read through a link of the other's makes nothing readable here, and what is closed there closes nothing.
    const given = { known: ['/elsewhere/1'], files: ['/r/1'], outside }
    expect(accessOf(roots, given)).toEqual(['unreadable', 'read', 'unreachable'])
    expect(looked(roots, { known: ['/r/1', '/s/1'], places: ['/gone', '/other/2'], outside })).toMatchObject([
      { access: 'read', unreadPlaces: 0 },
      { access: 'partial', unreadPlaces: 1 },
      { access: 'unreachable', unreadPlaces: 0, reason: 'EACCES' },
    ])
  })

  it('is that of each', () => {
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
])('with %j a source is up: %s', (accesses, up) => {
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
