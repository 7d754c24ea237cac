// Which project a session counts for, in real layouts of folders. Both the program and the independent reference must agree
// with the expected values.
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reference } from '../reference/reference.js'
import { sumOf, type Sample } from '../support/exposition.js'
import { line, lines } from '../support/line.js'
import type { Files } from '../support/tree.js'
import { NOW_MS, homes, requests, running, transcript, type Home } from './running.js'

const home = homes()
const UUID = '11111111-1111-4111-8111-111111111111'

/** Requests by project that the program shows after one pass, checked against the reference. */
async function projects(
  planted: Home,
  configDirs: readonly string[] = [planted.configDir],
): Promise<Record<string, number>> {
  const { scrape } = await running(
    planted,
    configDirs.map((dir) => `--claude.config-dir=${dir}`),
  )
  const shown = byProject(await scrape())
  const expected: Record<string, number> = {}
  for (const [name, { requests: count }] of reference(configDirs, { nowMs: NOW_MS }).perProjectModel) {
    const project = name.split(' | ')[0]!
    expected[project] = (expected[project] ?? 0) + count
  }
  expect(shown).toEqual(expected)
  return shown
}

function byProject(all: readonly Sample[]): Record<string, number> {
  const names = new Set(
    all.filter(({ name }) => name === 'agent_usage_requests_total').map(({ labels }) => labels['project']!),
  )
  return Object.fromEntries([...names].sort().map((project) => [project, requests(all, { project })]))
}

/** Files with one session for each working directory. */
function sessions(directories: readonly string[]): Files {
  return Object.fromEntries(
    directories.map((cwd, index) => [`folder-${index}/S${index}.jsonl`, transcript(cwd, `${index}`)]),
  )
}

/** Creates worktrees and their Git directories below `dir`. */
function below(dir: string, worktrees: Readonly<Record<string, string>>): void {
  for (const [tree, gitDirectory] of Object.entries(worktrees)) {
    mkdirSync(join(dir, tree), { recursive: true })
    mkdirSync(join(dir, gitDirectory), { recursive: true })
    writeFileSync(join(dir, tree, '.git'), `gitdir: ${join(dir, gitDirectory)}\n`)
    writeFileSync(join(dir, gitDirectory, 'commondir'), '../..\n')
  }
}

function plantSessions(planted: Home, directories: readonly string[]): void {
  for (const [path, content] of Object.entries(sessions(directories.map((each) => join(planted.dir, each))))) {
    mkdirSync(dirname(join(planted.configDir, 'projects', path)), { recursive: true })
    writeFileSync(join(planted.configDir, 'projects', path), content)
  }
}

describe('worktrees count for their repository,', () => {
  it('which may be bare or lie next to them', async () => {
    const planted = home()
    below(planted.dir, {
      'work/shop/main': 'work/shop/.bare/worktrees/main',
      'work/shop/feature-cart': 'work/shop/.bare/worktrees/feature-cart',
      'work2/trunk': 'work2/tax.git/worktrees/trunk',
      'work2/fix-vat': 'work2/tax.git/worktrees/fix-vat',
      'work3/list/main': 'work3/list/.git/worktrees/main',
    })
    writeFileSync(join(planted.dir, 'work/shop/.git'), 'gitdir: ./.bare\n')
    plantSessions(planted, [
      'work/shop',
      'work/shop/main',
      'work/shop/feature-cart',
      'work2/trunk',
      'work2/fix-vat',
      'work3/list/main',
      'work3/list',
    ])
    expect(await projects(planted)).toEqual({ shop: 3, tax: 2, list: 2 })
  })

  it('also below the agent’s home directory, and never for its owner', async () => {
    const planted = home()
    below(planted.dir, {
      'home/ann/.claude/worktrees/shop/fix-slug-1234': 'home/ann/src/shop/.git/worktrees/fix-slug-1234',
      'home/ann/.claude/worktrees/blog/audit-7': 'home/ann/src/blog/.git/worktrees/audit-7',
    })
    plantSessions(planted, [
      'home/ann/.claude/worktrees/shop/fix-slug-1234',
      'home/ann/.claude/worktrees/blog/audit-7/deep',
      'home/ann/src/shop',
      'home/ann/src/blog',
      'home/ann/.claude/worktrees/shop/gone-5',
    ])
    expect(await projects(planted)).toEqual({ shop: 2, blog: 2, 'gone-5': 1 })
  })

  it('which may be a submodule', async () => {
    const planted = home()
    below(planted.dir, {
      'trees/one': 'super/.git/modules/libs/tax/worktrees/one',
      'trees/two': 'super/.git/modules/moved/worktrees/two',
    })
    writeFileSync(
      join(planted.dir, 'super/.git/modules/libs/tax/config'),
      '[core]\n\tbare = false\n\tworktree = ../../../../libs/tax\n',
    )
    writeFileSync(join(planted.dir, 'super/.git/modules/moved/config'), '[core]\n\tworktree = ../../../new/vat\n')
    plantSessions(planted, ['trees/one', 'trees/two', 'super/libs/tax', 'super/new/vat', 'super'])
    expect(await projects(planted)).toEqual({ tax: 2, vat: 2, super: 1 })
  })
})

