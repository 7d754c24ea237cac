// The exam of sources for Gemini CLI's chats; then their directories, their projects, and totals after their deletion.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { geminiCli } from '../../../src/sources/gemini-cli/gemini-cli.js'
import { workingDirectory } from '../../../src/sources/gemini-cli/project.js'
import { homes } from '../../integration/running.js'
import { sumOf } from '../../support/exposition.js'
import { once } from '../../support/program.js'
import { comparable, shown } from '../../support/shown.js'
import { temporaryFolder } from '../../support/tree.js'
import { sourceExam } from '../contract.js'
import { expectSameGrown } from '../growing.js'
import { countedOf, readTranscript } from '../reading.js'
import { answer, content, header, legacy, set } from './lines.js'

const folder = temporaryFolder()
const place = { project: 'app', session: '94726cc3', subagent: false }
const NAME = 'session-2026-07-01T00-00-94726cc3'
const ID = '94726cc3-4317-485b-8dc5-e8d60d540877'

const LINES = [
  header(),
  answer(null),
  answer(),
  answer([100, 10, 900, 0, 0, 1010], { id: 'm2' }),
  set(answer(), answer([1000, 10, 0, 0, 500, 1510], { id: 'm3', model: 'gemini-2.5-pro' })),
  { $rewindTo: 'm2' },
  { ...header(), messages: [answer([100, 50, 0, 40, 0, 150], { id: 'm4' })] },
]

sourceExam(geminiCli, {
  transcripts: [
    [`app/chats/${NAME}.jsonl`, place],
    [`app/chats/${NAME}.json`, { ...place, form: 'document' }],
    [`app/chats/${ID}/sub-1.jsonl`, { ...place, subagent: true }],
    ['app/chats/sub-1.jsonl', { ...place, session: 'sub-1' }],
    ['chats/chats/notes.jsonl', { project: 'chats', session: 'notes', subagent: false }],
  ],
  notTranscripts: [
    'app/logs.json',
    'app/checkpoint-a.json',
    'app/chats/notes.txt',
    'app/chats/.jsonl',
    'app/tool-outputs/chats/a.jsonl',
    'app/chats',
    'a.jsonl',
  ],
  lines: LINES,
  fork: [header(), set(answer(), answer(null, { id: 'm2' })), answer([7, 1, 0, 0, 0, 8], { id: 'm5' })],
  unknownLine: answer([9, 9, 0, 0, 0, 18], { id: 'm9', type: 'oracle' }),
})

describe('gemini-cli: the meaning of lines', () => {
  const read = (...lines: readonly object[]) =>
    readTranscript(geminiCli, { ...place, path: '/root/app/chats/a.jsonl', wantsCwd: false }, content(...lines))

  it('takes the model from whichever copy of a message names it', () => {
    const named = [answer(), answer(undefined, { model: undefined })]
    for (const lines of [named, named.toReversed()])
      expect(countedOf(read(...lines).batch).map(({ model }) => model)).toEqual(['gemini-3-flash-preview'])
  })

  it('skips responses with implausible usage and without usage', () => {
    const { batch, skipped } = read(
      answer([1, 2 ** 24 + 1, 0, 0, 0, 0]),
      answer([100_000_001, 1, 0, 0, 0, 0], { id: 'm2' }),
      answer([0, 0, 0, 0, 0, 9], { id: 'm3' }),
      answer(undefined, { id: undefined }),
    )
    expect(countedOf(batch)).toEqual([])
    expect(skipped).toEqual(['implausible', 'implausible', 'no_tokens'])
  })
})

describe('gemini-cli: a growing chat counts the same as when read at once', () => {
  const home = homes()
  const growth = { flag: 'gemini.home', path: `.gemini/tmp/app/chats/${NAME}.jsonl`, lines: LINES }

  it.each([
    [1, 2],
    [2, 3],
    [3, 5],
    [4, 6],
  ])('up to line %i, then %i, then after a restart', async (poll, restart) => {
    await expectSameGrown(home(), growth, { poll, restart })
  })
})

