// From working directories to labels (claude-code-logs 1.3).
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldMadeWorktree, labelProjects, normalPath } from '../../src/core/projects.js'

describe('one spelling for one directory', () => {
  it.each([
    ['/w/app', '/w/app'],
    ['/w/app/', '/w/app'],
    ['/w/app///', '/w/app'],
    [' /w/app\t', '/w/app'],
    ['/', '/'],
    ['c:\\Users\\me\\app', 'C:/Users/me/app'],
    ['C:\\Users\\me\\app\\', 'C:/Users/me/app'],
    ['c:/Users', 'C:/Users'],
    ['/w/c:/app', '/w/c:/app'],
    ['\\\\server\\share', '//server/share'],
    ['/w/Ünï côde', '/w/Ünï côde'],
  ])('%s → %s', (cwd, path) => {
    expect(normalPath(cwd)).toBe(path)
    expect(normalPath(path)).toBe(path)
  })
})

describe('a worktree made by the agent', () => {
  it.each([
    ['/w/app/.claude/worktrees/x', '/w/app'],
    ['/w/app/.claude/worktrees/x/deep/below', '/w/app'],
    ['C:/w/app/.claude/worktrees/x', 'C:/w/app'],
    ['/w/app/.claude/worktrees/x/.claude/worktrees/y', '/w/app'],
    ['/w/app/.claude', '/w/app/.claude'],
    ['/w/app/.claude/worktrees', '/w/app/.claude/worktrees'],
    ['/.claude/worktrees/x', '/.claude/worktrees/x'],
    ['/w/app/x.claude/worktrees/x', '/w/app/x.claude/worktrees/x'],
  ])('%s → %s', (path, project) => {
    expect(foldMadeWorktree(path)).toBe(project)
  })
})

describe('labels', () => {
  const label = (paths: readonly string[], known: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(labelProjects(new Map(Object.entries(known)), paths))

  it.each<[string, string[], Record<string, string>]>([
    ['the last component', ['/w/app', '/w/lib'], { '/w/app': 'app', '/w/lib': 'lib' }],
    ['parents where two share it', ['/w/app', '/v/app'], { '/w/app': 'w/app', '/v/app': 'v/app' }],
    ['as many parents as it takes', ['/a/w/app', '/b/w/app', '/c/app'], { '/a/w/app': 'a/w/app', '/b/w/app': 'b/w/app', '/c/app': 'c/app' }],
    ['the whole path where one ends the other', ['/app', '/w/app'], { '/app': '/app', '/w/app': 'w/app' }],
    ['a slug as it is', ['-w-app', '/w/app'], { '-w-app': '-w-app', '/w/app': 'app' }],
    ['the root', ['/'], { '/': '/' }],
    ['a drive', ['C:/app', 'D:/app', 'C:'], { 'C:/app': 'C:/app', 'D:/app': 'D:/app', 'C:': 'C:' }],
    ['two that one slug would hold', ['/w/a_b', '/w/a-b'], { '/w/a_b': 'a_b', '/w/a-b': 'a-b' }],
  ])('%s', (_, paths, labels) => {
    expect(label(paths)).toEqual(labels)
    expect(label([...paths].reverse())).toEqual(labels)
    expect(label([...paths, ...paths])).toEqual(labels)
  })

  it('once given stay, and only the newcomer grows', () => {
    expect(label(['/v/app', '/w/app'], { '/w/app': 'app' })).toEqual({ '/v/app': 'v/app' })
  })

  it('are numbered where the whole path is taken as a label', () => {
    expect(label(['app'], { '/w/app': 'app' })).toEqual({ app: 'app (2)' })
    expect(label(['app'], { '/w/app': 'app', '/w/x': 'app (2)' })).toEqual({ app: 'app (3)' })
  })

  it('are never shared', () => {
    const paths = fc.array(fc.stringMatching(/^(\/[ab]){0,3}\/?$|^[ab]$/), { maxLength: 6 })
    fc.assert(
      fc.property(paths, paths, (first, second) => {
        const known = labelProjects(new Map(), first)
        const all = new Map([...known, ...labelProjects(known, second)])
        expect(new Set(all.values()).size).toBe(all.size)
        expect([...all.keys()].sort()).toEqual([...new Set([...first, ...second])].sort())
      }),
      { numRuns: 2_000 },
    )
  })
})
