// The demo says the same for the same seed and time, in every release that does not mean to change it: what it writes is
// held by a hash over paths and lines.
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { history, type Written } from '../../src/demo/history.js'
import { createLive } from '../../src/demo/live.js'
import { DEMO_WRITERS } from '../../src/sources/demo-writers.js'
import { NOW_MS } from '../integration/running.js'

function hashOf(all: Iterable<Written>): string {
  const hash = createHash('sha256')
  for (const { path, text } of all) hash.update(`${path.slice('claude/'.length)}\n${text}\n`)
  return hash.digest('hex')
}

function* liveMinutes(seed: number): Generator<Written> {
  const live = createLive(DEMO_WRITERS, seed)
  for (let second = 0; second < 600; second += 1) yield live.next(NOW_MS + second * 1_000)
}

it('writes the history that it always wrote', () => {
  expect(hashOf(history(DEMO_WRITERS, 1, NOW_MS))).toBe(
    'fe5de141d110834024f92034603d70567f0491cedf7e2cd6244afd05097ead93',
  )
})

it('goes on as it always did', () => {
  expect(hashOf(liveMinutes(1))).toBe('027945867093eee01f330794758996d0f9ae6065deb1ba4281b31defe0f99101')
})
