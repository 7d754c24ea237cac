// Keeps a watcher on every root that is there. Events only wake; what they miss the sweep finds.
import type { Root } from './tree.js'
import { watchTree, type WatchMode, type Watcher } from './watch.js'

export interface WatchersOptions {
  readonly mode: WatchMode
  readonly pollIntervalMs: number
  readonly onChange: (path: string) => void
  /** Events may have been missed. */
  readonly onError: (error: unknown) => void
}

export interface Watchers {
  /** Watches new roots, lets go of those that are gone. */
  follow(roots: readonly Root[]): Promise<void>
  close(): Promise<void>
}

export function createWatchers({ mode, pollIntervalMs, onChange, onError }: WatchersOptions): Watchers {
  const watchers = new Map<string, Watcher>()
  let closed = false

  async function letGo(path: string): Promise<void> {
    const watcher = watchers.get(path)
    watchers.delete(path)
    await watcher?.close()
  }

  return {
    async follow(roots) {
      if (mode === 'off' || closed) return
      const present = new Set(roots.flatMap(({ path }) => path ?? []))
      for (const path of [...watchers.keys()]) if (!present.has(path)) await letGo(path)
      for (const path of present) {
        if (watchers.has(path)) continue
        try {
          watchers.set(path, await watchTree(path, { mode, pollIntervalMs, onChange, onError }))
        } catch (error) {
          onError(error)
        }
      }
      if (isClosed()) await this.close()
    },
    async close() {
      closed = true
      for (const path of [...watchers.keys()]) await letGo(path)
    },
  }

  /** Asked again after an await, where the compiler believes it knows. */
  function isClosed(): boolean {
    return closed
  }
}
