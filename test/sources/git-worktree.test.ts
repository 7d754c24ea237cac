// Worktrees in git's own layout, made by hand: their sessions count for the repository, and no state of the disk makes
// the lookup fail.
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
  it('is the repository for a worktree and for directories below it', () => {
    expect(projectOfDirectory(tree)).toBe(repository)
    expect(projectOfDirectory(`${tree}/`)).toBe(repository)
    expect(projectOfDirectory(join(tree, 'deep/below'))).toBe(repository)
  })

  it('is the repository for a worktree whose pointer is relative and ends in CR LF', () => {
    const relative = made('beside/tree')
    writeFileSync(join(relative, '.git'), 'gitdir: ../../repository/.git/worktrees/tree  \r\n')
    expect(projectOfDirectory(relative)).toBe(repository)
  })

  it('is found from the nearest existing parent when the directory is gone', () => {
    expect(projectOfDirectory(join(tree, 'gone/further'))).toBe(repository)
  })

  it('is the directory itself below an ordinary repository', () => {
    expect(projectOfDirectory(made('repository/packages/one'))).toBe(join(repository, 'packages/one'))
    expect(projectOfDirectory(repository)).toBe(repository)
  })

  it('is the inner repository for a repository inside a worktree', () => {
    const inner = made('elsewhere/tree/inner/.git', 'elsewhere/tree/inner')
    expect(projectOfDirectory(inner)).toBe(inner)
  })

  it.each([
    ['the pointer of a submodule', (repo: string) => `gitdir: ${repo}/.git/modules/sub\n`],
    ['unknown text', () => 'not a pointer\n'],
    ['no text', () => ''],
    ['a worktree of the root directory', () => 'gitdir: /.git/worktrees/x\n'],
  ])('is the directory itself when its .git file holds %s', (name, pointer) => {
    const directory = made(`pointers/${name.replaceAll(' ', '-')}`)
    writeFileSync(join(directory, '.git'), pointer(repository))
    expect(projectOfDirectory(directory)).toBe(directory)
  })

  it('is the normalized path for a directory that is not on this machine', () => {
    expect(projectOfDirectory('/no/such/app/')).toBe('/no/such/app')
    expect(projectOfDirectory('c:\\Users\\me\\app')).toBe('C:/Users/me/app')
    expect(projectOfDirectory('relative/app')).toBe('relative/app')
    expect(projectOfDirectory('/no/such/app/.claude/worktrees/x/y')).toBe('/no/such/app')
  })

  it('is the repository for a worktree that git itself made', ({ skip }) => {
    const git = (cwd: string, ...flags: string[]): void => {
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...flags], { cwd, stdio: 'pipe' })
    }
    const real = made('real')
    try {
      git(real, 'init', '--quiet')
    } catch {
      console.warn('git is not installed: worktrees made by git are not tested')
      skip()
    }
    git(real, 'commit', '--quiet', '--allow-empty', '--message=first')
    git(real, 'worktree', 'add', '--quiet', '--detach', join(folder, 'real-tree'))
    expect(projectOfDirectory(join(folder, 'real-tree'))).toBe(real)
  })
})

describe('the project is the path itself when the disk refuses a directory', () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const loop = join(folder, 'loop')
  symlinkSync(loop, loop)
  const unreadable = made('unreadable')
  symlinkSync(join(unreadable, '.git'), join(unreadable, '.git'))

  it.each([
    ['below a file', join(file, 'below')],
    ['a file', file],
    ['in a loop of links', join(loop, 'app')],
    ['with a .git that is a loop of links', unreadable],
    ['with a name that is too long', `/${'x'.repeat(300)}/app`],
    ['with a path of 4096 characters', '/x'.repeat(2_048)],
    ['with a NUL character', '/w/a\0b'],
  ])('%s', (_, directory) => {
    expect(projectOfDirectory(directory)).toBe(directory)
  })
})

function made(path: string, answer = path): string {
  mkdirSync(join(folder, path), { recursive: true })
  return join(folder, answer)
}

describe('foldMadeWorktree maps a path to its project', () => {
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
