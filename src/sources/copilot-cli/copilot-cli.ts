// GitHub Copilot CLI: locates and reads its sessions (other-agents 5.1).
import { basename } from 'node:path'
import { projectOfDirectory } from '../git-worktree.js'
import type { Source } from '../source.js'
import { directories } from './directories.js'
import { EventsReader } from './reader.js'

/** Project until a line states a working directory: the folders of logs do not name one. */
const PROJECT = 'unknown'
/** Directories beside a session's events, and beside the sessions in a home directory. */
const NO_SESSIONS: readonly string[] = ['checkpoints', 'files', 'logs', 'pkg', 'research', 'rewind-snapshots']

export const copilotCli: Source = {
  agent: 'copilot-cli',
  sequential: true,
  prefilters: [{ find: '"session.shutdown"' }, { find: '"session.start"' }, { find: '"session.resume"' }],
  directories,
  // A user may name the folder of sessions itself. `.copilot` is never one, even without session-state/: editors create
  // it, too.
  roots: (directory) => [[`${directory}/session-state`, ...(basename(directory) === '.copilot' ? [] : [directory])]],
  entersDirectory: (name) => !NO_SESSIONS.includes(name),
  locate(path) {
    const [file = '', folder] = path.toReversed()
    if (folder !== undefined) return file === 'events.jsonl' ? place(folder) : undefined
    // Early versions wrote one file per session, without folders.
    return file.endsWith('.jsonl') ? place(file.slice(0, -'.jsonl'.length)) : undefined
  },
  projectOf: (cwd) => projectOfDirectory(cwd),
  open: (file, sink, saved) => new EventsReader(file, sink, saved),
}

function place(session: string): ReturnType<Source['locate']> {
  return { project: PROJECT, session, subagent: false }
}
