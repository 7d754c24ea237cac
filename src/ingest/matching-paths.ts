// Expands patterns of directories: `*` and `?` stand for parts of one name, as in `/home/*/.config`. As in shells, they
// match no leading dot. A name that exists as written stands for itself.
import { existsSync, readdirSync } from 'node:fs'
import { join, parse } from 'node:path'
import { matchesGlob, parseWildcards } from '../core/labels/glob.js'

const WILDCARD = /[*?]/
const SEPARATOR = process.platform === 'win32' ? /[\\/]+/ : /\/+/

/**
 * The paths that an absolute pattern matches, by name; parts without wildcards need not exist.
 * @param closed called with the reason if a directory could not be listed: its content is not included
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

/** Empty if it is not a directory or cannot be read, such as other users' homes. */
function namesIn(directory: string, closed: (reason: string) => void): readonly string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ENOTDIR') closed(String(error))
    return []
  }
}
