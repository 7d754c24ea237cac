// The roots of one and of several agents: missing, unreadable, linked and overlapping directories.
import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findRoots, firstWithLogs, type FoundRoots } from '../../src/ingest/roots.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import type { Source } from '../../src/sources/source.js'
import { temporaryFolder } from '../support/tree.js'
import { rootsOf } from './found.js'
import { otherAgent } from './other-agent.js'

const top = realpathSync(temporaryFolder())
let folders = 0

/** A folder with these directories in it. */
function folder(...directories: readonly string[]): string {
  const made = join(top, String(folders++))
  for (const directory of ['', ...directories]) mkdirSync(join(made, directory), { recursive: true })
  return made
}

describe('the roots of an agent', () => {
  it('contain each real directory once, under any name, and the missing ones', () => {
    const home = folder('projects')
    const link = join(top, 'link')
    symlinkSync(home, link)
    const none = join(top, 'none')
    const projects = join(home, 'projects')
    expect(rootsOf(claudeCode, link, home, projects, none).map(({ wanted, path }) => [wanted, path])).toEqual([
      [join(link, 'projects'), projects],
      [join(none, 'projects'), undefined],
    ])
  })

  it('contain no files', () => {
    const home = folder()
    writeFileSync(join(home, 'projects'), '')
    expect(rootsOf(claudeCode, home)[0]!.path).toBeUndefined()
  })

  it('are the first existing candidate of each group', () => {
    const found = (...directories: readonly string[]): (string | undefined)[] => {
      const home = folder(...directories)
      return rootsOf(otherAgent, home).map(({ path }) => path?.slice(home.length + 1))
    }
    expect(found('sessions', 'old-sessions', 'archive')).toEqual(['sessions', 'archive'])
    expect(found('old-sessions', 'archive')).toEqual(['old-sessions', 'archive'])
    expect(found('archive')).toEqual(['archive'])
    expect(found('sessions')).toEqual(['sessions'])
    expect(found()).toEqual([undefined])
  })

  it('are all matches of a candidate with wildcards', () => {
    const agents: Source = { ...otherAgent, roots: (directory) => [[`${directory}/agents/*/sessions`]] }
    const home = folder('agents/a/sessions', 'agents/b/sessions', 'agents/c')
    const paths = ['agents/a/sessions', 'agents/b/sessions'].map((path) => join(home, path))
    expect(rootsOf(agents, home).map(({ path }) => path)).toEqual(paths)
    expect(rootsOf(agents, join(top, '*')).map(({ path }) => path)).toEqual(paths)
  })

  it('include unreachable directories', () => {
    const parent = folder('ann/sessions')
    const home = join(parent, 'ann')
    symlinkSync(join(home, 'archive'), join(home, 'archive'))
    const looked = (path: string): unknown =>
      rootsOf(otherAgent, path).map(({ path, unreachable }) => [path !== undefined, /ELOOP/.test(unreachable ?? '')])
    expect(looked(home)).toEqual([
      [true, false],
      [false, true],
    ])
    // Unreachable matches of a pattern are left out
    expect(looked(join(parent, '*'))).toEqual([[true, false]])
    rmSync(join(home, 'sessions'), { recursive: true })
    expect(looked(home)).toEqual([[false, true]])
    // unless there is no other match.
    expect(looked(join(parent, '*'))).toEqual([[false, true]])
    mkdirSync(join(parent, 'bob/sessions'), { recursive: true })
    expect(looked(join(parent, '*'))).toEqual([[true, false]])
  })

  it('report a directory that cannot be listed for a pattern', () => {
    const home = folder()
    symlinkSync('closed', join(home, 'closed'))
    const agents: Source = { ...otherAgent, roots: (directory) => [[`${directory}/closed/*/sessions`]] }
    const unreachable = expect.stringContaining('ELOOP') as string
    expect(rootsOf(otherAgent, join(home, 'closed/*'))).toMatchObject([{ path: undefined, unreachable }])
    expect(rootsOf(agents, home)).toMatchObject([{ path: undefined, unreachable }])
    expect(rootsOf(otherAgent, join(home, 'none/*'))).toMatchObject([{ path: undefined }])
    expect(rootsOf(otherAgent, join(home, 'none/*'))[0]).not.toHaveProperty('unreachable')
  })
})

