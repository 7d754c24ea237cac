// Gives each folder that is being written a watch of its own: @parcel/watcher batches changes that follow each other
// closely, for 50 ms and more, and these files deserve an event per write.
import { watch, type FSWatcher } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** More agents hardly write at the same time; each folder costs a watch of the system. */
const MAX_FOLDERS = 64

export interface ActiveFolders {
  /**
   * A file in that folder was written: the folder is watched from now on, instead of the one that was quiet longest.
   */
  touch(path: string): void
  close(): void
}

/**
 * @param onChange called with every path that changes in the folders; the same change may be reported elsewhere, too
 */
export function createActiveFolders(onChange: (path: string) => void): ActiveFolders {
  // In the order of their last use.
  const watchers = new Map<string, FSWatcher>()

  function drop(folder: string): void {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }

  function open(folder: string): FSWatcher | undefined {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        if (name !== null) onChange(join(folder, name))
        // On Linux this means that the folder itself was removed; a folder created in its place is another one.
        if (name === basename(folder)) drop(folder)
      })
      // The folder was removed, or the system has no more watches: the other watcher and the sweep remain.
      watcher.on('error', () => drop(folder))
      return watcher
    } catch {
      return undefined
    }
  }

  return {
    touch(path) {
      const folder = dirname(path)
      const watcher = watchers.get(folder) ?? open(folder)
      if (watcher === undefined) return
      watchers.delete(folder)
      watchers.set(folder, watcher)
      if (watchers.size > MAX_FOLDERS) drop(watchers.keys().next().value!)
    },
    close() {
      for (const folder of [...watchers.keys()]) drop(folder)
    },
  }
}
