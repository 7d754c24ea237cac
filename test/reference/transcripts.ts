// Which files are transcripts, and what their paths mean (claude-code-logs 1.1, 1.2). Reads whole files, keeps every line.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Place of a line: all that attribution may use. */
export interface Place {
  /** Real path of the file. */
  readonly path: string
  readonly slug: string
  readonly session: string
  /** Whether the file is directly in the slug directory and not named `agent-…`. */
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

/** Real, distinct `projects` directories of the config directories; missing ones are ignored. */
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
 * Place of a path below `projects/`: `['-w-app', 'S', 'subagents', 'agent-1.jsonl']` is a sub-agent of session S. For a tree copied
 * below it, the original place: from the last directory named like a path, or the one that contains a session id.
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

/** Lines end with 0x0A; a byte order mark at the start of the file is removed. */
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