describe('the roots of two agents', () => {
  const both = (claude: readonly string[], other: readonly string[], named = true): FoundRoots =>
    findRoots([
      { source: claudeCode, paths: claude, named },
      { source: otherAgent, paths: other, named },
    ])
  const agents = ({ roots }: FoundRoots): string[] => roots.map(({ source }) => source.agent)
  const overlapping = ({ overlaps }: FoundRoots): unknown =>
    overlaps.map(({ reader, other }) => [reader.source.agent, reader.path, other.source.agent, other.path])

  it('are the roots of both', () => {
    const found = both([folder('projects')], [folder('sessions')])
    expect(agents(found)).toEqual(['claude-code', 'other'])
    expect(found.overlaps).toEqual([])
  })

  it('leave out an unused agent unless its directories are configured or no other agent is used', () => {
    const [claude, none] = [folder('projects'), join(top, 'none')]
    expect(agents(both([claude], [none], false))).toEqual(['claude-code'])
    expect(agents(both([claude], [none], true))).toEqual(['claude-code', 'other'])
    expect(agents(both([none], [none], false))).toEqual(['claude-code', 'other'])
    // If configured logs are missing, those of the unused agent are still not listed as missing.
    const gone = { source: claudeCode, paths: [none], named: true }
    const unused = { source: otherAgent, paths: [none], named: false }
    expect(agents(findRoots([gone, unused]))).toEqual(['claude-code'])
    // Missing directories of a used agent are kept.
    expect(agents(both([claude, none], [none], false))).toEqual(['claude-code', 'claude-code'])
  })

  it('of a requested agent count as configured if none of its directories exists', () => {
    const [claude, none] = [folder('projects'), join(top, 'none')]
    const found = (paths: readonly string[]): unknown =>
      findRoots([
        { source: claudeCode, paths, named: false, asked: true },
        { source: otherAgent, paths: [folder('sessions')], named: false },
      ]).roots.map(({ source, path, named }) => [source.agent, path !== undefined, named])
    expect(found([claude, none])).toEqual([
      ['claude-code', true, false],
      ['claude-code', false, false],
      ['other', true, false],
    ])
    expect(found([none])).toEqual([
      ['claude-code', false, true],
      ['other', true, false],
    ])
    const asked = [claudeCode, otherAgent].map((source) => ({ source, paths: [none], named: false, asked: true }))
    expect(findRoots(asked).roots.map(({ named }) => named)).toEqual([true, true])
  })

  it('belong to the first agent when they are the same directory', () => {
    const home = folder('projects')
    const link = folder()
    symlinkSync(join(home, 'projects'), join(link, 'sessions'))
    const projects = join(home, 'projects')
    const found = both([home], [link])
    expect(found.roots.map(({ source, path }) => [source.agent, path])).toEqual([['claude-code', projects]])
    expect(overlapping(found)).toEqual([['claude-code', projects, 'other', projects]])
  })

  it('are both kept when one contains the other, and the inner one belongs to its own agent', () => {
    const home = folder('projects/-a/sessions')
    const inner = join(home, 'projects/-a')
    const found = both([home], [inner])
    expect(agents(found)).toEqual(['claude-code', 'other'])
    const roots = ['other', join(inner, 'sessions'), 'claude-code', join(home, 'projects')]
    expect(overlapping(found)).toEqual([roots])
    expect(overlapping(both([], [folder('sessions')]))).toEqual([])
  })

  it('of one agent may overlap, too', () => {
    const home = folder('projects/-a/S/projects')
    const projects = join(home, 'projects')
    const inner = join(projects, '-a/S/projects')
    expect(overlapping(both([home, projects, join(projects, '-a/S')], []))).toEqual([
      ['claude-code', projects, 'claude-code', projects],
      ['claude-code', inner, 'claude-code', projects],
    ])
  })

  it('give the first agent whose roots are not empty', () => {
    const [empty, full] = [folder('projects'), folder('sessions', 'archive/2026')]
    const first = (claude: readonly string[], other: readonly string[]): string | undefined =>
      firstWithLogs(both(claude, other).roots)?.agent
    expect(first([], [])).toBeUndefined()
    expect(first([empty, join(top, 'none')], [])).toBeUndefined()
    expect(first([empty], [full])).toBe('other')
    expect(first([empty, folder('projects/-a')], [full])).toBe('claude-code')
  })
})
