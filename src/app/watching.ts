// Decides when to run passes: full passes on request and at each sweep interval, passes over single files when a
// watcher reports them.
import { stays } from '../config/commands.js'
import type { Config } from '../config/config.js'
import { createLoop } from '../ingest/loop.js'
import type { PassReport, RunPass, Scope } from '../ingest/pass-report.js'
import type { Root } from '../ingest/roots.js'
import { createWatchers } from '../ingest/watchers.js'
import type { RootAccess } from './access.js'

/** How often polling checks each file. */
const POLL_MS = 2_000

export interface Watching {
  /** Runs a full pass. Resolves when a pass that began after this call has ended. */
  pass(): Promise<PassReport>
  /** Requests a full pass without waiting for it. */
  lookAgain(): void
  /** A file was written a moment ago: its folder gets a watch of its own. */
  written(path: string): void
  /** Runs full passes at intervals from now on. */
  startSweep(): void
  stopSweep(): void
  closeWatchers(): Promise<void>
  /** Resolves when no pass is running; none runs after this. */
  stopPasses(): Promise<void>
}

export interface WatchingOptions {
  readonly runPass: RunPass
  /** The roots, and how much of each the last full pass could read. */
  readonly roots: () => readonly RootAccess[]
  /** A pass has ended without being aborted. */
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
    // Not earlier, because a watcher also visits every directory, and two at the same time slow each other down.
    if (report.full) watchers.follow(report.roots.filter(isListable))
    passed()
    return report
  }

  /** A directory that cannot be listed cannot be watched. */
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
