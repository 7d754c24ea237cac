// Tells that something changed below a directory, soon and without promise: events may be late, doubled or missing (an
// overflow of the kernel's queue on Linux is silent), and the sweep finds what they miss. It never says what changed in a file.
//
// @parcel/watcher hears of single changes in about a millisecond; within half a second after one, it collects the next
// until 50 ms pass without any (Debounce.cc 2.6.0).
import { realpathSync, statSync } from 'node:fs'
import { resolve, sep } from 'node:path'

/** `auto` is native, and polling where native does not work; `off` leaves everything to the sweep. */
export type WatchMode = 'auto' | 'native' | 'polling' | 'off'

export interface Watcher {
  readonly kind: 'native' | 'polling' | 'off'
  /** After it resolved nothing is reported any more. A second call does nothing. Never rejects. */
  close(): Promise<void>
}

export interface WatchOptions {
  readonly mode: WatchMode
  /** How often polling looks at each file. */
  readonly pollIntervalMs: number
  /** A file or directory below `dir` was made, written or deleted. Paths are absolute, and below the directory as it was given. */
  readonly onChange: (path: string) => void
  /**
   * Changes may have been missed: look at everything. Also called once when `auto` falls back to polling, and when the
   * directory itself goes away; after that, close, and watch again when it is back.
   */
  readonly onError: (error: unknown) => void
}

/**
 * Watches everything below `directory`, without following links in it. Changes after it resolved are reported; polling can
 * take seconds to get there on large trees. Rejects when `directory` is none, and when `native` does not work.
 */
export async function watchTree(directory: string, options: WatchOptions): Promise<Watcher> {
  const dir = resolve(directory)
  const { mode, pollIntervalMs, onError } = options
  if (mode === 'off') return { kind: 'off', close: () => Promise.resolve() }
  if (!statSync(dir).isDirectory()) throw new Error(`cannot watch ${dir}: not a directory`)
  if (mode === 'polling') return watchByPolling(dir, options)
  try {
    return await watchNatively(dir, options)
  } catch (cause) {
    const error = new Error(`cannot watch ${dir} natively: ${explain(cause)}`, { cause })
    if (mode === 'native') throw error
    const watcher = await watchByPolling(dir, options)
    onError(new Error(`${error.message}; polling every ${pollIntervalMs} ms instead`, { cause }))
    return watcher
  }
}

async function watchNatively(dir: string, options: WatchOptions): Promise<Watcher> {
  const { subscribe } = (await import('@parcel/watcher')).default
  // inotify refuses a root that is a link, and FSEvents reports real paths.
  const root = realpathSync(dir)
  const report = reporter(dir, options)
  const subscription = await subscribe(root, (error, events) => {
    if (error !== null) {
      report.error(error)
      return
    }
    for (const { path, type } of events) {
      report.change(dir + path.slice(root.length))
      if (type === 'delete' && path === root) report.error(new Error(`${dir} went away`))
    }
  })
  return {
    kind: 'native',
    close: report.closing(async () => {
      // Windows frees what its own thread may still use (stablyai/orca#7757, with 2.5.6): there the subscription stays,
      // and tells nobody.
      if (process.platform !== 'win32') await subscription.unsubscribe()
    }),
  }
}

async function watchByPolling(dir: string, options: WatchOptions): Promise<Watcher> {
  const { watch } = await import('chokidar')
  const report = reporter(dir, options)
  const watcher = watch(dir, {
    usePolling: true,
    interval: options.pollIntervalMs,
    binaryInterval: options.pollIntervalMs,
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
  })
  watcher.on('all', (event, path) => {
    report.change(path)
    if (event === 'unlinkDir' && path === dir) report.error(new Error(`${dir} went away`))
  })
  watcher.on('error', report.error)
  await new Promise<void>((ready) => watcher.once('ready', () => ready()))
  return { kind: 'polling', close: report.closing(() => watcher.close()) }
}

/** Passes on until it is closed: both libraries may have events under way when they are told to stop. */
function reporter(dir: string, { onChange, onError }: WatchOptions): {
  readonly change: (path: string) => void
  readonly error: (error: unknown) => void
  readonly closing: (stop: () => Promise<void>) => () => Promise<void>
} {
  const prefix = dir.endsWith(sep) ? dir : dir + sep // only the root directory ends so
  let closed: Promise<void> | undefined
  return {
    change: (path) => {
      if (closed === undefined && (path === dir || path.startsWith(prefix))) onChange(path)
    },
    error: (error) => {
      if (closed === undefined) onError(error)
    },
    // Stopping fails when the directory is gone (inotify has dropped the watches already); there is nothing left to stop.
    closing: (stop) => () => (closed ??= stop().catch(() => undefined)),
  }
}

/** inotify says "No space left on device" for its limit on watches, and "Too many open files" for the one on instances. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (/inotify/.test(message) && /No space left on device/.test(message)) {
    return `${message} (that is the limit fs.inotify.max_user_watches, one for each directory)`
  }
  if (/inotify/.test(message) && /Too many open files/.test(message)) {
    return `${message} (that is the limit fs.inotify.max_user_instances)`
  }
  return message
}
