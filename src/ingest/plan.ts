// Decides which files to read and from which offset, and splits the work into tasks.
import { decide, type Cursors } from '../core/cursor.js'
import { sessionKey, type Sessions } from '../core/sessions.js'
import type { Backend, FileTask, ParseTask } from '../worker/protocol.js'
import { partsOf } from './parts.js'
import type { FoundFile } from './scanner.js'

/**
 * A task holds files of about this many bytes: a worker waits about a millisecond for the next task and works for some
 * 10 on one.
 */
const TASK_BYTES = 16 * 1024 * 1024
/**
 * Smaller tasks, down to this size, if there would otherwise be fewer than this many, so that workers finish together.
 */
const LEAST_TASK_BYTES = 1024 * 1024
const TASKS = 16
/** If there is less than this in total, the main thread reads it sooner than a worker could be asked. */
const IN_PLACE_BYTES = 256 * 1024

export interface Plan {
  /** Log files checked. */
  readonly found: number
  /** Number of these files that are unchanged since they were read, and were not opened. */
  readonly unchanged: number
  /** Milliseconds since the epoch; undefined if there is none. */
  readonly oldestMtimeMs: number | undefined
  /** Tasks that were not handed out before, largest first. */
  readonly tasks: readonly ParseTask[]
  /** Number of tasks handed out. */
  readonly given: number
  /** Bytes to read, according to the stats. */
  readonly bytes: number
  /** There is so little that a pool is not worth it. */
  readonly small: boolean
}

export interface PlanOptions {
  readonly cursors: Cursors
  readonly sessions: Sessions
  /** If false, every file is read whole. */
  readonly cache: boolean
  readonly backend: Backend
  /** Takes each task as soon as there is enough for one, so that reading begins before the scan ends. */
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

/** Decides on each file as it is found; keeps only those to be read. */
export function createPlanner(options: PlanOptions): Planner {
  const { backend, give } = options
  /**
   * Jobs not handed out yet, by agent: a task contains files of one agent. Compressed files wait until all are known.
   */
  const waiting = new Map<string, { jobs: Job[]; bytes: number }>()
  // A file may be found under two names: it counts once.
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

/** Empty if the file is unchanged; several if it is large. */
function jobsOf({ source, path, logFile, stat }: FoundFile, { cursors, sessions, cache }: PlanOptions): readonly Job[] {
  const decision = decide(cache ? cursors.get(path) : undefined, stat, source.sequential)
  if (decision.kind === 'unchanged') return []
  const { agent } = source
  // If it turns out to be another file than before, it is read whole.
  const wantsCwd = sessions.wants(sessionKey(agent, logFile.project, logFile.session), logFile.subagent, path, true)
  const file = { ...logFile, path, wantsCwd, from: 0, fingerprint: { low: 0, high: 0 } }
  if (decision.kind === 'resume') {
    const { from, fingerprint, saved } = decision
    const resumed = { ...file, from, fingerprint, ...(saved !== undefined && { saved }) }
    return [{ agent, file: resumed, bytes: stat.size - from }]
  }
  // Only independent lines can be read by several workers.
  const parts = source.sequential === true || logFile.form !== undefined ? [undefined] : partsOf(path, stat.size)
  return parts.map((part) => {
    if (part === undefined) return { agent, file, bytes: stat.size }
    return { agent, file: { ...file, part: { ...part, stat } }, bytes: Math.min(part.to, stat.size) - part.from }
  })
}

/** A few kilobytes may unpack to 128 MB, so one thread reads all compressed files, and never the main thread. */
function isPacked({ file }: Job): boolean {
  return file.form === 'zstd-lines'
}

/** Jobs of one kind may share a task. */
function kindOf(job: Job): string {
  return isPacked(job) ? `${job.agent}, compressed` : job.agent
}

/** Tasks with files of one kind each, in the order of the jobs; a larger file is a task by itself. */
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
