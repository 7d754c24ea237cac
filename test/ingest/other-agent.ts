// A made-up agent beside Claude Code: its logs lie in two places, outside any project's folder, and a file beside a log may
// tell its project.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Source } from '../../src/sources/source.js'

export const otherAgent: Source = {
  agent: 'other',
  prefilters: [{ find: '"other"' }],
  directories: {
    name: 'Other',
    flag: 'other.home',
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
  open(log, sink) {
    if (sink.wantsCwd) {
      try {
        sink.cwd(readFileSync(join(dirname(log.path), '.project_root'), 'utf8'))
      } catch {
        // Nobody told it yet.
      }
    }
    return { read: () => undefined }
  },
}
