// Decides when the exporter looks: at everything when asked and once in each sweep interval, at single files when a watcher
// names them.
import { stays } from '../config/commands.js'
import type { Config } from '../config/config.js'
import { createLoop } from '../ingest/loop.js'
import type { PassReport, RunPass, Scope } from '../ingest/pass-report.js'
import type { Root } from '../ingest/roots.js'
import { createWatchers } from '../ingest/watchers.js'
import type { RootAccess } from './access.js'

/** How often polling looks at each file. */
const POLL_MS = 2_000

export interface Watching {
  /** Looks at everything. Resolves when a pass that began after this has ended. */
  pass(): Promise<PassReport>
  /** Asks for the same; nobody waits for it. */
  lookAgain(): void
  /** A file was written a moment ago: its folder is watched closely. */
  written(path: string): void
  /** Looks at everything at intervals from now on. */
  startSweep(): void
  stopSweep(): void
  closeWatchers(): Promise<void>
  /** Resolves when no pass is running; nothing runs after this. */
  stopPasses(): Promise<void>
}

export interface WatchingOptions {
  readonly runPass: RunPass
  /** What the last full pass could read. */
  readonly roots: () => readonly RootAccess[]
  /** A pass was not aborted, and has ended. */
  readonly passed: () => void
  readonly passFailed: (error: unknown) => void
  readonly watchFailed: (error: unknown) => void
  readonly signal: AbortSignal
}

export function createWatching(
  { command, watchMode, sweepIntervalMs }: Config,
  { runPass, roots, passed, passFailed, watchFailed, signal }: WatchingOptions,
): Watching {
  const loop = createLoop(pass, passFailed)
  let sweep: NodeJS.Timeout | undefined

  async function pass(scope: Scope): Promise<PassReport> {
    const report = await runPass(scope)
    if (report.aborted) return report
    // Not before: a watcher looks at every directory, too, and two that do so at a time hinder each other.
    if (report.full) watchers.follow(report.roots.filter(isListable))
    passed()
    return report
  }

  /** What cannot be listed cannot be watched. */
  function isListable({ wanted }: Root): boolean {
    return roots().some(({ path, access }) => path === wanted && access !== 'unreachable')
  }

  function lookAgain(): void {
    if (!signal.aborted) void loop.requestAll().catch(() => undefined)
  }
  const watchers = createWatchers({
    mode: stays(command) ? watchMode : 'off',
    pollIntervalMs: POLL_MS,
    onChange(path) {
      if (!signal.aborted) void loop.request(path).catch(() => undefined)
    },
    onError(error) {
      watchFailed(error)
      lookAgain()
    },
    onRefused: watchFailed,
    onAttached: lookAgain,
  })

  return {
    pass: () => loop.requestAll(),
    lookAgain,
    written: (path) => watchers.written(path),
    startSweep() {
      sweep = setInterval(() => {
        watchers.retry()
        lookAgain()
      }, sweepIntervalMs)
    },
    stopSweep: () => clearInterval(sweep),
    closeWatchers: () => watchers.close(),
    stopPasses: () => loop.stop(),
  }
}
