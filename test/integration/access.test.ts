// Logs that this process may not read, or only in part: metrics, page and log report it, as distinct from missing logs.
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Summary } from '../../src/http/summary-schema.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import { otherAgent } from '../ingest/other-agent.js'
import { sumOf, type Sample } from '../support/exposition.js'
import { becomeNobody } from '../support/nobody.js'
import { homes, requests, running, transcript, type Home, type Running } from './running.js'

const newHome = homes()
let home: Home
let projects: string
const files = ['a/A.jsonl', 'b/B.jsonl', 'b/C.jsonl']

beforeEach(() => {
  home = newHome({
    [files[0]!]: transcript('/w/app', '1'),
    [files[1]!]: transcript('/w/app', '2'),
    [files[2]!]: transcript('/w/app', '3'),
  })
  projects = join(home.configDir, 'projects')
  // Temporary folders are closed to other users.
  for (const path of [dirname(home.dir), home.dir, home.configDir]) chmodSync(path, 0o755)
})

const sample = (all: readonly Sample[], name: string, labels = {}): number =>
  sumOf(all, `agent_usage_exporter_${name}`, labels)
const start = (): Promise<Running> => running(home, ['--state.dir=none'])
const warnings = ({ complaints }: Running): string[] => complaints.map(({ message }) => message)

async function seen({ url, scrape }: Running) {
  const all = await scrape()
  const summary = (await (await fetch(`${url}/api/summary`)).json()) as Summary
  return {
    up: sample(all, 'source_up', { agent: 'claude-code' }),
    unreadable: sample(all, 'files_unreadable', { agent: 'claude-code' }),
    requests: requests(all),
    root: summary.exporter.roots[0]!,
    ready: await (await fetch(`${url}/-/ready`)).text(),
  }
}

it('a source is up if all its files can be read', async () => {
  becomeNobody()
  const program = await start()
  expect(await seen(program)).toEqual({
    up: 1,
    unreadable: 0,
    requests: 3,
    root: { agent: 'claude-code', path: projects, found: true, access: 'read', unread_files: 0, unread_folders: 0 },
    ready: 'OK\n',
  })
  expect(program.complaints).toEqual([])
})

it.each([
  ['a home that may not be entered', () => home.configDir],
  ['a directory that may not be listed', () => projects],
])('%s is reported as unreachable, not as having no logs', async (_, closed) => {
  chmodSync(closed(), 0)
  becomeNobody()
  const program = await start()
  expect(await seen(program)).toMatchObject({
    up: 0,
    unreadable: 0,
    requests: 0,
    root: { found: false, access: 'unreachable' },
    ready: `OK\n${projects}: permission denied: the directory cannot be entered or listed\n`,
  })
  expect(sample(await program.scrape(), 'errors_total', { stage: 'scan' })).toBe(1)
  expect(warnings(program)).toEqual([expect.stringMatching(/^permission denied/)])
  expect(program.complaints[0]!.fields).toMatchObject({ path: projects, mode: '0000', uid: process.geteuid!() })
  await program.app.pass()
  expect(program.complaints).toHaveLength(1)
})

it('a source is down if none of its files can be read', async () => {
  for (const path of files) chmodSync(join(projects, path), 0)
  becomeNobody()
  const program = await start()
  for (let sweeps = 0; sweeps < 3; sweeps += 1) await program.app.pass()
  expect(await seen(program)).toMatchObject({
    up: 0,
    unreadable: 3,
    requests: 0,
    root: { found: true, access: 'unreadable', unread_files: 3 },
    ready: `OK\n${projects}: nothing in it can be read: 3 files\n`,
  })
  // Each file counts once, however often it was tried. Only the first warning has the remedy.
  expect(sample(await program.scrape(), 'errors_total', { stage: 'parse' })).toBe(3)
  expect(warnings(program)).toEqual([
    expect.stringMatching(/^permission denied/),
    'cannot read this file',
    'cannot read this file',
  ])
  expect(new Set(program.complaints.map(({ fields }) => fields['path']))).toEqual(
    new Set(files.map((path) => join(projects, path))),
  )
})

