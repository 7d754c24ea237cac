// The repository that a hand-made git worktree belongs to, so that its sessions count for one project.
import { readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { foldMadeWorktree, normalPath } from '../core/projects.js'

/**
 * Project of a working directory (claude-code-logs 1.3): worktrees are folded into their repository, a child directory
 * stays what it is. Where the directory is not on this machine, its path is all there is to go by.
 */
export function projectOfDirectory(cwd: string): string {
  const path = normalPath(cwd)
  const folded = foldMadeWorktree(path)
  if (folded !== path) return folded
  try {
    return repositoryOfWorktree(path) ?? path
  } catch {
    // A log may name anything: a path too long, one through a file, one in a loop of links. It is a name, then.
    return path
  }
}

/** The main repository, when the nearest `.git` above is a file that points into `<repository>/.git/worktrees/`. */
function repositoryOfWorktree(path: string): string | undefined {
  // Of another system, or relative: to look for it from where this program runs would find its own repository.
  if (!isAbsolute(path)) return undefined
  for (let directory = path; ; directory = dirname(directory)) {
    const git = statSync(`${directory}/.git`, { throwIfNoEntry: false })
    if (git?.isFile() === true) return pointedRepository(`${directory}/.git`, directory)
    if (git !== undefined || dirname(directory) === directory) return undefined
  }
}

function pointedRepository(file: string, directory: string): string | undefined {
  const target = /^gitdir:\s*(.+?)\s*$/m.exec(readFileSync(file, 'utf8'))?.[1]
  if (target === undefined) return undefined
  const gitDirectory = normalPath(resolve(directory, target))
  const at = gitDirectory.indexOf('/.git/worktrees/')
  return at > 0 ? gitDirectory.slice(0, at) : undefined
}
