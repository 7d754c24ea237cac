// GitHub Copilot CLI: where its sessions lie, and what reads them (other-agents 5.1).
import { basename } from 'node:path'
import { projectOfDirectory } from '../git-worktree.js'
import type { Source } from '../source.js'
import { directories } from './directories.js'
import { EventsReader } from './reader.js'

/** The logs do not lie in folders of projects. */
const PROJECT = 'unknown'
/** What a session keeps beside its events, and what a home keeps beside the sessions. */
const NO_SESSIONS: readonly string[] = ['checkpoints', 'files', 'logs', 'pkg', 'research', 'rewind-snapshots']

export const copilotCli: Source = {
  agent: 'copilot-cli',
  sequential: true,
  prefilters: [{ find: '"session.shutdown"' }, { find: '"session.start"' }, { find: '"session.resume"' }],
  directories,
  // A folder of sessions may be named itself, but for a home in which there are none yet: editors make it, too.
  roots: (directory) => [[`${directory}/session-state`, ...(basename(directory) === '.copilot' ? [] : [directory])]],
  entersDirectory: (name) => !NO_SESSIONS.includes(name),
  locate(path) {
    const [file = '', folder] = path.toReversed()
    if (folder !== undefined) return file === 'events.jsonl' ? place(folder) : undefined
    // Early versions had no folders.
    return file.endsWith('.jsonl') ? place(file.slice(0, -'.jsonl'.length)) : undefined
  },
  projectOf: (cwd) => projectOfDirectory(cwd),
  open: (file, sink, saved) => new EventsReader(file, sink, saved),
}

function place(session: string): ReturnType<Source['locate']> {
  return { project: PROJECT, session, subagent: false }
}
