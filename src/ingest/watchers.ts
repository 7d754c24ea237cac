// Keeps a watcher on every root that is there, and one on each folder that is being written now. Events only wake; what
// they miss the sweep finds.
import { sep } from 'node:path'
import { createHotFolders } from './hot-folders.js'
import type { Root } from './tree.js'
import { watchTree, type WatchMode, type Watcher } from './watch.js'

export interface WatchersOptions {
  readonly mode: WatchMode
  readonly pollIntervalMs: number
  readonly onChange: (path: string) => void
  /** Events may have been missed. */
  readonly onError: (error: unknown) => void
  /** A root is watched from now on: what changed in it between the last look and now was not seen. */
  readonly onAttached: () => void
}

export interface Watchers {
  /** Begins to watch new roots, and to let go of those that are gone. On a large tree it takes a while. */
  follow(roots: readonly Root[]): void
  /** Something of that file is new, whoever found it: its folder gets a watch of its own. */
  written(path: string): void
  close(): Promise<void>
}

export function createWatchers({ mode, pollIntervalMs, onChange, onError, onAttached }: WatchersOptions): Watchers {
  const watchers = new Map<string, Watcher>()
  const hot = createHotFolders(onChange)
  let closed = false

  async function letGo(path: string): Promise<void> {
    const watcher = watchers.get(path)
    watchers.delete(path)
    await watcher?.close()
  }

  async function follow(roots: readonly Root[]): Promise<void> {
    const present = new Set(roots.flatMap(({ path }) => path ?? []))
    for (const path of [...watchers.keys()]) if (!present.has(path)) await letGo(path)
    for (const path of present) {
      if (closed || watchers.has(path)) continue
      try {
        const watcher = await watchTree(path, {
          mode,
          pollIntervalMs,
          onChange,
          onError,
        })
        watchers.set(path, watcher)
        onAttached()
      } catch (error) {
        onError(error)
      }
    }
  }

  // One after the other, so that no root is watched twice.
  let turn: Promise<void> = Promise.resolve()
  return {
    follow(roots) {
      if (mode !== 'off' && !closed) turn = turn.then(() => follow(roots))
    },
    written(path) {
      const natively = [...watchers].some(([root, { kind }]) => kind === 'native' && path.startsWith(root + sep))
      if (natively && !closed) hot.touch(path)
    },
    async close() {
      closed = true
      hot.close()
      await turn
      for (const path of [...watchers.keys()]) await letGo(path)
    },
  }
}
