// Git's own layout of worktrees, made by hand: their sessions count for the repository, and nothing on the disk can make
// a working directory fail.
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { foldMadeWorktree, projectOfDirectory } from '../../src/sources/git-worktree.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const repository = made('repository/.git/worktrees/tree', 'repository')
const tree = made('elsewhere/tree/deep/below', 'elsewhere/tree')
writeFileSync(join(tree, '.git'), `gitdir: ${repository}/.git/worktrees/tree\n`)

describe('the project of a working directory', () => {
  it('of a worktree is its repository, from below it too', () => {
    expect(projectOfDirectory(tree)).toBe(repository)
    expect(projectOfDirectory(`${tree}/`)).toBe(repository)
    expect(projectOfDirectory(join(tree, 'deep/below'))).toBe(repository)
  })

  it('of a worktree with a relative pointer, and other line ends, is its repository', () => {
    const relative = made('beside/tree')
    writeFileSync(join(relative, '.git'), 'gitdir: ../../repository/.git/worktrees/tree  \r\n')
    expect(projectOfDirectory(relative)).toBe(repository)
  })

  it('below a directory that is gone is found by what is left above it', () => {
    expect(projectOfDirectory(join(tree, 'gone/further'))).toBe(repository)
  })

  it('of a child directory in a repository is the child', () => {
    expect(projectOfDirectory(made('repository/packages/one'))).toBe(join(repository, 'packages/one'))
    expect(projectOfDirectory(repository)).toBe(repository)
  })

  it('in a repository inside a worktree is what it is', () => {
    const inner = made('elsewhere/tree/inner/.git', 'elsewhere/tree/inner')
    expect(projectOfDirectory(inner)).toBe(inner)
  })

  it.each([
    ['a submodule', (repo: string) => `gitdir: ${repo}/.git/modules/sub\n`],
    ['something else', () => 'not a pointer\n'],
    ['nothing', () => ''],
    ['the root', () => 'gitdir: /.git/worktrees/x\n'],
  ])('whose .git points to %s is the directory', (name, pointer) => {
    const directory = made(`pointers/${name.replaceAll(' ', '-')}`)
    writeFileSync(join(directory, '.git'), pointer(repository))
    expect(projectOfDirectory(directory)).toBe(directory)
  })

  it('that is not on this machine is its path', () => {
    expect(projectOfDirectory('/no/such/app/')).toBe('/no/such/app')
    expect(projectOfDirectory('c:\\Users\\me\\app')).toBe('C:/Users/me/app')
    expect(projectOfDirectory('relative/app')).toBe('relative/app')
    expect(projectOfDirectory('/no/such/app/.claude/worktrees/x/y')).toBe('/no/such/app')
  })

  it('agrees with git, where git is installed', ({ skip }) => {
    const git = (cwd: string, ...flags: string[]): void => {
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...flags], { cwd, stdio: 'pipe' })
    }
    const real = made('real')
    try {
      git(real, 'init', '--quiet')
    } catch {
      console.warn('git is not installed: its own worktrees were not tried')
      skip()
    }
    git(real, 'commit', '--quiet', '--allow-empty', '--message=first')
    git(real, 'worktree', 'add', '--quiet', '--detach', join(folder, 'real-tree'))
    expect(projectOfDirectory(join(folder, 'real-tree'))).toBe(real)
  })
})

describe('a working directory that the disk refuses is its path', () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const loop = join(folder, 'loop')
  symlinkSync(loop, loop)
  const unreadable = made('unreadable')
  symlinkSync(join(unreadable, '.git'), join(unreadable, '.git'))

  it.each([
    ['below a file', join(file, 'below')],
    ['that is a file', file],
    ['in a loop of links', join(loop, 'app')],
    ['whose .git is a loop of links', unreadable],
    ['with a name too long', `/${'x'.repeat(300)}/app`],
    ['with a path as long as can be', '/x'.repeat(2_048)],
    ['with NUL in it', '/w/a\0b'],
  ])('%s', (_, directory) => {
    expect(projectOfDirectory(directory)).toBe(directory)
  })
})

function made(path: string, answer = path): string {
  mkdirSync(join(folder, path), { recursive: true })
  return join(folder, answer)
}

describe('a worktree made by an agent', () => {
  it.each([
    ['/w/app/.claude/worktrees/x', '/w/app'],
    ['/w/app/.gemini/worktrees/x', '/w/app'],
    ['/w/app/.claude/worktrees/x/deep/below', '/w/app'],
    ['C:/w/app/.claude/worktrees/x', 'C:/w/app'],
    ['/w/app/.claude/worktrees/x/.claude/worktrees/y', '/w/app'],
    ['/home/ann/.claude/worktrees/shop/fix', '/home/ann/.claude/worktrees/shop/fix'],
    ['/home/ann/.codex/worktrees/1a2b/shop', '/home/ann/.codex/worktrees/1a2b/shop'],
    ['/root/.claude/worktrees/shop/fix', '/root/.claude/worktrees/shop/fix'],
    ['C:/Users/ann/.claude/worktrees/shop/fix', 'C:/Users/ann/.claude/worktrees/shop/fix'],
    ['/home/ann/app/.claude/worktrees/x', '/home/ann/app'],
    ['/w/app/.claude', '/w/app/.claude'],
    ['/w/app/.claude/worktrees', '/w/app/.claude/worktrees'],
    ['/.claude/worktrees/x', '/.claude/worktrees/x'],
    ['/w/app/x.claude/worktrees/x', '/w/app/x.claude/worktrees/x'],
    ['/w/app/worktrees/x', '/w/app/worktrees/x'],
  ])('%s → %s', (path, project) => {
    expect(foldMadeWorktree(path)).toBe(project)
  })
})
