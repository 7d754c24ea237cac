// Which files to read, from where, and how the work is split into tasks.
import { decide, type Cursors } from '../core/cursor.js'
import { sessionKey, type Sessions } from '../core/sessions.js'
import type { Backend, FileTask, ParseTask } from '../worker/protocol.js'
import { partsOf } from './parts.js'
import type { FoundFile } from './scanner.js'

/** A task holds files of about so many bytes: a worker waits about a millisecond for the next, and has some 10 to do. */
const TASK_BYTES = 16 * 1024 * 1024
/** Smaller ones, down to this size, where there would be fewer than so many: workers shall end together. */
const LEAST_TASK_BYTES = 1024 * 1024
const TASKS = 16
/** Less than this in all is read on the main thread: sooner than a worker could be asked. */
const IN_PLACE_BYTES = 256 * 1024

export interface Plan {
  /** Transcripts looked at. */
  readonly found: number
  /** Of these: unchanged since they were read; not opened. */
  readonly unchanged: number
  /** Milliseconds since the epoch; undefined when there is none. */
  readonly oldestMtimeMs: number | undefined
  /** Those that were not given away before, largest first. */
  readonly tasks: readonly ParseTask[]
  /** How many were given away. */
  readonly given: number
  /** Bytes to read, as far as the stats tell. */
  readonly bytes: number
  /** So little that a pool is not worth it. */
  readonly small: boolean
}

export interface PlanOptions {
  readonly cursors: Cursors
  readonly sessions: Sessions
  /** False: every file is read whole. */
  readonly cache: boolean
  readonly backend: Backend
  /** Takes each task as soon as there is enough for one, so that reading begins before all was found. */
  readonly give?: ((task: ParseTask) => void) | undefined
}

interface Job {
  readonly agent: string
  readonly file: FileTask
  readonly bytes: number
}

export interface Planner {
  readonly add: (file: FoundFile) => void
  readonly finish: () => Plan
}

/** Decides of each file as it is found; keeps only what is to be read. */
export function createPlanner(options: PlanOptions): Planner {
  const { backend, give } = options
  /** Not given away yet, by agent: a task reads files of one. Compressed ones wait until all are known. */
  const waiting = new Map<string, { jobs: Job[]; bytes: number }>()
  // One file may stand below two names: it counts once.
  const paths = new Set<string>()
  let found = 0
  let oldestMtimeMs: number | undefined
  let changed = 0
  let bytes = 0
  let given = 0
  let anyPacked = false
  function note(job: Job): void {
    const { agent } = job
    const own = waiting.get(kindOf(job)) ?? { jobs: [], bytes: 0 }
    waiting.set(kindOf(job), own)
    own.jobs.push(job)
    own.bytes += job.bytes
    bytes += job.bytes
    anyPacked ||= isPacked(job)
    if (give === undefined || isPacked(job) || own.bytes < TASK_BYTES) return
    waiting.delete(agent)
    given += 1
    give({ agent, backend, files: own.jobs.map(({ file }) => file) })
  }
  return {
    add(file) {
      if (paths.has(file.path)) return
      paths.add(file.path)
      found += 1
      if (oldestMtimeMs === undefined || file.stat.mtimeMs < oldestMtimeMs) oldestMtimeMs = file.stat.mtimeMs
      const parts = jobsOf(file, options)
      if (parts.length > 0) changed += 1
      for (const job of parts) note(job)
    },
    finish() {
      const left = [...waiting.values()]
      const jobs = left.flatMap((own) => own.jobs).sort((a, b) => b.bytes - a.bytes)
      const jobBytes = left.reduce((sum, own) => sum + own.bytes, 0)
      return {
        found,
        unchanged: found - changed,
        oldestMtimeMs,
        tasks: split(jobs, backend, Math.min(TASK_BYTES, Math.max(jobBytes / TASKS, LEAST_TASK_BYTES))),
        given,
        bytes,
        small: bytes <= IN_PLACE_BYTES && !anyPacked,
      }
    },
  }
}

/** None: it did not change. Several: it is long. */
function jobsOf({ source, path, logFile, stat }: FoundFile, { cursors, sessions, cache }: PlanOptions): readonly Job[] {
  const decision = decide(cache ? cursors.get(path) : undefined, stat, source.sequential)
  if (decision.kind === 'unchanged') return []
  const { agent } = source
  // When it turns out to be another file than before, it is read whole.
  const wantsCwd = sessions.wants(sessionKey(agent, logFile.project, logFile.session), logFile.subagent, path, true)
  const file = { ...logFile, path, wantsCwd, from: 0, fingerprint: { low: 0, high: 0 } }
  if (decision.kind === 'resume') {
    const { from, fingerprint, saved } = decision
    const resumed = { ...file, from, fingerprint, ...(saved !== undefined && { saved }) }
    return [{ agent, file: resumed, bytes: stat.size - from }]
  }
  // Only lines that mean something by themselves can be read by several workers.
  const parts = source.sequential === true || logFile.form !== undefined ? [undefined] : partsOf(path, stat.size)
  return parts.map((part) => {
    if (part === undefined) return { agent, file, bytes: stat.size }
    return { agent, file: { ...file, part: { ...part, stat } }, bytes: Math.min(part.to, stat.size) - part.from }
  })
}

/** What a few kilobytes hold may take 128 MB: one thread reads all of these, and never the one that answers. */
function isPacked({ file }: Job): boolean {
  return file.form === 'zstd-lines'
}

/** Jobs of one kind may be in one task. */
function kindOf(job: Job): string {
  return isPacked(job) ? `${job.agent}, compressed` : job.agent
}

/** Tasks of files of one kind each, in the order of the jobs; a larger file is a task by itself. */
function split(jobs: readonly Job[], backend: Backend, taskBytes: number): ParseTask[] {
  const tasks: ParseTask[] = []
  /** The task of each kind that may get more. */
  const open = new Map<string, { readonly files: FileTask[]; bytes: number }>()
  for (const job of jobs) {
    const { agent, file, bytes } = job
    const last = open.get(kindOf(job))
    if (last !== undefined && (isPacked(job) || last.bytes + bytes <= taskBytes)) {
      last.files.push(file)
      last.bytes += bytes
      continue
    }
    const files = [file]
    open.set(kindOf(job), { files, bytes })
    tasks.push({ agent, backend, files })
  }
  return tasks
}
