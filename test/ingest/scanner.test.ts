// The scan for log files: found at any depth, each under one name, and no failure stops the scan.
import { mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findRoots } from '../../src/ingest/roots.js'
import { lookAt, scanRoots } from '../../src/ingest/scanner.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import { plant, temporaryFolder } from '../support/tree.js'
import { collected, lookedAt, namesBelow, scanned, type Found } from './found.js'
import { otherAgent } from './other-agent.js'

const folder = realpathSync(temporaryFolder())
let trees = 0

/** A config directory with these transcripts, and its `projects`. */
function tree(...paths: readonly string[]): { readonly configDir: string; readonly projects: string } {
  const configDir = plant(join(folder, `tree-${trees++}`), Object.fromEntries(paths.map((path) => [path, path])))
  return { configDir, projects: join(configDir, 'projects') }
}

describe('a scan', () => {
  it('finds only transcripts, at any depth, with their sessions and stats', async () => {
    const { configDir, projects } = tree(
      '-a/1.jsonl',
      '-a/1/subagents/agent-x.jsonl',
      '-a/1/subagents/workflows/wf_1/agent-y.jsonl',
      '-a/1/subagents/workflows/wf_1/journal.jsonl',
      '-a/notes.md',
      '-a/1/tool-results/made.jsonl',
      '-a/memory/m.jsonl',
      'top.jsonl',
      '.hidden/2.jsonl',
    )
    const found = await scanned(configDir)
    expect(namesBelow(projects, found)).toEqual([
      '-a/1.jsonl',
      '-a/1/subagents/agent-x.jsonl',
      '-a/1/subagents/workflows/wf_1/agent-y.jsonl',
      '.hidden/2.jsonl',
    ])
    const main = found.files.find(({ path }) => path.endsWith('/-a/1.jsonl'))!
    const { size, mtimeMs, ino } = statSync(main.path)
    expect(main).toMatchObject({
      logFile: { project: '-a', session: '1', subagent: false },
      stat: { size, mtimeMs, inode: ino },
    })
    expect(found.failed).toEqual([])
  })

  it('finds the files of two roots', async () => {
    const [one, two] = [tree('-a/1.jsonl'), tree('-a/1.jsonl')]
    expect((await scanned(one.configDir, two.configDir, one.projects)).files).toHaveLength(2)
  })

  it.each([
    [0, 1],
    [1, 0],
  ])('finds the files of a root inside another once, as files of the inner one', async (first, second) => {
    const { configDir, projects } = tree('-a/1.jsonl', '-a/S/projects/-b/2.jsonl')
    const dirs = [configDir, join(projects, '-a/S')]
    const expected = [
      ['-a', '1'],
      ['-b', '2'],
    ]
    for (const { files } of [
      await scanned(dirs[first]!, dirs[second]!),
      await lookedAt(dirs, join(projects, '-a'), join(projects, '-a/S/projects/-b/2.jsonl')),
    ]) {
      const places = new Map(files.map(({ path, logFile }) => [path, [logFile.project, logFile.session]]))
      expect([...places.values()].sort()).toEqual(expected)
    }
  })

  it('yields to the event loop on a large tree', async () => {
    const { configDir } = tree(...Array.from({ length: 2_000 }, (_, number) => `-p${number}/1.jsonl`))
    let turns = 0
    const turning = setInterval(() => (turns += 1), 0)
    expect((await scanned(configDir)).files).toHaveLength(2_000)
    clearInterval(turning)
    expect(turns).toBeGreaterThan(0)
  })
})

