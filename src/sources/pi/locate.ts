// Recognises logs below a directory of sessions, and determines their session (other-agents 1.1).
import type { LogFile } from '../source.js'

/**
 * OpenClaw archives a session under another name when it is reset or deleted; backups (`.bak`) contain nothing of their
 * own.
 */
const LOG = /^(.+)\.jsonl(?:\.(?:reset|deleted)\.[\dTZ.:-]+)?$/

/** Name of a project's directory: its path, with dashes. */
const PROJECT = /^--.*--$/
/** Project of sessions that are not in a project's directory. */
const NO_PROJECT = 'sessions'

/**
 * A session is a file in the directory of its project, or in a directory of sessions that the user chose. Sub-agents
 * have their own files, in directories named after the session.
 */
export function locate(path: readonly string[]): LogFile | undefined {
  const file = LOG.exec(path.at(-1) ?? '')?.[1]
  if (file === undefined) return undefined
  const project = path.slice(0, -1).findLastIndex((name) => PROJECT.test(name))
  const [session, ...nested] = [...path.slice(project + 1, -1), file]
  return { project: path[project] ?? NO_PROJECT, session: session, subagent: nested.length > 0 }
}
