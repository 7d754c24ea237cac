// Worktrees that Claude Code makes count for their repository, whether git still knows them or not.
import { isHome, normalPath } from '../../core/labels/folders.js'
import { repositoryOfWorktree } from '../git-worktree.js'

/**
 * Project of a working directory (claude-code-logs 1.3): worktrees are folded into their repository, as git's own pointers
 * say, else by their path; a child directory stays what it is.
 */
export function projectOfDirectory(cwd: string): string {
  const path = normalPath(cwd)
  return repositoryOfWorktree(path) ?? foldMadeWorktree(path)
}

/**
 * A worktree that Claude Code made stands below its repository. Below `~/.claude/worktrees` people and tools keep those of
 * any repository.
 */
export function foldMadeWorktree(path: string): string {
  const at = path.indexOf('/.claude/worktrees/')
  return at > 0 && !isHome(path.slice(0, at)) ? path.slice(0, at) : path
}
