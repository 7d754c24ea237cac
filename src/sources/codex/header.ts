// What a `session_meta` says of a rollout: whose it is, and how its counts are to be read (codex-logs 2.2, 3.1, 4.4).
import { fields, name, text, type Fields } from '../json.js'

export interface Header {
  /** Of the thread. */
  readonly id: string
  /** Its file may begin with another thread's past, or with the total of one. */
  readonly derived: boolean
  /** Written by a Codex that logs a record of each response. */
  readonly hasRecords: boolean
  /** What was rolled back may have been taken out of it. */
  readonly paginated: boolean
}

/** @param otherwise the thread's id where the header names none */
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

/** From 0.153.0 on, its own pre-releases excepted. */
function logsRecords(version: string): boolean {
  const [, major, minor, patch, release] = /^(\d+)\.(\d+)\.(\d+)(-)?/.exec(version) ?? []
  if (major === undefined) return false
  if (Number(major) > 0 || Number(minor) !== 153) return Number(major) > 0 || Number(minor) > 153
  return Number(patch) > 0 || release === undefined
}
