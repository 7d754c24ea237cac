// Troubles in words for people: which missing directories matter, and what else can be wrong.
import { expect, it } from 'vitest'
import type { Access, RootAccess } from '../../src/app/access.js'
import { lineOf, troublesOf, type Circumstances } from '../../src/app/troubles.js'

const root = (path: string, access: Access, unreadFiles = 0, unreadPlaces = 0): RootAccess => ({
  agent: 'claude-code',
  named: false,
  path,
  access,
  unreadFiles,
  unreadPlaces,
})
const well = { roots: [root('/a', 'read')], counted: () => false, stored: true, configured: true }
/** Responses of this agent alone were counted. */
const counted = (agent: string) => (each: string) => each === agent
const lines = (circumstances: Partial<Circumstances>): string[] => troublesOf({ ...well, ...circumstances }).map(lineOf)

it('reports nothing if nothing is wrong', () => {
  expect(lines({})).toEqual([])
})

it('escapes control characters in the name of a directory, so that each trouble is one line', () => {
  expect(lines({ roots: [{ ...root('/a\n\u009b31mOK', 'missing'), named: true }] })).toEqual([
    '/a\\u{a}\\u{9b}31mOK: no such directory',
  ])
})

it.each<[string, Partial<Circumstances>, string[]]>([
  ['ignores a missing default directory if another exists', { roots: [root('/a', 'read'), root('/b', 'missing')] }, []],
  [
    'reports a missing directory that was named',
    { roots: [root('/a', 'read'), { ...root('/b', 'missing'), named: true }, root('/c', 'missing')] },
    ['/b: no such directory'],
  ],
  [
    'reports all default directories of one agent if all are missing',
    { roots: [root('/a', 'missing'), root('/b', 'missing')] },
    ['/a: no such directory', '/b: no such directory'],
  ],
  [
    'reports in one line that all default directories of several agents are missing',
    { roots: [root('/a', 'missing'), { ...root('/b', 'missing'), agent: 'other' }] },
    ['no logs in the default directories of claude-code, other'],
  ],
  [
    'reports each missing directory that was named for several agents',
    {
      roots: [
        { ...root('/a', 'missing'), named: true },
        { ...root('/b', 'missing'), agent: 'other', named: true },
      ],
    },
    ['/a: no such directory', '/b: no such directory'],
  ],
  ['reports a directory without log files', { roots: [root('/a', 'empty')] }, ['/a: no log files yet']],
  [
    'ignores a directory whose logs were deleted after they were counted',
    { roots: [root('/a', 'empty')], counted: counted('claude-code') },
    [],
  ],
  [
    'reports an empty directory that was named, even if another agent has logs',
    {
      roots: [
        { ...root('/a', 'empty'), named: true },
        { ...root('/b', 'read'), agent: 'other' },
      ],
      counted: counted('other'),
    },
    ['/a: no log files yet'],
  ],
  [
    'ignores an empty default directory if another agent has logs',
    { roots: [root('/a', 'empty'), { ...root('/b', 'read'), agent: 'other' }], counted: counted('other') },
    [],
  ],
  [
    'reports a directory that cannot be entered',
    { roots: [{ ...root('/a', 'unreachable'), reason: "Error: EACCES: permission denied, stat '/a'" }] },
    ['/a: permission denied: the directory cannot be entered or listed'],
  ],
  [
    'reports a link that points to itself',
    { roots: [{ ...root('/a', 'unreachable'), reason: "Error: ELOOP: too many symbolic links, stat '/a'" }] },
    ['/a: the directory cannot be entered or listed'],
  ],
  [
    'counts files and folders if nothing in a directory can be read',
    { roots: [root('/a', 'unreadable', 1_234, 1)] },
    ['/a: nothing in it can be read: 1,234 files and 1 folder'],
  ],
  ['counts the unreadable files of a directory', { roots: [root('/a', 'partial', 1)] }, ['/a: 1 file cannot be read']],
  [
    'reports a state directory that cannot be written',
    { stored: false },
    [expect.stringMatching(/^the state directory cannot be written/) as string],
  ],
  [
    'reports a mistake in the configuration',
    { configured: false },
    [expect.stringMatching(/^the configuration or price file has a mistake/) as string],
  ],
  [
    'reports a push that failed',
    { pushFailure: 'connect' },
    ['the last push was not accepted: the receiver cannot be reached; the next one carries everything'],
  ],
])('%s', (_, circumstances, said) => {
  expect(lines(circumstances)).toEqual(said)
})
