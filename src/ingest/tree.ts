// What is on disk: every transcript of a source below its roots, with one stat each. Opens nothing.
import { readdir, realpath, stat } from 'node:fs/promises'
import type { Dirent } from 'node:fs'
import { join } from 'node:path'
import pLimit, { type LimitFunction } from 'p-limit'
import type { FileStat } from '../core/cursor.js'
import type { Source, TranscriptPlace } from '../sources/source.js'

export interface FoundFile {
  readonly source: Source
  /** Symbolic links resolved, so that one file has one name. */
  readonly path: string
  readonly place: TranscriptPlace
  readonly stat: FileStat
}

/** A directory that holds a source's transcripts. */
export interface Root {
  readonly source: Source
  /** As configured. */
  readonly configured: string
  /** Symbolic links resolved; undefined: it is not there now. */
  readonly path: string | undefined
}

/** Directories and files looked at at one time. */
const CONCURRENCY = 32

/** The roots of a source, each real directory once; the ones that are missing too, since they may appear later. */
export async function findRoots(source: Source, configDirs: readonly string[]): Promise<Root[]> {
  const roots: Root[] = []
  const seen = new Set<string>()
  for (const configured of configDirs) {
    let path: string | undefined
    for (const candidate of source.roots(configured)) path ??= await realDirectory(candidate)
    if (path !== undefined && seen.has(path)) continue
    if (path !== undefined) seen.add(path)
    roots.push({ source, configured, path })
  }
  return roots
}

export interface Scan {
  readonly files: readonly FoundFile[]
  /** Directories and files that could not be looked at, with the reason. */
  readonly errors: readonly { readonly path: string; readonly message: string }[]
}

export async function scanRoots(roots: readonly Root[]): Promise<Scan> {
  const scanner = new Scanner(pLimit(CONCURRENCY))
  for (const { source, path } of roots) if (path !== undefined) await scanner.directory(source, path, [])
  return { files: [...scanner.files.values()], errors: scanner.errors }
}

/** Looks at single paths, as a watcher names them. Paths that are no transcripts, or are gone, come to nothing. */
export async function lookAt(roots: readonly Root[], paths: Iterable<string>): Promise<Scan> {
  const scanner = new Scanner(pLimit(CONCURRENCY))
  for (const path of paths) {
    const root = roots.find((candidate) => candidate.path !== undefined && path.startsWith(`${candidate.path}/`))
    if (root?.path === undefined) continue
    await scanner.file(root.source, path, path.slice(root.path.length + 1).split('/'))
  }
  return { files: [...scanner.files.values()], errors: scanner.errors }
}

class Scanner {
  /** By path. */
  readonly files = new Map<string, FoundFile>()
  readonly errors: { path: string; message: string }[] = []
  readonly #limit: LimitFunction
  readonly #entered = new Set<string>()

  constructor(limit: LimitFunction) {
    this.#limit = limit
  }

  async directory(source: Source, path: string, parts: readonly string[]): Promise<void> {
    if (this.#entered.has(path)) return
    this.#entered.add(path)
    let entries: Dirent[]
    try {
      entries = await this.#limit(() => readdir(path, { withFileTypes: true }))
    } catch (error) {
      this.#failed(path, error)
      return
    }
    await Promise.all(
      entries.map((entry) => {
        const child = join(path, entry.name)
        const below = [...parts, entry.name]
        if (entry.isDirectory()) return source.entersDirectory(entry.name) ? this.directory(source, child, below) : undefined
        if (entry.isFile()) return this.file(source, child, below)
        return entry.isSymbolicLink() ? this.#link(source, child, below) : undefined
      }),
    )
  }

  async file(source: Source, path: string, parts: readonly string[]): Promise<void> {
    if (this.files.has(path)) return
    const place = source.locate(parts)
    if (place === undefined) return
    try {
      const now = await this.#limit(() => stat(path))
      if (!now.isFile()) return
      const { size, mtimeMs, ino: inode } = now
      this.files.set(path, { source, path, place, stat: { size, mtimeMs, inode } })
    } catch (error) {
      this.#failed(path, error)
    }
  }

  async #link(source: Source, path: string, parts: readonly string[]): Promise<void> {
    try {
      const target = await realpath(path)
      const entry = await stat(target)
      if (entry.isFile()) await this.file(source, target, parts)
      else if (entry.isDirectory() && source.entersDirectory(parts.at(-1)!)) await this.directory(source, target, parts)
    } catch (error) {
      this.#failed(path, error)
    }
  }

  /** What vanished meanwhile is no error. */
  #failed(path: string, error: unknown): void {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.errors.push({ path, message: String(error) })
  }
}

async function realDirectory(path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path)
    return (await stat(real)).isDirectory() ? real : undefined
  } catch {
    // Missing or not to be entered: it may appear, or be opened up, later; the start-up log names it.
    return undefined
  }
}
