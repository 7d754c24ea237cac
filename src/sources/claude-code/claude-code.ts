// Claude Code: where its transcripts lie, and what reads them (claude-code-logs 1).
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
  // Not `"usage":{`, which a writer that adds a space would escape. All that counts stands in a line that names both.
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
  // Directly below the root stand projects, whatever they are called.
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

/** How Claude Code calls the directory of an absolute path: every character but letters and digits is a dash. */
const SLUG = /^(?:-|[A-Za-z]--)/
const SESSION = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Which part of a path is the project's directory: the first, but for what was copied below one. There it is the last that
 * is called by a path, else the one that holds a session.
 */
function projectDirectory(path: readonly string[]): number {
  const slug = path.findLastIndex((name, index) => index < path.length - 1 && SLUG.test(name))
  return slug >= 0 ? slug : Math.max(0, path.findIndex((name) => SESSION.test(stem(name))) - 1)
}

function stem(file: string): string {
  return file.endsWith('.jsonl') ? file.slice(0, -'.jsonl'.length) : file
}
