// Joins the results of one pass into the state: lines into the ledger, projects into the sessions, cursors last.
import { dirname } from 'node:path'
import type { FileStat } from '../core/cursor.js'
import { sessionKey } from '../core/sessions.js'
import type { State } from '../core/state.js'
import { findSource, type Source } from '../sources/source.js'
import type { FileTask, ParseResult, ParseTask } from '../worker/protocol.js'
import type { OnResult } from './in-place-reader.js'
import type { Listings } from './listings.js'
import { Parts } from './parts.js'
import type { PassEvents, Read } from './pass-report.js'

export interface Joining {
  readonly onResult: OnResult
  /** Bytes read and joined. */
  readonly bytes: number
  /** Files with new content, with their modification times. */
  readonly news: readonly { readonly path: string; readonly mtimeMs: number }[]
  /** Files that could not be read, with their agents. */
  readonly unread: Map<string, string>
}

export interface JoiningOptions {
  readonly state: State
  readonly sources: readonly Source[]
  readonly events: PassEvents
  /** Set for a full pass. */
  readonly listings: Listings | undefined
  /** Files that are not read again until they change. */
  readonly hopeless: Map<string, Hopeless>
}

/** A file whose content cannot be read, or whose lines could not be joined: reading it again would fail again. */
export interface Hopeless {
  /** Its stat at that time. */
  readonly stat: FileStat
  /** Whether it counts as unread. */
  readonly unread: boolean
}

/** The findings of a whole file; for a file in parts, of all parts. */
type WholeRead = Pick<Read, 'cursor' | 'cwd'> & Partial<Pick<Read, 'replaced'>>

export function createJoining({ state, sources, events, listings, hopeless }: JoiningOptions): Joining {
  const news: { readonly path: string; readonly mtimeMs: number }[] = []
  const unread = new Map<string, string>()
  const parts = new Parts()
  /**
   * Projects by agent and working directory: many files name the same one, and finding its repository takes disk
   * access.
   */
  const projects = new Map<string, string>()
  /** Tasks of which something could not be joined: the rest of their results is dropped. */
  const unjoined = new Set<ParseTask>()
  let bytes = 0

  function onResult(task: ParseTask, result: ParseResult): void {
    try {
      if (!unjoined.has(task)) join(task, result)
    } catch (error) {
      unjoined.add(task)
      events.joinFailed(
        task.files.map(({ path }) => path),
        error,
      )
    }
    if (unjoined.has(task)) leaveOut(task, result)
  }

  function join(task: ParseTask, { batch, outcomes }: ParseResult): void {
    const source = findSource(sources, task.agent)
    const before = state.ledger.count
    state.ledger.join(batch, (entry) => state.totals.remember(entry))
    events.duplicates(batch.duplicates + batch.entries.count - (state.ledger.count - before))
    const reads: Read[] = []
    for (const [index, outcome] of outcomes.entries()) {
      const file = task.files[index]!
      switch (outcome.kind) {
        case 'read':
          joinFile(source, file, file.part === undefined ? outcome : parts.add(file.path, file.part, outcome))
          if (outcome.replaced) events.replaced(file.path)
          if (outcome.lines > 0) news.push({ path: file.path, mtimeMs: outcome.cursor.mtimeMs })
          reads.push(outcome)
          break
        case 'gone':
          state.cursors.delete(file.path)
          break
        case 'failed':
          listings?.distrust(dirname(file.path))
          unread.set(file.path, task.agent)
          if (outcome.stat !== undefined) hopeless.set(file.path, { stat: outcome.stat, unread: true })
          events.readFailed(file.path, outcome.message)
          break
      }
    }
    const read = reads.reduce((sum, each) => sum + each.bytes, 0)
    events.read(reads, read)
    bytes += read
  }

  /** @param read undefined while parts of the file are still to be read */
  function joinFile(source: Source, file: FileTask, read: WholeRead | undefined): void {
    if (read === undefined) return
    const { project: fallback, session, subagent, path } = file
    const key = sessionKey(source.agent, fallback, session)
    // The first working directory in the appended part is not that of the file.
    const isFromStart = file.from === 0 || read.replaced === true
    if (read.cwd !== undefined && state.sessions.wants(key, subagent, path, isFromStart))
      state.sessions.learn(key, projectOf(source, read.cwd), subagent, path)
    state.cursors.set(path, read.cursor)
  }

  function projectOf(source: Source, cwd: string): string {
    const directory = `${source.agent} ${cwd}`
    const project = projects.get(directory) ?? source.projectOf(cwd)
    projects.set(directory, project)
    return project
  }

  /** Marks files whose lines could not be joined. Lines joined before the error count, but no cursor records them. */
  function leaveOut({ files }: ParseTask, { outcomes }: ParseResult): void {
    for (const [index, outcome] of outcomes.entries())
      if (outcome.kind === 'read') hopeless.set(files[index]!.path, { stat: outcome.cursor, unread: false })
  }

  return {
    onResult,
    news,
    unread,
    get bytes() {
      return bytes
    },
  }
}