describe('links', () => {
  it('to files and directories elsewhere are followed and resolved', async () => {
    const elsewhere = tree('-b/2.jsonl', '-b/3.jsonl')
    const { configDir, projects } = tree('-a/1.jsonl')
    symlinkSync(join(elsewhere.projects, '-b/2.jsonl'), join(projects, '-a/linked.jsonl'))
    mkdirSync(join(folder, 'deep'))
    writeFileSync(join(folder, 'deep/4.jsonl'), '')
    symlinkSync(join(folder, 'deep'), join(projects, '-c'))
    const found = await scanned(configDir)
    const paths = [join(folder, 'deep/4.jsonl'), join(elsewhere.projects, '-b/2.jsonl'), join(projects, '-a/1.jsonl')]
    expect(found.files.map(({ path }) => path).sort()).toEqual(paths.sort())
    expect(found.files.find(({ path }) => path.endsWith('2.jsonl'))!.logFile).toMatchObject({
      project: '-a',
      session: 'linked',
    })
    expect(found.files.find(({ path }) => path.endsWith('4.jsonl'))!.logFile).toMatchObject({
      project: '-c',
      session: '4',
    })
  })

  it.each([
    ['earlier', 'a', 'b'],
    ['later', 'b', 'a'],
  ])('to an %s file of the same tree give that file', async (_, file, link) => {
    const { configDir, projects } = tree(`-a/${file}.jsonl`)
    symlinkSync(join(projects, `-a/${file}.jsonl`), join(projects, `-a/${link}.jsonl`))
    // The scan may report it twice; the plan reads it once.
    expect(new Set(namesBelow(projects, await scanned(configDir)))).toEqual(new Set([`-a/${file}.jsonl`]))
  })

  it('into a root give files their own sessions', async () => {
    const { configDir, projects } = tree('-a/1.jsonl', '-a/1/subagents/agent-x.jsonl', '-b/2.jsonl')
    symlinkSync(join(projects, '-a/1/subagents/agent-x.jsonl'), join(projects, '-b/flat.jsonl'))
    symlinkSync('..', join(projects, '-b/up'))
    symlinkSync(join(projects, '-a/1'), join(projects, '-c'))
    // The scan reports the linked file twice under one path; the plan reads it once.
    const all = [
      ['-a', '1'],
      ['-a', '1'],
      ['-a', '1'],
      ['-b', '2'],
    ]
    const places = ({ files }: Found): unknown => files.map(({ logFile }) => [logFile.project, logFile.session]).sort()
    expect(places(await scanned(configDir))).toEqual(all)
    const named = ['-b/flat.jsonl', '-b/up', '-b/up/-b/2.jsonl', '-b/up/-b/up/-a/1.jsonl', '-c'].map((path) =>
      lookedAt(configDir, join(projects, path)),
    )
    expect((await Promise.all(named)).map(places)).toEqual([
      [['-a', '1']],
      all,
      [['-b', '2']],
      [['-a', '1']],
      [['-a', '1']],
    ])
  })

  it('to files that are no transcripts by their real path give them the session of the link', async () => {
    const { configDir, projects } = tree('top.jsonl', '-a/memory/m.jsonl')
    symlinkSync(join(projects, 'top.jsonl'), join(projects, '-a/1.jsonl'))
    symlinkSync(join(projects, '-a/memory'), join(projects, '-b'))
    const { files } = await scanned(configDir)
    expect(files.map(({ logFile }) => [logFile.project, logFile.session]).sort()).toEqual([
      ['-a', '1'],
      ['-b', 'm'],
    ])
  })

  it('to a parent directory do not loop', async () => {
    const { configDir, projects } = tree('-a/1.jsonl')
    symlinkSync(projects, join(projects, '-a/loop'))
    symlinkSync(join(projects, '-a'), join(projects, '-a/self'))
    expect(namesBelow(projects, await scanned(configDir))).toEqual(['-a/1.jsonl'])
  })

  it('to nothing are ignored, and a loop of links is reported', async () => {
    const { configDir, projects } = tree('-a/1.jsonl')
    symlinkSync(join(folder, 'nowhere.jsonl'), join(projects, '-a/dangling.jsonl'))
    symlinkSync(join(projects, '-a/loop.jsonl'), join(projects, '-a/loop.jsonl'))
    const found = await scanned(configDir)
    expect(namesBelow(projects, found)).toEqual(['-a/1.jsonl'])
    expect(found.failed).toEqual([join(projects, '-a/loop.jsonl')])
  })

  it('are not followed into directories that hold no transcripts', async () => {
    const { configDir, projects } = tree('-a/1.jsonl')
    mkdirSync(join(projects, '-a/S'))
    symlinkSync(join(projects, '-a'), join(projects, '-a/S/tool-results'))
    expect((await scanned(configDir)).files).toHaveLength(1)
  })
})

describe('lookAt, for the paths that a watcher reports,', () => {
  it('finds the transcripts among them', async () => {
    const { configDir, projects } = tree('-a/1.jsonl', '-a/1/subagents/agent-x.jsonl', '-a/notes.md', 'top.jsonl')
    const paths = [
      '-a/1.jsonl',
      '-a/1/subagents/agent-x.jsonl',
      '-a/notes.md',
      'top.jsonl',
      '-a/gone.jsonl',
      '-gone',
    ].map((path) => join(projects, path))
    const found = await lookedAt(configDir, ...paths, '/elsewhere/1.jsonl', `${projects}-beside/-a/1.jsonl`, projects)
    expect(namesBelow(projects, found)).toEqual(['-a/1.jsonl', '-a/1/subagents/agent-x.jsonl'])
    expect(found.files[0]!.logFile).toEqual({ project: '-a', session: '1', subagent: false })
    expect(found.failed).toEqual([])
  })

  it('finds the transcripts below a folder, and no others', async () => {
    const { configDir, projects } = tree(
      '-a/1.jsonl',
      '-a/1/subagents/agent-x.jsonl',
      '-a/1/tool-results/made.jsonl',
      '-b/2.jsonl',
    )
    expect(namesBelow(projects, await lookedAt(configDir, join(projects, '-a')))).toEqual([
      '-a/1.jsonl',
      '-a/1/subagents/agent-x.jsonl',
    ])
    expect(namesBelow(projects, await lookedAt(configDir, join(projects, '-a/1/tool-results')))).toEqual([])
    expect(namesBelow(projects, await lookedAt(configDir, join(projects, '-a/1/subagents')))).toEqual([
      '-a/1/subagents/agent-x.jsonl',
    ])
  })

  it.each(['-a/1/tool-results/made.jsonl', '-a/memory/m.jsonl'])('ignores what a scan ignores: %s', async (path) => {
    const { configDir, projects } = tree(path)
    expect((await scanned(configDir)).files).toEqual([])
    expect((await lookedAt(configDir, join(projects, path))).files).toEqual([])
  })

  it('resolves a link to a file, as a scan does', async () => {
    const elsewhere = tree('-b/2.jsonl')
    const { configDir, projects } = tree('-a/1.jsonl')
    symlinkSync(join(elsewhere.projects, '-b/2.jsonl'), join(projects, '-a/linked.jsonl'))
    const found = await lookedAt(configDir, join(projects, '-a/linked.jsonl'))
    expect(found.files.map(({ path }) => path)).toEqual([join(elsewhere.projects, '-b/2.jsonl')])
  })
})

