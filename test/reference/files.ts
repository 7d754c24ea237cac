// Every file below a directory, with the objects on its lines: slow, and everything in memory.
import { readFileSync, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { objectsOf, type JsonObject } from './objects.js'
import { linesOf } from './transcripts.js'

export interface ReadFile {
  /** Absolute path. */
  readonly path: string
  /** Parts of the path below the directory. */
  readonly parts: readonly string[]
}

/** Files in order of their paths, without dangling links. */
export function filesBelow(directory: string): ReadFile[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(realpathSync(entry.parentPath), entry.name)
      return { path, parts: path.slice(realpathSync(directory).length + 1).split('/') }
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Objects on all lines that can be parsed. */
export function linesIn(path: string): JsonObject[] {
  const place = { path, slug: '', session: '', main: true }
  return linesOf(place, readFileSync(path)).flatMap(({ bytes }) => objectsOf(bytes).objects)
}