describe('gemini-cli: directories of chats', () => {
  it('are expected below a home, below .gemini, or in any other given directory itself', () => {
    expect(geminiCli.roots('/home/ann')).toEqual([['/home/ann/.gemini/tmp', '/home/ann/tmp']])
    expect(geminiCli.roots('/home/ann/.gemini')).toEqual([['/home/ann/.gemini/tmp']])
    expect(geminiCli.roots('/backup/tmp')).toEqual([['/backup/tmp/.gemini/tmp', '/backup/tmp/tmp', '/backup/tmp']])
  })

  it('are those of the home that GEMINI_CLI_HOME names', () => {
    const defaults = (env: Readonly<Record<string, string>>) =>
      geminiCli.directories.defaults({ env, list: () => [], xdg: () => '/unused' })
    expect(defaults({ GEMINI_CLI_HOME: ' /srv/ann ' })).toEqual(['/srv/ann'])
    expect(defaults({ GEMINI_CLI_HOME: '' })).toEqual(['~/.gemini', '~/.cache/.gemini'])
  })
})

describe('gemini-cli: the project of a chat', () => {
  const planted = (name: string, files: Readonly<Record<string, string>>): string => {
    const home = join(folder, name)
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(home, path)), { recursive: true })
      writeFileSync(join(home, path), text)
    }
    return home
  }
  const list = (projects: unknown): string => JSON.stringify({ projects })

  it('is read from .project_root', () => {
    const home = planted('marked', { 'tmp/app/.project_root': '/w/app\n', 'projects.json': list({ '/w/no': 'app' }) })
    expect(workingDirectory(`${home}/tmp/app/chats/a.jsonl`)).toBe('/w/app')
    expect(workingDirectory(`${home}/tmp/app/chats/${ID}/a.jsonl`)).toBe('/w/app')
  })

  it('is found in projects.json without .project_root, by name or by the hash of its path', () => {
    const hash = createHash('sha256').update('/w/old').digest('hex')
    const projects = { '/w/no': 'no', '/w/app': 'app', '/w/old': 'old' }
    const home = planted('listed', {
      'tmp/app/logs.json': '[]',
      [`tmp/${hash}/logs.json`]: '[]',
      'projects.json': list(projects),
    })
    expect(workingDirectory(`${home}/tmp/app/chats/a.jsonl`)).toBe('/w/app')
    expect(workingDirectory(`${home}/tmp/${hash}/chats/a.jsonl`)).toBe('/w/old')
    expect(workingDirectory(`${home}/tmp/unheard/chats/a.jsonl`)).toBeUndefined()
  })

  it.each(['', '{"projects":', '[]', 'null', list(7), list({ '/w/app': 7 })])(
    'is unknown when projects.json holds %j',
    (text) => {
      const home = planted(`odd-${text.length}`, { 'tmp/app/logs.json': '[]', 'projects.json': text })
      expect(workingDirectory(`${home}/tmp/app/chats/a.jsonl`)).toBeUndefined()
    },
  )

  it('is unknown for a path that is not a chat', () => {
    expect(workingDirectory('/root/a.jsonl')).toBeUndefined()
  })
})

describe('gemini-cli: the program', () => {
  const counted = async (home: string, stateDir = 'none') =>
    shown(await once([], { stateDir, flags: [`--gemini.home=${home}`] }))
  const chats = (home: string): string => {
    const directory = join(folder, home, '.gemini/tmp/app/chats')
    mkdirSync(directory, { recursive: true })
    return directory
  }
  const ONE = { 'gemini-3-flash-preview': '1; 2000/58/0/0/10000; 0.001674; 0 searches' }

  it('keeps the totals of deleted chats', async () => {
    const home = join(folder, 'cleaned')
    const chat = join(chats('cleaned'), `${NAME}.jsonl`)
    writeFileSync(chat, content(header(), answer()))
    const stateDir = join(folder, 'cleaned-state')
    expect(comparable((await counted(home, stateDir)).perModel)).toEqual(ONE)
    rmSync(chat)
    expect(comparable((await counted(home, stateDir)).perModel)).toEqual(ONE)
  })

  it('reports lines and chats that are too long as skipped', async () => {
    const directory = chats('long')
    const filler = { id: 'm8', type: 'user', content: 'x'.repeat(8 * 1024 * 1024) }
    writeFileSync(
      join(directory, `${NAME}.jsonl`),
      content(header(), answer(), set(filler, answer(undefined, { id: 'm2' }))),
    )
    writeFileSync(
      join(directory, 'session-2026-01-01T00-00-00000000.json'),
      legacy(filler, answer(undefined, { id: 'm3' })),
    )
    const found = await counted(join(folder, 'long'))
    expect(comparable(found.perModel)).toEqual(ONE)
    const tooLong = found.samples.filter(
      ({ name, labels }) => name === 'agent_usage_exporter_lines_skipped_total' && labels.reason === 'too_long',
    )
    expect(sumOf(tooLong, 'agent_usage_exporter_lines_skipped_total')).toBe(2)
  })
})
