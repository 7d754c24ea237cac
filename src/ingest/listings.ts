// The names in directories, as far as they are known from before: those of a directory that looks as it did then need not
// be read again. A directory's names are its directories and its transcripts; nothing else is looked for there.
import { sep } from 'node:path'
import type { Directories, DirectoryStat } from '../core/directories.js'

/** Times of file systems are no finer than this, and what is changed twice within it looks as if it was once. */
const COARSEST_MS = 2_000

export interface Names {
  readonly directories: readonly string[]
  readonly files: readonly string[]
}

/** For one look at everything. What it notes counts from `keep` on. */
export class Listings {
  readonly #directories: Directories
  readonly #now: () => number
  readonly #names = new Map<string, { readonly directories: string[]; readonly files: string[] }>()
  readonly #noted = new Map<string, DirectoryStat | undefined>()
  /** Directories whose names were read. */
  read = 0

  /**
   * @param files paths of the transcripts that were read
   * @param now milliseconds since the epoch
   * @param believe false: all names are read again
   */
  constructor(directories: Directories, files: Iterable<string>, now: () => number, believe: boolean) {
    this.#directories = directories
    this.#now = now
    directories.startSighting()
    if (!believe) return
    for (const path of directories.paths()) this.#names.set(path, { directories: [], files: [] })
    for (const path of directories.paths()) this.#namesAround(path)?.directories.push(path)
    for (const path of files) this.#namesAround(path)?.files.push(path)
  }

  #namesAround(path: string): { readonly directories: string[]; readonly files: string[] } | undefined {
    // Not `dirname`, which takes much longer: these are absolute and in normal form.
    return this.#names.get(path.slice(0, path.lastIndexOf(sep)))
  }

  /** Paths of what is in a directory, if that is known. */
  of(path: string, stat: DirectoryStat): Names | undefined {
    return this.#directories.has(path, stat) ? this.#names.get(path) : undefined
  }

  /**
   * A directory's names are about to be read.
   * @param stat from before that
   */
  note(path: string, stat: DirectoryStat): void {
    this.read += 1
    this.#noted.set(path, stat.changedMs < this.#now() - COARSEST_MS ? stat : undefined)
  }

  /** Something in there is not what its name tells: its names have to be read every time. */
  distrust(directory: string): void {
    this.#noted.set(directory, undefined)
  }

  /** Remembers what was noted, and forgets directories that are gone: when all that was found has been read. */
  keep(): void {
    for (const [path, stat] of this.#noted) this.#directories.set(path, stat)
    this.#directories.deleteUnsighted(() => false)
  }
}
