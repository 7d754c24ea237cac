// Claude Code: locates and reads its transcripts (claude-code-logs 1).
import { basename } from 'node:path'
import type { Source } from '../source.js'
import { compat } from './compat.js'
import { directories } from './directories.js'
import { TranscriptReader } from './reader.js'
import { createWalkerDecoder } from './walker-decoder.js'
import { projectOfDirectory } from '../git-worktree.js'

export const claudeCode: Source = {
  agent: 'claude-code',
  unsalted: true,
  // Not `"usage":{`, which would miss a writer that adds a space. Every line that counts contains both texts.
  prefilters: [{ find: '"usage"', and: '"assistant"' }, { find: '"searchCount"' }, { find: '"cwd"', cwdOnly: true }],
  engine: createWalkerDecoder,
  directories,
  compat,
  roots(directory) {
    const name = basename(directory)
    // The desktop app gives each session a configuration directory of its own there (claude-code-logs 1.1).
    if (name === 'local-agent-mode-sessions') return [[`${directory}/*/*/*/.claude/projects`]]
    return [[`${directory}/projects`, ...(name === 'projects' ? [directory] : [])]]
  },
  // Directories directly below the root are projects, under any name.
  entersDirectory: (name, depth) => depth === 0 || (name !== 'tool-results' && name !== 'memory'),
  locate(path) {
    const file = path.at(-1)
    if (file === undefined || path.length < 2 || !file.endsWith('.jsonl') || file === 'journal.jsonl') return undefined
    const below = path.slice(projectDirectory(path))
    const project = below[0]!
    if (below.length === 2) return { project, session: stem(file), subagent: file.startsWith('agent-') }
    const subagents = below.indexOf('subagents')
    return { project, session: below[subagents > 1 ? subagents - 1 : 1]!, subagent: true }
  },
  projectOf: (cwd) => projectOfDirectory(cwd),
  open: (file, sink) => new TranscriptReader(file, sink),
}

/** A directory that Claude Code named after an absolute path, with dashes for everything but letters and digits. */
const SLUG = /^(?:-|[A-Za-z]--)/
const SESSION = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Index of the project's directory in a path: the last one named after a path, which also covers copies below a
 * project; otherwise the one that contains a session, otherwise the first.
 */
function projectDirectory(path: readonly string[]): number {
  const slug = path.findLastIndex((name, index) => index < path.length - 1 && SLUG.test(name))
  return slug >= 0 ? slug : Math.max(0, path.findIndex((name) => SESSION.test(stem(name))) - 1)
}

function stem(file: string): string {
  return file.endsWith('.jsonl') ? file.slice(0, -'.jsonl'.length) : file
}
