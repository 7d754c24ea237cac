// Which files to read, from where, and how the work is split into tasks.
import { decide, type Cursors } from '../core/cursor.js'
import { placeName, type Places } from '../core/places.js'
import type { Backend, FileTask, ParseTask } from '../worker/protocol.js'
import type { FoundFile } from './tree.js'

/** A task holds files of about so many bytes, so that workers end together and results come early. */
const TASK_BYTES = 4 * 1024 * 1024
/** Less than this in all is read on the main thread: sooner than a worker could be asked. */
const IN_PLACE_BYTES = 256 * 1024

export interface Plan {
  /** Files unchanged since they were read; not opened. */
  readonly unchanged: number
  /** Largest first. */
  readonly tasks: readonly ParseTask[]
  readonly files: number
  /** Bytes to read, as far as the stats tell. */
  readonly bytes: number
  /** So little that a pool is not worth it. */
  readonly small: boolean
}

export interface PlanOptions {
  readonly cursors: Cursors
  readonly places: Places
  /** False: every file is read whole. */
  readonly cache: boolean
  readonly backend: Backend
}

interface Job {
  readonly agent: string
  readonly file: FileTask
  readonly bytes: number
}

export function planPass(found: readonly FoundFile[], options: PlanOptions): Plan {
  const jobs: Job[] = []
  for (const file of found) {
    const job = jobOf(file, options)
    if (job !== undefined) jobs.push(job)
  }
  jobs.sort((a, b) => b.bytes - a.bytes)
  const bytes = jobs.reduce((sum, job) => sum + job.bytes, 0)
  return {
    unchanged: found.length - jobs.length,
    tasks: split(jobs, options.backend),
    files: jobs.length,
    bytes,
    small: bytes <= IN_PLACE_BYTES,
  }
}

function jobOf({ source, path, place, stat }: FoundFile, { cursors, places, cache }: PlanOptions): Job | undefined {
  const decision = decide(cache ? cursors.get(path) : undefined, stat)
  const name = placeName(source.agent, place.slug, place.session)
  const file = { ...place, path, wantsCwd: !places.settled(name) }
  switch (decision.kind) {
    case 'unchanged':
      return undefined
    case 'resume': {
      const { from, fingerprint } = decision
      return { agent: source.agent, file: { ...file, from, fingerprint }, bytes: stat.size - from }
    }
    case 'restart':
      return { agent: source.agent, file: { ...file, from: 0, fingerprint: { low: 0, high: 0 } }, bytes: stat.size }
  }
}

function split(jobs: readonly Job[], backend: Backend): ParseTask[] {
  const tasks: ParseTask[] = []
  let files: FileTask[] = []
  let bytes = 0
  for (const [index, { agent, file, bytes: size }] of jobs.entries()) {
    files.push(file)
    bytes += size
    const next = jobs[index + 1]
    if (next !== undefined && next.agent === agent && bytes + next.bytes <= TASK_BYTES) continue
    tasks.push({ agent, backend, files })
    files = []
    bytes = 0
  }
  return tasks
}
