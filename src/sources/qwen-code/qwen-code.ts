// Qwen Code: locates and reads its sessions (other-agents 3.1).
import { basename } from 'node:path'
import { projectOfDirectory } from '../git-worktree.js'
import type { Source } from '../source.js'
import { directories } from './directories.js'
import { SessionReader } from './reader.js'

/** Sub-agents' own transcripts, whose calls are also in the session's file, and usage statistics. */
const COPIES: readonly string[] = ['subagents', 'usage']

export const qwenCode: Source = {
  agent: 'qwen-code',
  sequential: true,
  prefilters: [{ find: '"usageMetadata"' }, { find: '"qwen-code.api_response"' }],
  directories,
  roots: (directory) => [[`${directory}/projects`, ...(basename(directory) === 'projects' ? [directory] : [])]],
  // Projects are directly below the root, under any name.
  entersDirectory: (name, depth) => depth === 0 || !COPIES.includes(name),
  locate(path) {
    const file = path.at(-1)
    if (file === undefined || path.length < 2 || !file.endsWith('.jsonl')) return undefined
    return { project: path[0]!, session: file.slice(0, -'.jsonl'.length), subagent: false }
  },
  projectOf: (cwd) => projectOfDirectory(cwd),
  open: (file, sink, saved) => new SessionReader(file, sink, saved),
}
