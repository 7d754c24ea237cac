// Directory listings from earlier passes: the names in a directory that looks as it did then are not read again. Only
// directories and transcripts count as names.
import { sep } from 'node:path'
import type { Directories, DirectoryStat } from '../core/directories.js'
import type { State } from '../core/state.js'

/** Times of file systems are no finer than this, and what is changed twice within it looks as if it was once. */
const COARSEST_MS = 2_000

export interface Names {
  readonly directories: readonly string[]
  readonly files: readonly string[]
}

/** What is known to be in each directory. */
export type Known = ReadonlyMap<string, Names>

/** @param files paths of the transcripts that were read */
export function knownNames(directories: Directories, files: Iterable<string>): Known {
  const known = new Map<string, { readonly directories: string[]; readonly files: string[] }>()
  // Not `dirname`, which takes much longer: these are absolute and in normal form.
  const around = (path: string) => known.get(path.slice(0, path.lastIndexOf(sep)))
  for (const path of directories.paths()) known.set(path, { directories: [], files: [] })
  for (const path of directories.paths()) around(path)?.directories.push(path)
  for (const path of files) around(path)?.files.push(path)
  return known
}

/** Not every file system changes a directory's times when a name in it is new: every tenth full pass reads them all. */
const PASSES_PER_READING = 10

export interface KnownListingsOptions {
  readonly state: Pick<State, 'directories' | 'cursors'>
  /** Whether names are taken from memory at all. */
  readonly remembers: boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Makes the listings of each full pass. */
export function createKnownListings({ state, remembers, now }: KnownListingsOptions): () => Listings {
  const { directories, cursors } = state
  let fullPasses = 0
  /** Made anew only when a path came or went: it is large. */
  let known: { readonly version: number; readonly names: Known } | undefined
  return () => {
    fullPasses += 1
    const believes = remembers && fullPasses % PASSES_PER_READING !== 0
    const version = directories.version + cursors.version
    if (believes && known?.version !== version) known = { version, names: knownNames(directories, cursors.paths()) }
    return new Listings(directories, believes ? known?.names : undefined, now)
  }
}

/** For one look at everything. What it notes counts from `keep` on. */
export class Listings {
  readonly #directories: Directories
  readonly #known: Known | undefined
  readonly #now: () => number
  readonly #noted = new Map<string, DirectoryStat | undefined>()

  /**
   * @param known undefined: all names are read again
   * @param now milliseconds since the epoch
   */
  constructor(directories: Directories, known: Known | undefined, now: () => number) {
    this.#directories = directories
    this.#known = known
    this.#now = now
    directories.startSighting()
  }

  /** Paths of what is in a directory, if that is known. */
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

  /** Remembers what was noted, and forgets directories that are gone: when all that was found has been read. */
  keep(): void {
    for (const [path, stat] of this.#noted) this.#directories.set(path, stat)
    this.#directories.deleteUnsighted(() => false)
  }
}
