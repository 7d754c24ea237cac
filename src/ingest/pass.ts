// One pass: scan, decide, parse, join, book, commit. The only writer of the state.
import { dirname } from 'node:path'
import type { Batch } from '../core/ledger/batch.js'
import { decide, type Cursor } from '../core/cursor.js'
import { sessionKey } from '../core/sessions.js'
import type { State } from '../core/state.js'
import type { SourceDirectories } from '../sources/index.js'
import { findSource, type Source } from '../sources/source.js'
import { IN_PLACE_CHUNK_BYTES, createReadBuffer, parseSteps, type ReadBuffer } from '../worker/parse-file.js'
import type { ParserPool } from '../worker/pool.js'
import type { Backend, FileOutcome, FileTask, ParseResult, ParseTask } from '../worker/protocol.js'
import { Listings, knownNames, type Known } from './listings.js'
import { Parts } from './parts.js'
import { createPlanner, type Plan } from './plan.js'
import { EventLoopBudget } from './event-loop-budget.js'
import { findRoots, firstWithLogs, type FoundRoots, type Root } from './roots.js'
import { lookAt, scanRoots, type FoundFile } from './scanner.js'

/** What to look at: everything, or the paths that a watcher named. */
export type Scope = 'everything' | ReadonlySet<string>

export interface PassReport {
  readonly full: boolean
  readonly roots: readonly Root[]
  /** Transcripts looked at, and of those the unchanged. */
  readonly files: number
  readonly unchanged: number
  /** Milliseconds since the epoch; undefined when there is no transcript. */
  readonly oldestMtimeMs: number | undefined
  readonly bytes: number
  readonly milliseconds: number
  /** Workers that the pass used; 0: everything was read in place. */
  readonly workers: number
  /** It was told to stop before it was done. */
  readonly aborted: boolean
  readonly unread: Unread
}

/** What is there and could not be read. */
export interface Unread {
  /** Folders and links that could not be looked at, and roots that could not be reached. */
  readonly places: readonly string[]
  /** Transcripts that could not be read, with their agents. */
  readonly files: ReadonlyMap<string, string>
}

/** What happens on the way, for those who count and log it. */
export interface PassEvents {
  /** Where a full pass is about to look. */
  rootsResolved(found: FoundRoots): void
  workPlanned(plan: Plan): void
  /** Files, or parts of long ones, and how many bytes were read of them. */
  read(files: readonly Read[], bytes: number): void
  duplicates(count: number): void
  replaced(path: string): void
  scanFailed(path: string, message: string): void
  readFailed(path: string, message: string): void
  workerFailed(error: unknown): void
  /** What was read of these files could not be joined: they are not read again until they change. */
  joinFailed(paths: readonly string[], error: unknown): void
  /** What was new of a file is in the totals now; its time of modification is in milliseconds since the epoch. */
  usageVisible(path: string, mtimeMs: number): void
}

export interface PassOptions {
  readonly state: State
  readonly sources: readonly SourceDirectories[]
  /** undefined: everything is read on the main thread. */
  readonly pool: ParserPool | undefined
  readonly backend: Backend
  readonly cache: boolean
  /** Whether the names in directories that look as they did are taken from memory, most of the time. */
  readonly remembers: boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly events: PassEvents
  /** Books what was joined and commits it. `complete`: nothing that was found was left unread. */
  readonly publish: (complete: boolean) => Promise<void> | void
  readonly signal: AbortSignal
}

/** Not every file system tells by a directory's times that a name is new in it: every so many passes all are read. */
const PASSES_A_READING = 10

export type RunPass = (scope: Scope) => Promise<PassReport>

