// The README lists every reason that `compare` gives, with its name in the table and in JSON.
import { expect, test } from 'vitest'
import { REASON_NAMES } from '../../src/reports/compare/reason-names.js'
import { read } from './repository.js'

test('the README lists each reason of compare, and no other', () => {
  const compare = /^## Compare\n.*?^## /ms.exec(read('README.md'))![0]
  const rows = [...compare.matchAll(/^\| `([^`]+)` \| `(\w+)` \|/gm)].map(([, text, json]) => ({ text, json }))
  expect(rows).toEqual(Object.values(REASON_NAMES))
})

test('the README explains differences from ccusage by existing reasons', () => {
  const differences = read('README.md').split('### Differences from ccusage\n')[1]!.split('\n### ')[0]!
  const named = [...differences.matchAll(/^\|.*\| ([^|]*) \|$/gm)].flatMap(([, cell]) => cell!.match(/`[^`]+`/g) ?? [])
  const known = Object.values(REASON_NAMES).map(({ text }) => `\`${text}\``)
  expect(named.filter((name) => name !== '`compare`' && !known.includes(name))).toEqual([])
  expect(named).toContain('`different time zone`')
})