it('unreadable files are counted until they become readable', async () => {
  chmodSync(join(projects, files[0]!), 0)
  chmodSync(join(projects, 'b'), 0)
  becomeNobody()
  const program = await start()
  expect(await seen(program)).toMatchObject({
    up: 0,
    unreadable: 1,
    root: { access: 'unreadable', unread_files: 1, unread_folders: 1 },
  })
  const owner = process.geteuid!()
  process.seteuid!(process.getuid!())
  chmodSync(join(projects, 'b'), 0o755)
  process.seteuid!(owner)
  await program.app.pass()
  expect(await seen(program)).toMatchObject({
    up: 1,
    unreadable: 1,
    root: { access: 'partial', unread_files: 1, unread_folders: 0 },
    ready: `OK\n${projects}: 1 file cannot be read\n`,
  })
  process.seteuid!(process.getuid!())
  chmodSync(join(projects, files[0]!), 0o644)
  process.seteuid!(owner)
  await program.app.pass()
  expect(await seen(program)).toMatchObject({ up: 1, unreadable: 0, root: { access: 'read' }, ready: 'OK\n' })
})

describe('with two agents', () => {
  const RESPONSE = '{"other":"1","spent":5}\n'
  let other: string
  beforeEach(() => {
    other = join(home.dir, 'other')
    mkdirSync(join(other, 'sessions'), { recursive: true })
  })

  const startBoth = (...paths: readonly string[]): Promise<Running> =>
    running(home, ['--state.dir=none'], {
      sources: [
        { source: claudeCode, paths: [home.configDir], named: true },
        { source: otherAgent, paths, named: true },
      ],
    })
  async function both({ url, scrape }: Running) {
    const all = await scrape()
    const ready = await (await fetch(`${url}/-/ready`)).text()
    const up = ['claude-code', 'other'].map((agent) => sample(all, 'source_up', { agent }))
    return { up, ready: ready.split('\n').slice(1, -1) }
  }

  it('an unreachable directory of one does not affect the other', async () => {
    chmodSync(other, 0)
    becomeNobody()
    expect(await both(await startBoth(other))).toEqual({
      up: [1, 0],
      ready: ['sessions', 'archive'].map(
        (name) => `${join(other, name)}: permission denied: the directory cannot be entered or listed`,
      ),
    })
  })

  it('files that one reads through a link do not make the other readable', async () => {
    const elsewhere = join(home.dir, 'elsewhere')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, '1.jsonl'), RESPONSE)
    symlinkSync(elsewhere, join(other, 'sessions/linked'))
    for (const path of files) chmodSync(join(projects, path), 0)
    becomeNobody()
    expect(await both(await startBoth(other))).toEqual({
      up: [0, 1],
      ready: [`${projects}: nothing in it can be read: 3 files`],
    })
  })

  it('a named directory without logs is reported, even if the other has logs', async () => {
    const program = await startBoth(other)
    const path = join(other, 'sessions')
    expect(await both(program)).toEqual({ up: [1, 1], ready: [`${path}: no log files yet`] })
    expect(warnings(program)).toEqual(['no log files in this directory yet'])
    writeFileSync(join(path, '1.jsonl'), RESPONSE)
    await program.app.pass()
    expect((await both(program)).ready).toEqual([])
  })

  it('a pattern that matches only closed homes is reported as unreachable', async () => {
    chmodSync(other, 0)
    becomeNobody()
    const program = await startBoth(join(home.dir, 'oth*'))
    expect(await both(program)).toEqual({
      up: [1, 0],
      ready: [`${join(other, 'sessions')}: permission denied: the directory cannot be entered or listed`],
    })
    expect(program.complaints[0]!.fields).toMatchObject({ barrier: other, mode: '0000' })
  })

  it('a pattern in a directory that cannot be listed is reported as unreachable', async () => {
    chmodSync(other, 0o711)
    becomeNobody()
    const program = await startBoth(join(other, '*'))
    expect(await both(program)).toMatchObject({
      up: [1, 0],
      ready: [`${join(other, '*/sessions')}: permission denied: the directory cannot be entered or listed`],
    })
    expect(program.complaints[0]!.fields).toMatchObject({ barrier: other, mode: '0711' })
  })
})
