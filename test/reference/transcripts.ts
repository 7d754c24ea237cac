// Which files are transcripts, and what their paths say (claude-code-logs 1.1, 1.2). Reads whole files, keeps every line.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Where a line stood: all that attribution may look at. */
export interface Place {
  /** Real path of the file. */
  readonly path: string
  readonly slug: string
  readonly session: string
  /** Directly in the slug directory and not named `agent-…`. */
  readonly main: boolean
}

export interface Line {
  readonly place: Place
  /** Byte offset of the first byte of the line. */
  readonly offset: number
  readonly bytes: Buffer
  /** False for the last line of a file that does not end in a newline. */
  readonly ended: boolean
}

/** Every line of every transcript below the config directories, each real file once, files sorted by path. */
export function readLines(roots: readonly string[]): Line[] {
  return transcripts(roots).flatMap((place) => linesOf(place, readFileSync(place.path)))
}

/** Real, distinct `projects` directories of the given config directories; a missing one is no error. */
export function projectsDirs(roots: readonly string[]): string[] {
  const dirs = roots.flatMap((root) => {
    const child = join(root, 'projects')
    if (isDirectory(child)) return [realpathSync(child)]
    return basename(root) === 'projects' && isDirectory(root) ? [realpathSync(root)] : []
  })
  return [...new Set(dirs)]
}

export function transcripts(roots: readonly string[]): Place[] {
  const places = new Map<string, Place>()
  for (const dir of projectsDirs(roots)) {
    for (const relative of walk(dir, [])) {
      const path = realpathSync(join(dir, ...relative))
      if (!places.has(path)) places.set(path, { path, ...placeOf(relative) })
    }
  }
  return [...places.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * What the path below `projects/` says: `['-w-app', 'S', 'subagents', 'agent-1.jsonl']` is a sub-agent of session S. Of a
 * tree copied below it, what its own path said: from the last directory named by a path, or that around a session's id.
 */
export function placeOf(path: readonly string[]): Omit<Place, 'path'> {
  const ids = path.map((name) => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(\.jsonl)?$/i.test(name))
  const encoded = path.slice(0, -1).map((name) => name.startsWith('-') || /^[a-z]--/i.test(name))
  const start = encoded.includes(true) ? encoded.lastIndexOf(true) : Math.max(ids.indexOf(true) - 1, 0)
  const [slug = '', ...below] = path.slice(start)
  const name = below.at(-1) ?? slug
  const direct = below.length === 1
  const subagents = below.indexOf('subagents')
  let session = below[0] ?? slug
  if (subagents > 0) session = below[subagents - 1] ?? session
  else if (direct) session = name.slice(0, -'.jsonl'.length)
  return { slug, session, main: direct && !name.startsWith('agent-') }
}

/** Lines end at 0x0A; a byte order mark at the start of the file is no part of the first one. */
export function linesOf(place: Place, bytes: Buffer): Line[] {
  const lines: Line[] = []
  let offset = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0
  while (offset < bytes.length) {
    const newline = bytes.indexOf(0x0a, offset)
    const end = newline < 0 ? bytes.length : newline
    lines.push({ place, offset, bytes: bytes.subarray(offset, end), ended: newline >= 0 })
    offset = end + 1
  }
  return lines
}

function walk(dir: string, above: readonly string[]): string[][] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name)
    const relative = [...above, name]
    if (isDirectory(path))
      return above.length > 0 && (name === 'tool-results' || name === 'memory') ? [] : walk(path, relative)
    return name.endsWith('.jsonl') && name !== 'journal.jsonl' ? [relative] : []
  })
}

function isDirectory(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}
