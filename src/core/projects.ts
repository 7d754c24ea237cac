// From a working directory to a project's label: normal form, worktrees folded, short names told apart.

/** One spelling for one directory: `/` between parts, none at the end, drive letters in capitals. */
export function normalPath(cwd: string): string {
  let path = cwd.trim().replaceAll('\\', '/')
  while (path.length > 1 && path.endsWith('/')) path = path.slice(0, -1)
  return /^[a-z]:/.test(path) ? path[0]!.toUpperCase() + path.slice(1) : path
}

/** A worktree that Claude Code made stands below its repository and belongs to it (claude-code-logs 1.3). */
export function foldMadeWorktree(path: string): string {
  const at = path.indexOf('/.claude/worktrees/')
  return at > 0 ? path.slice(0, at) : path
}

/**
 * Labels for projects not labelled yet: the last component of the path, and as many parents as it takes to differ from
 * every other project's path. A label once given stays, because a counter's labels must not move; so of two projects
 * that meet later only the newcomer's grows.
 */
export function labelProjects(known: ReadonlyMap<string, string>, newcomers: Iterable<string>): Map<string, string> {
  const fresh = [...new Set(newcomers)].filter((path) => !known.has(path)).sort()
  const taken = new Set(known.values())
  // How many of the paths end in that text, so that a label is given only when it names one.
  const endings = new Map<string, number>()
  for (const path of fresh) for (const ending of suffixes(path)) endings.set(ending, (endings.get(ending) ?? 0) + 1)

  const labels = new Map<string, string>()
  for (const path of fresh) {
    const free = suffixes(path).find((ending) => endings.get(ending) === 1 && !taken.has(ending))
    const label = free ?? numbered(path, taken)
    taken.add(label)
    labels.set(path, label)
  }
  return labels
}

/** `/w/app` → `app`, `w/app`, `/w/app`. */
function suffixes(path: string): string[] {
  const parts = path.split('/')
  const endings: string[] = []
  for (let from = parts.length - 1; from >= 0; from -= 1) endings.push(parts.slice(from).join('/') || '/')
  return [...new Set(endings)]
}

/** Only where another project took this one's whole path as its label, as a slug may. */
function numbered(path: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) if (!taken.has(`${path} (${number})`)) return `${path} (${number})`
}
