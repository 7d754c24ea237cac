// A made-up second agent. Its logs are in two directories, independent of projects, and a `.project_root` file next to a
// log may name the project. `{"other":"id","spent":5}` is a response of 5 output tokens.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Source } from '../../src/sources/source.js'

export const otherAgent: Source = {
  agent: 'other',
  prefilters: [{ find: '"other"' }],
  directories: {
    name: 'Other',
    flag: 'other.home',
    variable: 'OTHER_HOME',
    help: 'its home; repeatable',
    example: '/home/*/.other',
    defaultHelp: '~/.other',
    hint: 'its home',
    defaults: () => ['~/.other'],
  },
  roots: (directory) => [[`${directory}/sessions`, `${directory}/old-sessions`], [`${directory}/archive`]],
  entersDirectory: () => true,
  locate(path) {
    const file = path.at(-1)
    return file?.endsWith('.jsonl') === true ? { project: 'nowhere', session: file, subagent: false } : undefined
  },
  projectOf: (cwd) => cwd,
  open({ path, wantsCwd }, sink) {
    const beside = join(dirname(path), '.project_root')
    if (wantsCwd && existsSync(beside)) sink.cwd(readFileSync(beside, 'utf8'))
    return {
      read(line) {
        const { other, spent } = line as { other: string; spent: number }
        const tokens = { input: 0, output: spent, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 }
        sink.response({ key: [1, other], model: 'claude-opus-4-8', timeMs: 0, tokens })
      },
    }
  },
}
