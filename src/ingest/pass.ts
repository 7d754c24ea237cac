// Makes passes: scan, decide, parse, join, book, commit. The only writer of the state.
import { isUnchanged } from '../core/cursor.js'
import type { State } from '../core/state.js'
import type { SourceDirectories } from '../sources/index.js'
import type { Source } from '../sources/source.js'
import type { ParserPool } from '../worker/pool.js'
import type { Backend, ParseTask } from '../worker/protocol.js'
import { createInPlaceReader, type OnResult, type ReadInPlace } from './in-place-reader.js'
import { createJoining, type Hopeless } from './joining.js'
import { createKnownListings } from './listings.js'
import type { PassEvents, PassReport, RunPass, Scope } from './pass-report.js'
import { createPlanner } from './plan.js'
import { findRoots, firstWithLogs, type Root } from './roots.js'
import { lookAt, scanRoots, type FoundFile } from './scanner.js'
import { Sharing } from './sharing.js'

export interface PassOptions {
  readonly state: State
  readonly sources: readonly SourceDirectories[]
  /** If undefined, everything is read on the main thread. */
  readonly pool: ParserPool | undefined
  readonly backend: Backend
  readonly cache: boolean
  /** Whether the main thread reads, too, as it does if nothing is served. */
  readonly helps: boolean
  /** Whether the names in unchanged directories are usually taken from memory. */
  readonly remembers: boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly events: PassEvents
  /** Books what was joined and commits it. `complete`: everything that was found has been read. */
  readonly publish: (complete: boolean) => Promise<void> | void
  readonly signal: AbortSignal
}

export function createPasses(options: PassOptions): RunPass {
  const { state, backend, pool, events, publish, signal } = options
  const { cursors, sessions } = state
  const sources = options.sources.map(({ source }) => source)
  // A reader for each kind of pass, so that a changed path does not wait for the reads of a full pass.
  const inPlace = { full: createInPlaceReader(sources, signal), paths: createInPlaceReader(sources, signal) }
  const createListings = createKnownListings(options)
  const hopeless = new Map<string, Hopeless>()
  let roots: readonly Root[] = []

  /** Reads in place what a worker failed to read. */
  async function readInPool(
    threads: ParserPool,
    readInPlace: ReadInPlace,
    task: ParseTask,
    onResult: OnResult,
  ): Promise<void> {
    if (signal.aborted) return
    try {
      await threads.run(task, (result) => onResult(task, result))
    } catch (error) {
      // A closed pool fails its tasks, which is not a failure.
      if (isAborted(signal)) return
      events.workerFailed(error)
      await readInPlace(task, onResult)
    }
  }

  return async function pass(scope: Scope): Promise<PassReport> {
    const start = performance.now()
    const full = scope === 'everything'
    const readInPlace = full ? inPlace.full : inPlace.paths
    if (full) {
      const found = findRoots(options.sources)
      roots = found.roots
      events.rootsResolved(found)
    }
    const listings = full ? createListings() : undefined
    const joining = createJoining({ state, sources, events, listings, hopeless })
    const readHere = (task: ParseTask): Promise<void> => readInPlace(task, joining.onResult)
    const sharing =
      pool &&
      new Sharing({
        inThread: (task) => readInPool(pool, readInPlace, task, joining.onResult),
        pool,
        inPlace: options.helps ? readHere : undefined,
      })
    const planner = createPlanner({ ...options, cursors, sessions, give: sharing && ((task) => sharing.begin(task)) })
    const unreadable = new Map<string, string>()
    const outside = new Map<string, string>()
    const scan = {
      found(file: FoundFile): void {
        const left = hopeless.get(file.path)
        if (left === undefined || !isUnchanged(left.stat, file.stat)) planner.add(file)
        else if (left.unread) joining.unread.set(file.path, file.source.agent)
      },
      failed(path: string, message: string): void {
        unreadable.set(path, message)
        events.scanFailed(path, message)
      },
      ledOut(path: string, { agent }: Source): void {
        if (!outside.has(path)) outside.set(path, agent)
      },
    }
    if (full) {
      for (const { wanted, unreachable } of roots) if (unreachable !== undefined) scan.failed(wanted, unreachable)
      cursors.startSighting()
      // If no file is known there will be much to read, so threads start during the scan.
      const first = cursors.count === 0 ? firstWithLogs(roots) : undefined
      if (first !== undefined) await pool?.warm(first.agent, backend)
      await scanRoots(roots, scan, listings)
    } else await lookAt(roots, scope, scan)
    const plan = planner.finish()
    const readers = sharing === undefined || plan.small ? 0 : sharing.readers
    const workers = Math.min(readers, plan.given + plan.tasks.length)
    events.workPlanned(plan, workers)
    if (sharing === undefined || plan.small) for (const task of plan.tasks) await readHere(task)
    else for (const task of plan.tasks) sharing.begin(task)
    await sharing?.finish()

    if (full) cursors.deleteUnsighted((path) => [...unreadable.keys()].some((directory) => path.startsWith(directory)))
    if (!signal.aborted) listings?.keep()
    await publish(!signal.aborted)
    for (const { path, mtimeMs } of joining.news) events.usageVisible(path, mtimeMs)
    return {
      full,
      roots,
      files: plan.found,
      unchanged: plan.unchanged,
      oldestMtimeMs: plan.oldestMtimeMs,
      bytes: joining.bytes,
      milliseconds: performance.now() - start,
      workers,
      aborted: signal.aborted,
      unread: { places: unreadable, files: joining.unread },
      outside,
    }
  }
}

/** Asked again after an await, where the compiler believes it knows. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
