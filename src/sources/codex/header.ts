// The header of a rollout, `session_meta`: its thread, and the facts that its counts depend on
// (codex-logs 2.2, 3.1, 4.4).
import { fields, name, text, type Fields } from '../json.js'

export interface Header {
  /** Id of the thread. */
  readonly id: string
  /** Its file may begin with another thread's history, or with another thread's total. */
  readonly derived: boolean
  /** Written by a version of Codex that logs a record of each response. */
  readonly hasRecords: boolean
  /** Reverted lines may have been removed from it. */
  readonly paginated: boolean
}

/** @param otherwise the thread's id if the header states none */
export function headerOf(meta: Fields, otherwise: string): Header {
  return {
    id: name(meta.id) || otherwise,
    derived: ORIGINS.some((field) => isThere(meta[field])) || isThere(fields(meta.source)?.subagent),
    hasRecords: logsRecords(text(meta.cli_version)),
    paginated: meta.history_mode === 'paginated',
  }
}

const ORIGINS = ['forked_from_id', 'parent_thread_id', 'history_base', 'subagent_history_start_ordinal']

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** True from 0.153.0 on, without its pre-releases. */
function logsRecords(version: string): boolean {
  const [, major, minor, patch, release] = /^(\d+)\.(\d+)\.(\d+)(-)?/.exec(version) ?? []
  if (major === undefined) return false
  if (Number(major) > 0 || Number(minor) !== 153) return Number(major) > 0 || Number(minor) > 153
  return Number(patch) > 0 || release === undefined
}
