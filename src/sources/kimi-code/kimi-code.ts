// Kimi Code and its predecessor kimi-cli: locates and reads their sessions (other-agents 4.1).
import { basename } from 'node:path'
import { projectOfDirectory } from '../git-worktree.js'
import type { Source } from '../source.js'
import { directories } from './directories.js'
import { WireReader } from './reader.js'

/** Project of sessions that are not in a project's directory. */
const NOWHERE = 'unknown'

export const kimiCode: Source = {
  agent: 'kimi-code',
  sequential: true,
  prefilters: [
    { find: '"usage.record"' },
    { find: '"llm.request"' },
    { find: '"StatusUpdate"' },
    { find: '"config.update"', cwdOnly: true },
  ],
  directories,
  roots: (directory) => [[`${directory}/sessions`, ...(basename(directory) === 'sessions' ? [directory] : [])]],
  entersDirectory: () => true,
  locate(path) {
    if (path.length < 2 || path.at(-1) !== 'wire.jsonl') return undefined
    const folders = path.slice(0, -1)
    // These contain a folder for each agent of a session; in kimi-cli's sessions, for each but the main agent.
    const agents = folders.findIndex((name, at) => at > 0 && (name === 'agents' || name === 'subagents'))
    const [session, project = NOWHERE] = (agents < 0 ? folders : folders.slice(0, agents)).toReversed()
    return { project, session: session!, subagent: agents >= 0 && folders.at(-1) !== 'main' }
  },
  projectOf: (cwd) => projectOfDirectory(cwd),
  open: (file, sink, saved) => new WireReader(file, sink, saved),
}
