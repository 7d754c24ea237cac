// Keeps a watcher on every existing root, and one on each folder that is being written. Events only wake the exporter;
// the sweep finds what they miss.
import { sep } from 'node:path'
import { createActiveFolders } from './active-folders.js'
import type { Root } from './roots.js'
import { watchTree, type WatchMode, type Watcher } from './watch.js'

export interface WatchersOptions {
  readonly mode: WatchMode
  readonly pollIntervalMs: number
  readonly onChange: (path: string) => void
  /** Events may have been missed. */
  readonly onError: (error: unknown) => void
  /** A root cannot be watched for now: the only loss is time. */
  readonly onRefused: (error: unknown) => void
  /** A root is watched from now on: changes between the last check and now were not seen. */
  readonly onAttached: () => void
}

export interface Watchers {
  /** Starts watching new roots, and stops watching those that are gone. On a large tree this takes a while. */
  follow(roots: readonly Root[]): void
  /**
   * Roots that should be watched but are not, because their watcher was lost or refused, are tried again by the next
   * `follow`, and not before: if it failed again at once, passes would follow each other endlessly.
   */
  retry(): void
  /** A file has new content, whoever found it: its folder gets a watch of its own. */
  written(path: string): void
  close(): Promise<void>
}

export function createWatchers({
  mode,
  pollIntervalMs,
  onChange,
  onError,
  onRefused,
  onAttached,
}: WatchersOptions): Watchers {
  /** Undefined if refused. */
  const watchers = new Map<string, Watcher | undefined>()
  /** Roots whose watcher no longer receives events. */
  const lost = new Set<string>()
  const activeFolders = createActiveFolders(onChange)
  let closed = false

  function living(): (readonly [root: string, watcher: Watcher])[] {
    return [...watchers].flatMap(([root, watcher]) =>
      watcher === undefined || lost.has(root) ? [] : [[root, watcher] as const],
    )
  }

  async function letGo(path: string): Promise<void> {
    const watcher = watchers.get(path)
    watchers.delete(path)
    lost.delete(path)
    await watcher?.close()
  }

  async function begin(path: string): Promise<void> {
    try {
      const watcher = await watchTree(path, {
        mode,
        pollIntervalMs,
        nativeBefore: living().some(([, { kind }]) => kind === 'native'),
        onChange,
        onReady: onAttached,
        onError,
        onLost(error) {
          lost.add(path)
          onError(error)
        },
      })
      watchers.set(path, watcher)
    } catch (error) {
      watchers.set(path, undefined)
      onRefused(error)
    }
  }

  async function follow(roots: readonly Root[]): Promise<void> {
    const present = new Set(roots.flatMap(({ path }) => path ?? []))
    for (const path of [...watchers.keys()]) if (!present.has(path)) await letGo(path)
    for (const path of present) if (!closed && !watchers.has(path)) await begin(path)
  }

  async function retry(): Promise<void> {
    for (const [path, watcher] of [...watchers]) if (watcher === undefined || lost.has(path)) await letGo(path)
  }

  // One at a time, so that no root is watched twice.
  let queue: Promise<void> = Promise.resolve()
  const enqueue = (step: () => Promise<void>): void => {
    if (mode !== 'off' && !closed) queue = queue.then(step)
  }
  return {
    follow: (roots) => enqueue(() => follow(roots)),
    retry: () => enqueue(retry),
    written(path) {
      const natively = living().some(([root, { kind }]) => kind === 'native' && path.startsWith(root + sep))
      if (natively && !closed) activeFolders.touch(path)
    },
    async close() {
      closed = true
      activeFolders.close()
      await queue
      for (const path of [...watchers.keys()]) await letGo(path)
    },
  }
}