describe('one folder is one project,', () => {
  it('whether Windows, WSL or Git Bash writes its path', async () => {
    const till = ['C:\\Users\\ann\\src\\till', '/mnt/c/Users/ann/src/till', '/c/Users/ann/src/till']
    expect(
      await projects(home(sessions([...till, '/home/ann/shop', '\\\\wsl.localhost\\Ubuntu\\home\\ann\\shop']))),
    ).toEqual({ till: 3, shop: 2 })
  })

  it('whatever case its path has on Windows', async () => {
    const till = ['C:\\Users\\Ann\\Documents\\Code\\Till', 'c:\\users\\ann\\documents\\code\\Till']
    expect(await projects(home(sessions(['d:\\docu2', 'D:\\Docu2', ...till])))).toEqual({ Docu2: 2, Till: 2 })
  })

  it('even if another spelling appears after a restart', async () => {
    const planted = home(sessions(['/mnt/c/Users/ann/src/till']))
    const { app } = await running(planted)
    await app.stop()
    mkdirSync(join(planted.configDir, 'projects/later'))
    writeFileSync(join(planted.configDir, 'projects/later/L.jsonl'), transcript('C:\\Users\\Ann\\src\\Till', 'later'))
    const { app: again, scrape } = await running(planted)
    await again.pass()
    expect(byProject(await scrape())).toEqual({ till: 2 })
  })
})

it('equal paths of two machines are told apart by a number, not by the owner', async () => {
  expect(await projects(home(sessions(['/Users/ann/code/till', '/home/ann/code/till', '/Users/ann'])))).toEqual({
    till: 1,
    'till (2)': 1,
    '~': 1,
  })
})

it('projects named like folders without transcripts are counted', async () => {
  const one = (id: string): string => lines(line(`msg_${id}/r${id} o48 10/160/0/0/1000`, { line: { cwd: undefined } }))
  const planted = home({
    'memory/s1.jsonl': one('1'),
    'tool-results/s2.jsonl': one('2'),
    'notes/s3.jsonl': one('3'),
    'notes/memory/MEMORY.jsonl': one('4'),
    'notes/s3/tool-results/out.jsonl': one('5'),
  })
  expect(await projects(planted)).toEqual({ memory: 1, 'tool-results': 1, notes: 1 })
})

it('sessions of the desktop app count for one project, or for their selected folder', async () => {
  const planted = home()
  const sessionsDir = join(planted.dir, 'Claude/local-agent-mode-sessions/0f6a/7c5d')
  const apps = {
    local_a1: ['brave-otter', undefined],
    local_b2: ['calm-heron', []],
    local_c3: ['wise-owl', ['/Users/ann/code/till', '/tmp']],
  } as const
  for (const [id, [name, userSelectedFolders]] of Object.entries(apps)) {
    const session = join(sessionsDir, id, '.claude/projects', `-sessions-${name}`, 'S')
    mkdirSync(join(session, 'subagents'), { recursive: true })
    writeFileSync(`${session}.jsonl`, transcript(`/sessions/${name}`, id))
    writeFileSync(join(session, 'subagents/agent-1.jsonl'), transcript(`/sessions/${name}`, `${id}-sub`))
    writeFileSync(
      join(sessionsDir, `${id}.json`),
      JSON.stringify({
        sessionId: id,
        cwd: `/sessions/${name}`,
        title: 'a "userSelectedFolders":["/no"]',
        userSelectedFolders,
      }),
    )
  }
  // This session has no metadata file.
  mkdirSync(join(sessionsDir, 'local_d4/.claude/projects/-sessions-shy-fox'), { recursive: true })
  writeFileSync(
    join(sessionsDir, 'local_d4/.claude/projects/-sessions-shy-fox/S.jsonl'),
    transcript('/sessions/shy-fox', 'd4'),
  )
  const dirs = [...Object.keys(apps), 'local_d4'].map((id) => join(sessionsDir, id, '.claude'))
  expect(await projects(planted, dirs)).toEqual({ cowork: 5, till: 2 })
})

