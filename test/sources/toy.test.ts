// Another source sits the same exam: the seam holds for an agent that writes nothing like Claude Code.
import { KEY_TAG, KeyHash } from '../../src/core/ledger/hash.js'
import { sessionKey } from '../../src/core/sessions.js'
import { normalPath } from '../../src/core/labels/folders.js'
import { COLUMN, DOUBLE_COLUMN, scratchRow, tokenCount } from '../../src/core/ledger/usage.js'
import type { Source } from '../../src/sources/source.js'
import { sourceExam } from './contract.js'

/** `{"toy":"id","spent":5}` is a response of 5 output tokens. */
const toy: Source = {
  agent: 'toy',
  walkable: false,
  prefilters: [{ find: '"toy"' }],
  directories: {
    name: 'Toy',
    flag: 'toy.box',
    help: 'directory in which toys lie; repeatable',
    example: '/home/*/.toys',
    defaultHelp: '~/.toys',
    hint: 'the directory in which toys lie',
    defaults: () => ['~/.toys'],
  },
  roots: (directory) => [[`${directory}/toys`]],
  entersDirectory: () => false,
  locate: ([name, ...more]) =>
    name?.endsWith('.toy') === true && more.length === 0
      ? { project: 'toys', session: name, subagent: false }
      : undefined,
  projectOf: normalPath,
  open({ project, session, wantsCwd }, batch) {
    const record = scratchRow()
    const key = new KeyHash()
    const place = batch.strings.intern(sessionKey('toy', project, session))
    record.doubles[DOUBLE_COLUMN.time] = Number.NaN
    return {
      wantsCwd,
      read(line) {
        const { toy: id, spent } = (typeof line === 'object' && line !== null ? line : {}) as {
          toy?: unknown
          spent?: unknown
        }
        record.words[COLUMN.output] = tokenCount(spent)
        if (typeof id !== 'string' || record.words[COLUMN.output] === 0) return
        key.start(KEY_TAG.message).text(id).finish()
        record.words[COLUMN.keyLow] = key.low
        record.words[COLUMN.keyHigh] = key.high
        batch.add(record.words, batch.model('toy-model'), place, 0, 0)
      },
      cwd: () => undefined,
      skip: () => undefined,
    }
  },
}

sourceExam(toy, {
  transcripts: [['one.toy', { project: 'toys', session: 'one.toy', subagent: false }]],
  notTranscripts: ['one.txt', 'sub/one.toy'],
  lines: [
    { toy: 'a', spent: 5 },
    { toy: 'b', spent: 1 },
    { toy: 'a', spent: 7 },
  ],
  unknownLine: { other: 'a', spent: 9 },
})
