// Places of generated sessions: a working directory, its log folder, and a worktree.

/**
 * `forkable`: the latest session there that can be forked.
 * @typedef {{ label: string, cwd: string, slug: string, forkable: string | undefined }} Folder
 */

const words = ['amber', 'basalt', 'cedar', 'delta', 'ember', 'fjord', 'garnet', 'harbor', 'iris', 'juniper', 'kelp']

/** @param {number} index @param {import('./random.js').Random} random @returns {{ main: Folder, worktree: Folder }} */
export function createPlace(index, random) {
  const label = `${words[index % words.length]}-${random.pick(words)}-${index}`
  const cwd = `/home/dev/src/${label}`
  /** @param {string} path @returns {Folder} */
  const folder = (path) => ({ label, cwd: path, slug: path.replace(/[^A-Za-z0-9]/g, '-'), forkable: undefined })
  return { main: folder(cwd), worktree: folder(`${cwd}/.claude/worktrees/quick-fix`) }
}
