// Globs over labels: what they match, which are rejected, and that matching takes no exponential time.
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { matchesGlob, parseGlob, parseWildcards } from '../../../src/core/labels/glob.js'

const matches = (glob: string, text: string): boolean => matchesGlob(parseGlob(glob), text)

test.each([
  ['*', ['', 'a', 'a/b', '.hidden', 'a\nb', '😀']],
  ['shop', ['shop']],
  ['web-*', ['web-', 'web-shop', 'web-a/b']],
  ['*/shop', ['north/shop', 'a/b/shop', '/shop']],
  ['a*b*c', ['abc', 'aabbcc', 'a-b-b-c', 'abcabc']],
  ['?', ['a', '😀', '*']],
  ['a??', ['abc', 'a😀/']],
  ['**', ['', 'a/b']],
  ['\\*', ['*']],
  ['\\!a\\\\', ['!a\\']],
  ['app/\\[slug\\]', ['app/[slug]']],
  ['app (2)', ['app (2)']],
  ['a.b+c^$|', ['a.b+c^$|']],
])('%s matches', (glob, texts) => {
  for (const text of texts) expect([text, matches(glob, text)]).toEqual([text, true])
})

test.each([
  ['shop', ['Shop', 'shops', 'a/shop', '', 'sho']],
  ['web-*', ['web', 'my-web-shop', 'WEB-a']],
  ['*/shop', ['shop', 'north/shop/x']],
  ['a*b*c', ['acb', 'abcb', 'bac']],
  ['?', ['', 'ab']],
  ['\\*', ['a', '**']],
  ['a.c', ['abc']],
])('%s does not match', (glob, texts) => {
  for (const text of texts) expect([text, matches(glob, text)]).toEqual([text, false])
})

test.each([
  ['', 'a glob cannot be empty; * matches everything'],
  ['!shop', 'a glob cannot exclude; write \\! for a name that begins with !'],
  ['web-{a,b}', 'only * and ? are wildcards; write \\{ for a literal {'],
  ['[ab]', 'only * and ? are wildcards; write \\[ for a literal ['],
  ['shop\\', 'a glob cannot end in a single \\'],
])('rejects the glob %j', (glob, message) => {
  expect(() => parseGlob(glob)).toThrow(new Error(message))
})

describe('any glob', () => {
  const pieces = fc.array(fc.constantFrom('a', 'b', '/', '.', '*', '?', '\\*'), { minLength: 1, maxLength: 8 })
  const text = fc.array(fc.constantFrom('a', 'b', '/', '.', '*'), { maxLength: 10 }).map((all) => all.join(''))

  it('matches the same texts as the equivalent regular expression', () => {
    fc.assert(
      fc.property(pieces, text, (glob, label) => {
        const source = glob
          .map((piece) => (piece === '*' ? '.*' : piece === '?' ? '.' : RegExp(`[${piece}]`).source))
          .join('')
        expect(matches(glob.join(''), label)).toBe(new RegExp(`^${source}$`, 's').test(label))
      }),
      { numRuns: 5_000 },
    )
  })

  it('is matched without exponential backtracking', () => {
    // A backtracking regular expression would try some 10^20 paths.
    expect(matches('*a'.repeat(20) + '*b', 'a'.repeat(10_000))).toBe(false)
  })
})

test.each([
  ['a[b]{c}\\!', 'a[b]{c}\\!', true],
  ['[*]', '[c]', true],
  ['\\*', '\\x', true],
  ['a?', 'a', false],
])('parseWildcards treats every other character literally: %s, %s: %s', (pattern, text, expected) => {
  expect(matchesGlob(parseWildcards(pattern), text)).toBe(expected)
})
