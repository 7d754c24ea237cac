// Directories named by a pattern: `*` and `?` stand for parts of one name, as in `/home/*/.config`. As in shells they match no
// leading dot. A name that exists as it is written means itself.
import { existsSync, readdirSync } from 'node:fs'
import { join, parse } from 'node:path'
import { matchesGlob, parseWildcards } from '../core/labels/glob.js'

const WILDCARD = /[*?]/
const SEPARATOR = process.platform === 'win32' ? /[\\/]+/ : /\/+/

/**
 * Paths that an absolute path means, by name; the parts of them without wildcards need not be there.
 * @param closed is told why a directory could not be listed: what it holds is not among them
 */
export function matchingPaths(pattern: string, closed: (reason: string) => void = () => undefined): readonly string[] {
  if (!WILDCARD.test(pattern)) return [pattern]
  // Windows has roots with a question mark: \\?\C:\
  const { root } = parse(pattern)
  let paths = [root]
  for (const part of pattern.slice(root.length).split(SEPARATOR))
    paths = paths.flatMap((path) => below(path, part, closed))
  return paths
}

function below(directory: string, part: string, closed: (reason: string) => void): readonly string[] {
  const literal = join(directory, part)
  if (!WILDCARD.test(part) || existsSync(literal)) return [literal]
  const glob = parseWildcards(part)
  const matches = (name: string): boolean => (part.startsWith('.') || !name.startsWith('.')) && matchesGlob(glob, name)
  return namesIn(directory, closed)
    .filter(matches)
    .sort()
    .map((name) => join(directory, name))
}

/** None where it is no directory, or not ours to read: other people's homes are that. */
function namesIn(directory: string, closed: (reason: string) => void): readonly string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ENOTDIR') closed(String(error))
    return []
  }
}