export function createPasses(options: PassOptions): RunPass {
  const { state, events, signal } = options
  // One desk for each lane of passes: a changed path does not wait for what is read in place of everything else.
  const sources = options.sources.map(({ source }) => source)
  const desks = { everything: new InPlaceReader(sources), paths: new InPlaceReader(sources) }
  let roots: readonly Root[] = []
  let fullPasses = 0
  /** Files whose lines could not be joined, as they were then: to read them again would come to the same. */
  const unjoinable = new Map<string, Cursor>()
  /** Made anew only when a path came or went: it is large. */
  let known: { readonly version: number; readonly names: Known } | undefined

  async function pass(scope: Scope): Promise<PassReport> {
    const start = performance.now()
    const full = scope === 'everything'
    const desk = full ? desks.everything : desks.paths
    if (full) {
      const found = findRoots(options.sources)
      roots = found.roots
      events.rootsResolved(found)
    }
    const results: PassResults = {
      news: [],
      parts: new Parts(),
      projects: new Map(),
      unread: new Map(),
      unjoined: new Set(),
      listings: full ? createListings() : undefined,
    }
    let bytes = 0
    const take = (task: ParseTask, result: ParseResult): void => {
      try {
        if (!results.unjoined.has(task)) bytes += join(task, result, results)
      } catch (error) {
        results.unjoined.add(task)
        events.joinFailed(
          task.files.map(({ path }) => path),
          error,
        )
      }
      if (results.unjoined.has(task)) leaveOut(task, result)
    }
    const { pool } = options
    const reading: Promise<void>[] = []
    const begin = (threads: ParserPool, task: ParseTask): void => {
      const done = readInPool(threads, desk, task, take)
      // Waited for below, when all was found.
      done.catch(() => undefined)
      reading.push(done)
    }
    const planner = createPlanner({
      ...options,
      cursors: state.cursors,
      sessions: state.sessions,
      give: pool && ((task) => begin(pool, task)),
    })
    const unreadable: string[] = []
    const finder = {
      found(file: FoundFile): void {
        const left = unjoinable.get(file.path)
        if (left === undefined || decide(left, file.stat).kind !== 'unchanged') planner.add(file)
      },
      failed(path: string, message: string): void {
        unreadable.push(path)
        events.scanFailed(path, message)
      },
    }
    if (full) {
      for (const { wanted, unreachable } of roots) if (unreachable !== undefined) finder.failed(wanted, unreachable)
      state.cursors.startSighting()
      // Where nothing is known there will be much to read: threads start while the tree is looked at.
      const first = state.cursors.count === 0 ? firstWithLogs(roots) : undefined
      if (first !== undefined) await options.pool?.warm(first.agent, options.backend)
      await scanRoots(roots, finder, results.listings)
    } else await lookAt(roots, scope, finder)
    const plan = planner.finish()
    events.workPlanned(plan)
    if (pool === undefined || plan.small) for (const task of plan.tasks) await readInPlace(desk, task, take)
    else for (const task of plan.tasks) begin(pool, task)
    await Promise.all(reading)

    if (full) state.cursors.deleteUnsighted((path) => unreadable.some((directory) => path.startsWith(directory)))
    if (!signal.aborted) results.listings?.keep()
    await options.publish(!signal.aborted)
    for (const { path, mtimeMs } of results.news) events.usageVisible(path, mtimeMs)
    return {
      full,
      roots,
      files: plan.found,
      unchanged: plan.unchanged,
      oldestMtimeMs: plan.oldestMtimeMs,
      bytes,
      milliseconds: performance.now() - start,
      workers: Math.min(pool?.workers ?? 0, reading.length),
      aborted: signal.aborted,
      unread: { places: unreadable, files: results.unread },
    }
  }

  function createListings(): Listings {
    const { directories, cursors } = state
    fullPasses += 1
    const believes = options.remembers && fullPasses % PASSES_A_READING !== 0
    const version = directories.version + cursors.version
    if (believes && known?.version !== version) known = { version, names: knownNames(directories, cursors.paths()) }
    return new Listings(directories, believes ? known?.names : undefined, options.now)
  }

  async function readInPool(pool: ParserPool, desk: InPlaceReader, task: ParseTask, take: OnResult): Promise<void> {
    if (signal.aborted) return
    try {
      await pool.run(task, (result) => take(task, result))
    } catch (error) {
      // A pool that was told to end fails its tasks: that is no failure.
      if (isAborted(signal)) return
      events.workerFailed(error)
      await readInPlace(desk, task, take)
    }
  }

  /** One at a time even when several workers fail at once: a desk has one buffer. */
  async function readInPlace(desk: InPlaceReader, task: ParseTask, take: OnResult): Promise<void> {
    const turn = desk.queue.then(async () => {
      if (signal.aborted) return
      const give = (batch: Batch): void => take(task, { batch, outcomes: [] })
      const result = await new EventLoopBudget().walk(untilAborted(parseSteps(task, desk.buffer, give), signal))
      if (result !== undefined) take(task, result)
    })
    desk.queue = turn.catch(() => undefined)
    await turn
  }

  /** What was joined before the error counts; no cursor tells of it. */
  function leaveOut({ files }: ParseTask, { outcomes }: ParseResult): void {
    for (const [index, outcome] of outcomes.entries())
      if (outcome.kind === 'read') unjoinable.set(files[index]!.path, outcome.cursor)
  }

  /** Joins a result into the state; answers the bytes that were read for it. */
  function join(task: ParseTask, { batch, outcomes }: ParseResult, results: PassResults): number {
    const source = findSource(sources, task.agent)
    const before = state.ledger.count
    state.ledger.join(batch, (entry) => state.totals.remember(entry))
    events.duplicates(batch.duplicates + batch.entries.count - (state.ledger.count - before))
    const reads: Read[] = []
    let bytes = 0
    for (let index = 0; index < outcomes.length; index += 1) {
      const file = task.files[index]!
      const outcome = outcomes[index]!
      switch (outcome.kind) {
        case 'read':
          readWhole(
            source,
            file,
            file.part === undefined ? outcome : results.parts.add(file.path, file.part, outcome),
            results,
          )
          if (outcome.replaced) events.replaced(file.path)
          if (outcome.lines > 0) results.news.push({ path: file.path, mtimeMs: outcome.cursor.mtimeMs })
          reads.push(outcome)
          bytes += outcome.bytes
          break
        case 'gone':
          state.cursors.delete(file.path)
          break
        case 'failed':
          results.listings?.distrust(dirname(file.path))
          results.unread.set(file.path, task.agent)
          events.readFailed(file.path, outcome.message)
          break
      }
    }
    events.read(reads, bytes)
    return bytes
  }

  /** `read`: what the whole file came to; undefined: parts of it were not read yet. */
  function readWhole(source: Source, file: FileTask, read: WholeRead | undefined, { projects }: PassResults): void {
    if (read === undefined) return
    const { session, subagent: nested, path } = file
    const place = sessionKey(source.agent, file.project, session)
    // The first working directory of what was appended is not that of the file.
    if (
      read.cwd !== undefined &&
      state.sessions.wants(place, nested, path, file.from === 0 || read.replaced === true)
    ) {
      const directory = `${source.agent} ${read.cwd}`
      const project = projects.get(directory) ?? source.projectOf(read.cwd)
      projects.set(directory, project)
      state.sessions.learn(place, project, nested, path)
    }
    state.cursors.set(path, read.cursor)
  }

  return pass
}

