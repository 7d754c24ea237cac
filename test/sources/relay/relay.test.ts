// A source whose lines depend on earlier ones takes the exam. No code outside of test/ knows it.
import { expect, it } from 'vitest'
import { MODIFIER } from '../../../src/core/ledger/modifiers.js'
import { sourceExam } from '../contract.js'
import { countedOf, readTranscript } from '../reading.js'
import { FORK, LOG, content, snapshot } from './lines.js'
import { relay } from './relay.js'

const place = { project: 'threads', subagent: false }

sourceExam(relay, {
  transcripts: [
    ['one.relay', { ...place, session: 'one' }],
    ['2026/11/two.relay', { ...place, session: 'two', subagent: true }],
    ['one.relay.zst', { ...place, session: 'one', form: 'zstd-lines' }],
    ['one.json', { ...place, session: 'one', form: 'document' }],
  ],
  notTranscripts: ['one.txt', '.relay', 'sub/one.relay.gz'],
  lines: LOG,
  fork: FORK,
  unknownLine: { ...snapshot('s9', 9, 9, 9), relay: 'telepathy' },
})

it('relay: counts usage by the model and tier that earlier lines set', () => {
  const file = { ...place, session: 'one', path: '/root/one.relay', wantsCwd: true }
  const { batch, cwd } = readTranscript(relay, file, content(LOG))
  const counted = countedOf(batch)
    .map(({ model, input, output, cache_read, requests, costNanos, flags }) =>
      [model, input, output, cache_read, requests, costNanos, flags & MODIFIER.priority ? 'priority' : ''].join(' '),
    )
    .sort()
  expect(cwd).toBe('/w/relay')
  expect(counted).toEqual([
    ' 5 1 0 1 0 ',
    'big-1 100 10 50 1 0 priority',
    'big-1 150 15 0 3 3000 ',
    'big-1 50 5 0 1 0 ',
    'small-1 10 1 0 1 0 ',
    'small-1 20 2 0 1 0 ',
    'small-1 200 10 200 1 0 ',
    'small-1 40 4 0 1 0 ',
  ])
})
