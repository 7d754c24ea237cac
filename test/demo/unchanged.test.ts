// The demo stays the same for the same seed and time across releases unless it is changed on purpose: its output is
// pinned by a hash over paths and lines.
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { history, type Written } from '../../src/demo/history.js'
import { createLive } from '../../src/demo/live.js'
import { claudeCodeDemo } from '../../src/sources/claude-code/demo/session.js'
import { DEMO_WRITERS } from '../../src/sources/demo-writers.js'
import type { DemoWriter } from '../../src/sources/demo-writer.js'
import { NOW_MS } from '../integration/running.js'

function hashOf(all: Iterable<Written>): string {
  const hash = createHash('sha256')
  for (const { path, text } of all) hash.update(`${path.slice(path.indexOf('/') + 1)}\n${text}\n`)
  return hash.digest('hex')
}

function* liveMinutes(writers: readonly DemoWriter[], seed: number): Generator<Written> {
  const live = createLive(writers, seed)
  for (let second = 0; second < 600; second += 1) yield live.next(NOW_MS + second * 1_000)
}

it('the history has the pinned hash', () => {
  expect(hashOf(history([claudeCodeDemo], 1, NOW_MS))).toBe(
    'fe5de141d110834024f92034603d70567f0491cedf7e2cd6244afd05097ead93',
  )
  expect(hashOf(history(DEMO_WRITERS, 1, NOW_MS))).toBe(
    '564802e83c2e91ce451085557bc674490c14b8e64e652ac6ee58351db598a193',
  )
})

it('live lines have the pinned hash', () => {
  expect(hashOf(liveMinutes([claudeCodeDemo], 1))).toBe(
    '027945867093eee01f330794758996d0f9ae6065deb1ba4281b31defe0f99101',
  )
  expect(hashOf(liveMinutes(DEMO_WRITERS, 1))).toBe('4c3b35b30f5943d4b72c650cd49b621972bda91815614247206e6e0600ae3573')
})
