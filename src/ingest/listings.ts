// Directory listings from earlier passes: the names in an unchanged directory are not read again. Only directories and
// log files count as names.
import { sep } from 'node:path'
import type { Directories, DirectoryStat } from '../core/directories.js'
import type { State } from '../core/state.js'

/** Timestamps of file systems are no finer than this; two changes within it look like one. */
const COARSEST_MS = 2_000

export interface Names {
  readonly directories: readonly string[]
  readonly files: readonly string[]
}

/** The known content of each directory. */
export type Known = ReadonlyMap<string, Names>

/** @param files paths of the log files that were read */
export function knownNames(directories: Directories, files: Iterable<string>): Known {
  const known = new Map<string, { readonly directories: string[]; readonly files: string[] }>()
  // Not `dirname`, which takes much longer: these paths are absolute and normalised.
  const around = (path: string) => known.get(path.slice(0, path.lastIndexOf(sep)))
  for (const path of directories.paths()) known.set(path, { directories: [], files: [] })
  for (const path of directories.paths()) around(path)?.directories.push(path)
  for (const path of files) around(path)?.files.push(path)
  return known
}

/** Not every file system updates a directory's times when a name is added, so every tenth full pass reads all names. */
const PASSES_PER_READING = 10

export interface KnownListingsOptions {
  readonly state: Pick<State, 'directories' | 'cursors'>
  /** Whether names are ever taken from memory. */
  readonly remembers: boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Creates the listings of each full pass. */
export function createKnownListings({ state, remembers, now }: KnownListingsOptions): () => Listings {
  const { directories, cursors } = state
  let fullPasses = 0
  /** Rebuilt only when a path was added or removed, because it is large. */
  let known: { readonly version: number; readonly names: Known } | undefined
  return () => {
    fullPasses += 1
    const believes = remembers && fullPasses % PASSES_PER_READING !== 0
    const version = directories.version + cursors.version
    if (believes && known?.version !== version) known = { version, names: knownNames(directories, cursors.paths()) }
    return new Listings(directories, believes ? known?.names : undefined, now)
  }
}

/** For one full pass. What it notes takes effect with `keep`. */
export class Listings {
  readonly #directories: Directories
  readonly #known: Known | undefined
  readonly #now: () => number
  readonly #noted = new Map<string, DirectoryStat | undefined>()

  /**
   * @param known if undefined, all names are read again
   * @param now milliseconds since the epoch
   */
  constructor(directories: Directories, known: Known | undefined, now: () => number) {
    this.#directories = directories
    this.#known = known
    this.#now = now
    directories.startSighting()
  }

  /** Paths of the content of a directory, if known. */
  of(path: string, stat: DirectoryStat): Names | undefined {
    return this.#directories.has(path, stat) ? this.#known?.get(path) : undefined
  }

  /**
   * A directory's names are about to be read.
   * @param stat from before that
   */
  note(path: string, stat: DirectoryStat): void {
    this.#noted.set(path, stat.changedMs < this.#now() - COARSEST_MS ? stat : undefined)
  }

  /** Marks a directory as uncacheable: it holds links, or could not be read. */
  distrust(directory: string): void {
    this.#noted.set(directory, undefined)
  }

  /** Keeps what was noted, and forgets removed directories. To be called when everything found has been read. */
  keep(): void {
    for (const [path, stat] of this.#noted) this.#directories.set(path, stat)
    this.#directories.deleteUnsighted(() => false)
  }
}
