// Worktrees that Claude Code makes below a repository count for the repository.
import { describe, expect, it } from 'vitest'
import { foldMadeWorktree, projectOfDirectory } from '../../../src/sources/claude-code/worktree.js'

describe('the project of a working directory', () => {
  it('that the agent made is its repository, on this machine or not', () => {
    expect(projectOfDirectory('/no/such/app/.claude/worktrees/x/y')).toBe('/no/such/app')
  })
})

describe('a worktree made by the agent', () => {
  it.each([
    ['/w/app/.claude/worktrees/x', '/w/app'],
    ['/w/app/.claude/worktrees/x/deep/below', '/w/app'],
    ['C:/w/app/.claude/worktrees/x', 'C:/w/app'],
    ['/w/app/.claude/worktrees/x/.claude/worktrees/y', '/w/app'],
    ['/home/ann/.claude/worktrees/shop/fix', '/home/ann/.claude/worktrees/shop/fix'],
    ['C:/Users/ann/.claude/worktrees/shop/fix', 'C:/Users/ann/.claude/worktrees/shop/fix'],
    ['/home/ann/app/.claude/worktrees/x', '/home/ann/app'],
    ['/w/app/.claude', '/w/app/.claude'],
    ['/w/app/.claude/worktrees', '/w/app/.claude/worktrees'],
    ['/.claude/worktrees/x', '/.claude/worktrees/x'],
    ['/w/app/x.claude/worktrees/x', '/w/app/x.claude/worktrees/x'],
  ])('%s → %s', (path, project) => {
    expect(foldMadeWorktree(path)).toBe(project)
  })
})