describe('a scan for two agents', () => {
  /** What both a scan and a look at each path find: agent, project and path below the folder. */
  async function found(dir: string, claude: readonly string[], other: readonly string[], ...paths: readonly string[]) {
    const { roots } = findRoots([
      { source: claudeCode, paths: claude, named: true },
      { source: otherAgent, paths: other, named: true },
    ])
    const told = ({ files }: Found): string[] =>
      files
        .map(({ source, path, logFile }) => `${source.agent} ${logFile.project} ${path.slice(dir.length + 1)}`)
        .sort()
    const all = told(await collected((sink) => scanRoots(roots, sink)))
    const named = await collected((sink) =>
      lookAt(
        roots,
        paths.map((path) => join(dir, path)),
        sink,
      ),
    )
    expect(told(named)).toEqual(all)
    return all
  }

  it('finds the logs of an agent with two directories', async () => {
    const dir = join(folder, 'two-places')
    const paths = ['sessions/2026/11/25/a.jsonl', 'archive/b.jsonl', 'sessions/c.jsonl']
    plant(dir, Object.fromEntries(['/elsewhere/d.jsonl', ...paths.map((path) => `/${path}`)].map((path) => [path, ''])))
    expect(await found(dir, [dir], [dir], ...paths)).toEqual(paths.map((path) => `other nowhere ${path}`).sort())
  })

  it('assigns files outside all roots to the agent whose link leads there', async () => {
    const dir = join(folder, 'out')
    plant(dir, { '/claude/projects/-a/1.jsonl': '', '/other/sessions/2.jsonl': '', '/elsewhere/3.jsonl': '' })
    symlinkSync(join(dir, 'elsewhere'), join(dir, 'other/sessions/linked'))
    symlinkSync(join(dir, 'other/sessions/2.jsonl'), join(dir, 'claude/projects/-a/inside.jsonl'))
    const { roots } = findRoots([
      { source: claudeCode, paths: [join(dir, 'claude')], named: true },
      { source: otherAgent, paths: [join(dir, 'other')], named: true },
    ])
    const { outside } = await collected((sink) => scanRoots(roots, sink))
    expect(outside).toEqual([`other ${join(dir, 'elsewhere')}`])
  })

  it('assigns each file in a shared directory once, to the first agent', async () => {
    const { configDir } = tree('-a/1.jsonl', 'top.jsonl')
    const other = join(configDir, 'other')
    mkdirSync(other)
    symlinkSync(join(configDir, 'projects'), join(other, 'sessions'))
    const paths = ['projects/-a/1.jsonl', 'projects/top.jsonl']
    expect(await found(configDir, [configDir], [other], ...paths)).toEqual(['claude-code -a projects/-a/1.jsonl'])
  })

  it.each([
    ['projects/-a/1.jsonl', 'projects/-a/S/sessions/2.jsonl', 'projects/-a/S/sessions/deep/3.jsonl'],
    ['projects/-a/S/sessions/deep/3.jsonl', 'projects/-a/S/sessions/2.jsonl', 'projects/-a/1.jsonl'],
  ])('assigns each file in nested roots once, to the innermost: %s first', async (...paths) => {
    const { configDir, projects } = tree(...paths.map((path) => path.slice('projects/'.length)))
    expect(await found(configDir, [configDir], [join(projects, '-a/S')], ...paths)).toEqual([
      'claude-code -a projects/-a/1.jsonl',
      'other nowhere projects/-a/S/sessions/2.jsonl',
      'other nowhere projects/-a/S/sessions/deep/3.jsonl',
    ])
  })
})
