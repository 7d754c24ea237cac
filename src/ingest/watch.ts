// Best-effort change notification for a directory tree: events may be late, doubled or missing (an overflow of the kernel's
// queue on Linux is silent), and the sweep finds what they miss. It never says what changed in a file.
//
// @parcel/watcher hears of single changes in about a millisecond; within half a second after one, it collects the next
// until 50 ms pass without any (Debounce.cc 2.6.0).
import { realpathSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { AsyncSubscription } from '@parcel/watcher'
import { tryInotify } from './inotify.js'

/** `auto` is native, or polling if native does not work; `off` leaves everything to the sweep. */
export type WatchMode = 'auto' | 'native' | 'polling' | 'off'

export interface Watcher {
  readonly kind: 'native' | 'polling' | 'off'
  /** Nothing is reported once it has resolved. A second call does nothing. Never rejects. */
  close(): Promise<void>
}

export interface WatchOptions {
  readonly mode: WatchMode
  /** How often polling checks each file. */
  readonly pollIntervalMs: number
  /**
   * A file or folder was created, written or deleted; a new folder may contain more that is new. Paths are absolute,
   * and below the directory as it was given.
   */
  readonly onChange: (path: string) => void
  /** Changes are reported from now on. Polling is ready once it has checked everything, and never if it cannot. */
  readonly onReady: () => void
  /** Changes may have been missed: check everything. Also called once when `auto` falls back to polling. */
  readonly onError: (error: unknown) => void
  /**
   * Nothing is reported any more, for example because the directory itself was removed: close, and watch again later.
   */
  readonly onLost: (error: unknown) => void
  /** Another native watcher of this process is active: there is no need to ask the system whether there can be one. */
  readonly nativeBefore?: boolean
}

/**
 * Watches everything below `directory`, without following links in it. Polling can take seconds to be ready on large
 * trees, and misses what happens before it has checked a new file or folder once. Rejects if `directory` is not a
 * directory, and if `native` does not work.
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
  if (options.nativeBefore !== true) await tryInotify(dir)
  const report = reporter(dir, options)
  const subscriptions = new Map<string, AsyncSubscription>()
  const add = async (root: string): Promise<void> => {
    const subscription = await subscribe(root, (error, events) => {
      // It has then released the directory (Backend.cc 2.6.0, handleWatcherError).
      if (error !== null) report.lost(error)
      for (const { path, type } of events) {
        report.change(path, type === 'delete')
        if (type === 'create') void watchMissed(path)
        else if (type === 'delete') void drop(path)
      }
    })
    if (report.isClosed()) await stop(subscription)
    else subscriptions.set(root, subscription)
  }
  const drop = async (path: string): Promise<void> => {
    const subscription = subscriptions.get(path)
    subscriptions.delete(path)
    if (subscription !== undefined) await stop(subscription)
  }
  /**
   * `mkdir -p a/b` is often finished before the watcher on Linux has begun to watch `a`, and then it never notices `b`
   * (InotifyBackend.cc 2.6.0, handleSubscription; half of 40 tries). So folders in a new folder get their own watches.
   * If the watcher did notice `b`, that is reported twice.
   */
  const watchMissed = async (folder: string): Promise<void> => {
    if (process.platform !== 'linux') return
    try {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name)
        if (report.isClosed() || !entry.isDirectory() || subscriptions.has(path)) continue
        if (subscriptions.size >= MAX_SUBSCRIPTIONS) return
        await add(path)
        report.change(path)
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // A file, which is the usual case, or already gone.
      if (code !== 'ENOTDIR' && code !== 'ENOENT') report.error(error)
    }
  }
  await add(report.root)
  options.onReady()
  return { kind: 'native', close: report.closing(() => Promise.all([...subscriptions.values()].map(stop))) }
}

/** Some hundred folders created at once between two starts; beyond that, the sweep has to find them. */
const MAX_SUBSCRIPTIONS = 1000

async function stop(subscription: AsyncSubscription): Promise<void> {
  // Windows frees what its own thread may still use (stablyai/orca#7757, with 2.5.6): there the subscription is kept,
  // and its reports are ignored.
  if (process.platform === 'win32') return
  try {
    await subscription.unsubscribe()
  } catch {
    // The folder is gone, and inotify has already dropped its watch: there is nothing left to stop.
  }
}

async function watchByPolling(dir: string, options: WatchOptions): Promise<Watcher> {
  const { watch } = await import('chokidar')
  const report = reporter(dir, options)
  const watcher = watch(report.root, {
    usePolling: true,
    interval: options.pollIntervalMs,
    binaryInterval: options.pollIntervalMs,
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
  })
  watcher.on('all', (event, path) => report.change(path, event === 'unlinkDir'))
  watcher.on('error', report.error)
  watcher.once('ready', () => {
    if (!report.isClosed()) options.onReady()
  })
  return { kind: 'polling', close: report.closing(() => watcher.close()) }
}

interface Reporter {
  /** The path to watch: inotify and chokidar do not enter a root that is a link, and FSEvents reports real paths. */
  readonly root: string
  readonly isClosed: () => boolean
  readonly change: (path: string, wasDeleted?: boolean) => void
  readonly error: (error: unknown) => void
  readonly lost: (error: unknown) => void
  readonly closing: (stop: () => Promise<unknown>) => () => Promise<void>
}

/** Passes events on until it is closed: both libraries may have events under way when they are stopped. */
function reporter(dir: string, { onChange, onError, onLost }: WatchOptions): Reporter {
  const root = realpathSync(dir)
  let closed: Promise<void> | undefined
  const isClosed = (): boolean => closed !== undefined
  const error = (error: unknown): void => {
    if (!isClosed()) onError(error)
  }
  const lost = (error: unknown): void => {
    if (!isClosed()) onLost(error)
  }
  return {
    root,
    isClosed,
    error,
    lost,
    change: (path, wasDeleted = false) => {
      if (!isClosed()) onChange(dir + path.slice(root.length))
      if (wasDeleted && path === root) lost(new Error(`${dir} was removed`))
    },
    closing: (stop) => () =>
      (closed ??= stop().then(
        () => undefined,
        () => undefined,
      )),
  }
}

/** Explains the errors by which the system reports its limits on inotify. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (/No space left on device|ENOSPC/.test(message)) {
    return `${message} (limited by fs.inotify.max_user_watches, one per directory)`
  }
  if (process.platform === 'linux' && /Too many open files|EMFILE/i.test(message)) {
    return `${message} (limited by fs.inotify.max_user_instances or the number of open files)`
  }
  return message
}
