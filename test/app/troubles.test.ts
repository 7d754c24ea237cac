// What is wrong, as a person reads it: which missing directories matter, and what else there is.
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
/** Something was counted of this agent. */
const counted = (agent: string) => (each: string) => each === agent
const lines = (circumstances: Partial<Circumstances>): string[] => troublesOf({ ...well, ...circumstances }).map(lineOf)

it('nothing is wrong', () => {
  expect(lines({})).toEqual([])
})

it('is one line each, whatever the name of the directory', () => {
  expect(lines({ roots: [{ ...root('/a\n\u009b31mOK', 'missing'), named: true }] })).toEqual([
    '/a\\u{a}\\u{9b}31mOK: no such directory',
  ])
})

it.each<[string, Partial<Circumstances>, string[]]>([
  ['a default that is missing beside one that is there', { roots: [root('/a', 'read'), root('/b', 'missing')] }, []],
  [
    'one that was named',
    { roots: [root('/a', 'read'), { ...root('/b', 'missing'), named: true }, root('/c', 'missing')] },
    ['/b: no such directory'],
  ],
  [
    'all are missing',
    { roots: [root('/a', 'missing'), root('/b', 'missing')] },
    ['/a: no such directory', '/b: no such directory'],
  ],
  [
    'all usual places of several agents are missing',
    { roots: [root('/a', 'missing'), { ...root('/b', 'missing'), agent: 'other' }] },
    ['no logs in the default directories of claude-code, other'],
  ],
  [
    'of several agents one that was asked for',
    {
      roots: [
        { ...root('/a', 'missing'), named: true },
        { ...root('/b', 'missing'), agent: 'other', named: true },
      ],
    },
    ['/a: no such directory', '/b: no such directory'],
  ],
  ['no logs yet', { roots: [root('/a', 'empty')] }, ['/a: no log files yet']],
  ['logs that were counted and deleted', { roots: [root('/a', 'empty')], counted: counted('claude-code') }, []],
  [
    'a directory that was named for one agent, beside logs of another',
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
    'one of the usual places, beside logs of another agent',
    { roots: [root('/a', 'empty'), { ...root('/b', 'read'), agent: 'other' }], counted: counted('other') },
    [],
  ],
  [
    'not to be entered',
    { roots: [{ ...root('/a', 'unreachable'), reason: "Error: EACCES: permission denied, stat '/a'" }] },
    ['/a: permission denied: the directory cannot be entered or listed'],
  ],
  [
    'a link to itself',
    { roots: [{ ...root('/a', 'unreachable'), reason: "Error: ELOOP: too many symbolic links, stat '/a'" }] },
    ['/a: the directory cannot be entered or listed'],
  ],
  [
    'nothing to be read',
    { roots: [root('/a', 'unreadable', 1_234, 1)] },
    ['/a: nothing in it can be read: 1,234 files and 1 folder'],
  ],
  ['a part', { roots: [root('/a', 'partial', 1)] }, ['/a: 1 file cannot be read']],
  ['the store', { stored: false }, [expect.stringMatching(/^the state directory cannot be written/) as string]],
  [
    'the configuration',
    { configured: false },
    [expect.stringMatching(/^the configuration or price file has a mistake/) as string],
  ],
  [
    'the push',
    { pushFailure: 'connect' },
    ['the last push was not accepted: the receiver cannot be reached; the next one carries everything'],
  ],
])('%s', (_, circumstances, said) => {
  expect(lines(circumstances)).toEqual(said)
})
