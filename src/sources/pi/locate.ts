// Which files below a directory of sessions are logs, and whose (other-agents 1.1).
import type { LogFile } from '../source.js'

/** OpenClaw archives a session under another name when it is reset or deleted; backups (`.bak`) hold nothing of their own. */
const LOG = /^(.+)\.jsonl(?:\.(?:reset|deleted)\.[\dTZ.:-]+)?$/

/** How a project's directory is called: its path, with dashes. */
const PROJECT = /^--.*--$/
/** Of sessions that lie in no project's directory. */
const NO_PROJECT = 'sessions'

/**
 * A session is a file in the directory of its project, or in a directory of sessions that the user chose. Sub-agents have
 * files of their own, in directories called like the session.
 */
export function locate(path: readonly string[]): LogFile | undefined {
  const file = LOG.exec(path.at(-1) ?? '')?.[1]
  if (file === undefined) return undefined
  const project = path.slice(0, -1).findLastIndex((name) => PROJECT.test(name))
  const [session, ...nested] = [...path.slice(project + 1, -1), file]
  return { project: path[project] ?? NO_PROJECT, session: session, subagent: nested.length > 0 }
}
