// The smallest possible source, without state and without an engine of its own, takes the exam.
import { normalPath } from '../../src/core/labels/folders.js'
import { fields, text } from '../../src/sources/json.js'
import type { Source } from '../../src/sources/source.js'
import { sourceExam } from './contract.js'

/** `{"toy":"id","spent":5}` is a response of 5 output tokens. */
const toy: Source = {
  agent: 'toy',
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
  open: (_, sink) => ({
    read(line) {
      const { toy: id, spent } = fields(line) ?? {}
      if (text(id) === '' || typeof spent !== 'number' || spent < 1) return
      const tokens = { input: 0, output: spent, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 }
      sink.response({ key: [1, text(id)], model: 'toy-model', timeMs: Number.NaN, tokens })
    },
  }),
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