type Read = Extract<FileOutcome, { kind: 'read' }>
type WholeRead = Pick<Read, 'cursor' | 'cwd'> & Partial<Pick<Read, 'replaced'>>

/** What a pass notes while results come. */
interface PassResults {
  /** Files of which something was new, with their times of modification. */
  readonly news: { readonly path: string; readonly mtimeMs: number }[]
  readonly parts: Parts
  readonly listings: Listings | undefined
  /** Projects of agents' working directories: many files name one, and to find its repository takes a look at the disk. */
  readonly projects: Map<string, string>
  /** Files that could not be read, and their agents. */
  readonly unread: Map<string, string>
  /** Tasks of which something could not be joined: what else comes of them is left out. */
  readonly unjoined: Set<ParseTask>
}

/** Where the main thread reads. */
class InPlaceReader {
  readonly #sources: readonly Source[]
  #buffer: ReadBuffer | undefined
  /** The last task taken to it; never rejects. */
  queue: Promise<void> = Promise.resolve()

  constructor(sources: readonly Source[]) {
    this.#sources = sources
  }

  /** Made when there is first something to read. */
  get buffer(): ReadBuffer {
    return (this.#buffer ??= createReadBuffer(IN_PLACE_CHUNK_BYTES, this.#sources))
  }
}

type OnResult = (task: ParseTask, result: ParseResult) => void

/** The same steps, left when the signal says so. */
function* untilAborted<T>(steps: Generator<undefined, T>, signal: AbortSignal): Generator<undefined, T | undefined> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    yield
    // Closes the file that was being read.
    if (isAborted(signal)) return void steps.return(undefined as T)
  }
}

/** Asked again after an await, where the compiler believes it knows. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