it('sessions of a tree copied below a project count for their original projects', async () => {
  const foreign = lines(line('foreign-1 o48 10/160', { line: { cwd: '/w/app' } }))
  expect(
    await projects(
      home({
        '-w-app/S.jsonl': foreign,
        '-w-other/T.jsonl': transcript('/w/other', 'o'),
        // Copies of a transcript, and sessions whose originals are gone.
        '-w-other/backup/projects/-w-app/S.jsonl': foreign,
        '-w-other/backup/projects/-w-app/Q.jsonl': transcript('/w/app', 'q'),
        '-w-other/backup/projects/-w-lib/R.jsonl': transcript('/w/lib', 'r'),
        '-w-other/backup/projects/-w-lib/R/subagents/agent-1.jsonl': transcript('/w/lib/deep', 'rs'),
        [`backup/notes/${UUID}.jsonl`]: transcript('/w/one', 'n1'),
        [`backup/notes/${UUID.replace('1', '2')}.jsonl`]: transcript('/w/two', 'n2'),
      }),
    ),
  ).toEqual({ app: 2, other: 1, lib: 2, one: 1, two: 1 })
})

it('a transcript rewritten in another folder counts for the new one, and appended lines do not move it', async () => {
  const planted = home({ 'p/A.jsonl': transcript('/w/app', '1'), 'p/B.jsonl': transcript('/w/lib', '2') })
  const { app, scrape } = await running(planted)
  const path = (name: string): string => join(planted.configDir, 'projects/p', name)
  // One file is rewritten in place and larger, the other is replaced by a rename.
  writeFileSync(path('A.jsonl'), transcript('/w/shop', '1', '3'))
  writeFileSync(path('B.new'), transcript('/w/shop', '4'))
  renameSync(path('B.new'), path('B.jsonl'))
  await app.pass()
  appendFileSync(path('A.jsonl'), transcript('/w/elsewhere', '5'))
  appendFileSync(path('B.jsonl'), transcript('/w/elsewhere', '6'))
  await app.pass()
  await scrape()
  expect(byProject(await scrape())).toEqual({ app: 1, lib: 1, shop: 4 })
  // Nothing that was counted is taken away.
  expect(sumOf(await scrape(), 'agent_usage_corrections_total', { reason: 'smaller' })).toBe(0)
})

it('projects stay the same if the state is lost', async () => {
  const planted = home({
    'p/A.jsonl': transcript('/w/app', '1'),
    'a/-p/A.jsonl': transcript('/w/lib', '2'),
    'z/-p/A.jsonl': transcript('/w/new', '3'),
  })
  const first = await running(planted)
  expect(byProject(await first.scrape())).toEqual({ app: 1, lib: 2 })
  await first.app.stop()
  rmSync(planted.stateDir, { recursive: true })
  const second = await running(planted)
  expect(byProject(await second.scrape())).toEqual({ app: 1, lib: 2 })
})

it('no two series have the same bytes, and Prometheus accepts every name', async () => {
  const names = [
    '\ud800',
    '\udfff',
    'a\0b',
    'c\rd',
    '"e"\n{f}',
    'g\u0085',
    `${'long'.repeat(5_000)}1`,
    `${'long'.repeat(5_000)}2`,
    'e\u0301',
    '/a'.repeat(60_000),
  ]
  const planted = home(
    Object.fromEntries(
      names.flatMap((name, index) => [
        [`p${index}/S.jsonl`, transcript(`/w/${name}`, `${index}`)],
        [
          `m${index}/S.jsonl`,
          lines(line(`msg_m${index}/rm${index} o48 10/160`, { line: { cwd: '/w/models' }, message: { model: name } })),
        ],
      ]),
    ),
  )
  const { request, scrape } = await running(planted)
  for (const accept of ['text/plain', 'application/openmetrics-text; version=1.0.0']) {
    const bytes = Buffer.from(await (await request({ headers: { accept } })).arrayBuffer())
    const text = bytes.toString()
    expect(Buffer.from(text).equals(bytes)).toBe(true)
    const series = text
      .split('\n')
      .filter((each) => each.startsWith('agent_usage_'))
      .map((each) => each.slice(0, each.lastIndexOf(' ')))
    expect(new Set(series).size).toBe(series.length)
    expect(text).not.toMatch(/[\0-\t\v-\x1f\x7f-\x9f\ufffe]/)
    if (accept !== 'text/plain') continue
    const { error, status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
    if (error === undefined) expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  }
  const all = await scrape()
  expect(requests(all)).toBe(2 * names.length)
  // Two names that look alike give two projects but one model.
  expect(Object.keys(byProject(all))).toEqual(expect.arrayContaining(['\ufffd', '\ufffd (2)', 'a\ufffdb', 'models']))
  expect(requests(all, { model: '\ufffd' })).toBe(2)
  for (const { labels } of all) expect((labels['project'] ?? '').length).toBeLessThanOrEqual(200)
})
