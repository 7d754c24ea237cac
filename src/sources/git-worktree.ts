// The repository that a git worktree belongs to, so that all of its worktrees' sessions count for one project.
import { resolve } from 'node:path'
import { isHome, normalPath } from '../core/labels/folders.js'
import { below, localDirectories, localDisk, startOfFile, type Disk } from './local-disk.js'

/**
 * The project of a working directory: the repository of its worktree, according to git's own pointers, otherwise
 * according to the path. A subdirectory of a repository stays a project of its own (claude-code-logs 1.3).
 */
export function projectOfDirectory(cwd: string, disk = localDisk): string {
  const path = normalPath(cwd)
  return repositoryOfWorktree(path, disk) ?? foldMadeWorktree(path)
}

/**
 * Agents create worktrees in a hidden folder of the repository, `<repository>/.agent/worktrees/x`, and delete them when
 * the work is done. Such a folder in a home directory is left alone: it can hold worktrees of any repository.
 */
export function foldMadeWorktree(path: string): string {
  const at = path.search(/\/\.[^/]+\/worktrees\/[^/]/)
  return at > 0 && !isHome(path.slice(0, at)) ? path.slice(0, at) : path
}

/**
 * Applies if the nearest `.git` above is a file that points to a worktree's directory in a repository. For directories
 * that are not on this machine, only the path is available.
 * @param path normalised
 */
export function repositoryOfWorktree(path: string, disk: Disk = localDisk): string | undefined {
  for (const directory of localDirectories(path, disk).toReversed()) {
    const git = disk.entry(below(directory, '.git'))
    if (git === undefined) continue
    const target =
      git.kind === 'file' ? /^gitdir:\s*(.+?)\s*$/m.exec(startOfFile(directory, '.git', disk))?.[1] : undefined
    return target === undefined ? undefined : repositoryOf(normalPath(resolve(directory, target)), disk)
  }
  return undefined
}

/** @param gitDirectory of a worktree; that of a submodule does not count */
function repositoryOf(gitDirectory: string, disk: Disk): string | undefined {
  const usual = /^(.+)\/worktrees\/[^/]+$/.exec(gitDirectory)?.[1]
  if (usual === undefined) return undefined
  const pointer = startOfFile(gitDirectory, 'commondir', disk).trim()
  const common = pointer === '' ? usual : normalPath(resolve(gitDirectory, pointer))
  const [, parent = '', name = ''] = /^(.*)\/([^/]*)$/.exec(common) ?? []
  if (name === '.git') return parent === '' ? undefined : parent
  // A submodule's configuration states where it is checked out; by default, the path is its name.
  const checkedOut = /^\s*worktree\s*=\s*(.+?)\s*$/m.exec(startOfFile(common, 'config', disk))?.[1]
  if (checkedOut !== undefined) return normalPath(resolve(common, checkedOut))
  const submodule = common.indexOf('/.git/modules/')
  if (submodule > 0)
    return common.slice(0, submodule) + common.slice(submodule + '/.git/modules'.length).replaceAll('/modules/', '/')
  // A bare repository: `shop/.bare` between its worktrees, or `shop.git`.
  return name.startsWith('.') ? parent || undefined : common.replace(/(?<=[^/])\.git$/, '')
}
