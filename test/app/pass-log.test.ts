// The log of passes: what is logged, at which level and how often.
import { chownSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RootAccess } from '../../src/app/access.js'
import type { Booked } from '../../src/core/totals/totals.js'
import type { PassReport } from '../../src/ingest/pass-report.js'
import type { Root } from '../../src/ingest/roots.js'
import type { Log } from '../../src/process/log.js'
import { createPassLog } from '../../src/app/pass-log.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import type { Source } from '../../src/sources/source.js'
import { NO_ZSTD } from '../../src/worker/zstd.js'
import { temporaryFolder } from '../support/tree.js'

interface Line {
  readonly level: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

function logged({ now = () => 0 }: { now?: () => number } = {}) {
  const lines: Line[] = []
  const write = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields: fields as Line['fields'], message })
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  const take = (...levels: readonly string[]): string[] =>
    lines
      .splice(0)
      .filter(({ level }) => levels.length === 0 || levels.includes(level))
      .map(({ level, message }) => `${level}: ${message}`)
  return { passLog: createPassLog({ log, now }), lines, take }
}

const REPORT: PassReport = {
  full: true,
  roots: [],
  files: 1,
  unchanged: 1,
  oldestMtimeMs: 0,
  bytes: 0,
  milliseconds: 1.23,
  workers: 0,
  aborted: false,
  unread: { places: new Map(), files: new Map() },
  outside: new Map(),
}
const READ: PassReport = { ...REPORT, full: false, unchanged: 0, bytes: 10 }

describe('passes', () => {
  it('are logged at the first one, then summed up once a minute', () => {
    let nowMs = 1_000_000
    const { passLog, lines, take } = logged({ now: () => nowMs })
    passLog.passed({ ...REPORT, bytes: 5 }, 1)
    expect(take()).toEqual(['info: pass'])
    for (let second = 1; second < 60; second += 1) {
      nowMs += 1_000
      passLog.passed(READ, second)
    }
    expect(take('info')).toEqual([])
    nowMs += 1_000
    passLog.passed(READ, 61)
    expect(lines.filter(({ level }) => level === 'info')).toEqual([
      {
        level: 'info',
        message: 'new log data read',
        fields: { passes: 60, parsed: 60, bytes: 600, ms: 72, responses: 61 },
      },
    ])
  })

  it('are not logged if nothing is new; what was read before appears with the next sweep', () => {
    let nowMs = 0
    const { passLog, take } = logged({ now: () => nowMs })
    passLog.passed(REPORT, 0)
    passLog.passed(READ, 1)
    take()
    nowMs = 60_000
    passLog.passed(REPORT, 1)
    expect(take('info')).toEqual(['info: new log data read'])
    nowMs = 600_000
    passLog.passed(REPORT, 1)
    expect(take('info')).toEqual([])
  })
})

describe('warnings', () => {
  const models = (count: number): Booked => ({
    unpriced: new Set(Array.from({ length: count }, (_, n) => `evil${n}`)),
    withoutPrice: new Map(),
  })

  it('are logged once each, up to a limit for each kind, which is logged once', () => {
    const { passLog, take } = logged()
    for (let time = 0; time < 2; time += 1) passLog.booked(models(1_000), undefined)
    const said = take('warn')
    expect(said).toHaveLength(101)
    expect(said.at(-1)).toBe('warn: no more warnings of this kind; --log.level=debug shows them')
    passLog.denied('read', '/a/x.jsonl', 'ELOOP: too many links')
    passLog.denied('read', '/a/x.jsonl', 'ELOOP: too many links')
    expect(take('warn')).toEqual(['warn: cannot read this file'])
  })

  it('about denied access name the owner once for each owner of logs', () => {
    const folder = temporaryFolder()
    const [mine, also, theirs] = ['mine', 'also', 'theirs'].map((name) => join(folder, name))
    for (const path of [mine!, also!, theirs!]) writeFileSync(path, '')
    const { uid } = statSync(mine!)
    // Only root can change the owner of a file.
    if (process.geteuid?.() === 0) chownSync(theirs!, 4_242, 4_242)
    const { passLog, lines } = logged()
    for (let passes = 0; passes < 2; passes += 1)
      for (const path of [mine!, also!, theirs!]) passLog.denied('read', path, "EACCES: permission denied, open 'x'")
    const owners = lines.map(({ fields }) => fields['owner'])
    expect(owners).toEqual([uid, undefined, process.geteuid?.() === 0 ? 4_242 : undefined])
  })

  it('about compressed files name only the first', () => {
    const { passLog, take } = logged()
    for (const file of ['one', 'two']) passLog.denied('read', `/a/${file}.jsonl.zst`, `Error: ${NO_ZSTD}`)
    expect(take('warn')).toEqual(['warn: cannot read this file'])
  })

  it('about a mode without a price name the mode, once for each model and mode', () => {
    const { passLog, take } = logged()
    const withoutPrice = new Map([
      ['fast', new Set(['one', 'two'])],
      ['ultrafast', new Set(['one'])],
    ] as const)
    for (let time = 0; time < 2; time += 1) passLog.booked({ unpriced: new Set(), withoutPrice }, undefined)
    expect(take('warn')).toEqual([
      'warn: no fast-mode price for this model: priced at its standard rate',
      'warn: no fast-mode price for this model: priced at its standard rate',
      'warn: no ultrafast-mode price for this model: priced at its standard rate',
    ])
  })

  it('cut long model names', () => {
    const { passLog, lines } = logged()
    const withoutPrice = new Map([['fast', new Set(['short'])]] as const)
    passLog.booked({ unpriced: new Set(['x'.repeat(100_000)]), withoutPrice }, undefined)
    expect(lines.map(({ fields }) => (fields['model'] as string).length)).toEqual([101, 5])
  })
})

describe('directories', () => {
  const root = (wanted: string, path?: string, more: Partial<Root> = {}): Root => ({
    source: claudeCode,
    named: false,
    wanted,
    path,
    ...more,
  })
  const found = (...roots: readonly Root[]) => ({ roots, overlaps: [] })
  const other: Source = {
    ...claudeCode,
    agent: 'other',
    directories: { ...claudeCode.directories, flag: 'other.home', hint: 'its home' },
  }

  it('are a warning if they are missing and were named, not if they are defaults', () => {
    const by = (named: boolean): string[] => {
      const { passLog, take } = logged()
      const roots = found(root('/here', '/here', { named }), root('/gone', undefined, { named }))
      for (let sweeps = 0; sweeps < 2; sweeps += 1) passLog.rooted(roots)
      return take()
    }
    expect(by(false)).toEqual(['info: reading logs', 'info: no logs found here'])
    expect(by(true)).toEqual(['info: reading logs', 'warn: no logs found here'])
  })

  it('without any logs are one warning that names the settings', () => {
    const warned = (...roots: readonly Root[]): string[] => {
      const { passLog, take } = logged()
      passLog.rooted(found(...roots))
      return take('warn')
    }
    const wait = 'or wait until logs appear'
    const gone = root('/gone', undefined, { named: true })
    const one = '--claude.config-dir to the directory that holds projects/'
    expect(warned(gone)).toEqual([`warn: no logs found; set ${one}, ${wait}`])
    expect(warned(gone, gone, { ...gone, source: other })).toEqual([
      `warn: no logs found; set the directory of an agent with --claude.config-dir, --other.home, ${wait}`,
    ])
  })

  it('that are defaults of all agents are one line if none has logs', () => {
    const { passLog, lines } = logged()
    passLog.rooted(found(root('/a'), root('/b', undefined, { source: other })))
    expect(lines.map(({ level, fields }) => [level, fields])).toEqual([['warn', { paths: ['/a', '/b'] }]])
  })

  it('that overlap are logged once, as a warning if they belong to two agents', () => {
    const { passLog, lines } = logged()
    const [outer, inner] = [root('/a', '/a'), root('/a/b', '/a/b')]
    const [linked, shared] = [root('/link', '/a'), root('/a', '/a', { source: other })]
    const overlaps = [linked, shared].map((each) => ({ reader: outer, other: each }))
    overlaps.push({ reader: inner, other: outer }, { reader: { ...inner, source: other }, other: outer })
    for (let sweeps = 0; sweeps < 2; sweeps += 1) passLog.rooted({ roots: [outer], overlaps })
    const one = 'directories overlap: files in both are read once'
    const two = 'directories of two agents overlap: only this agent reads the files in both'
    expect(lines.slice(-4)).toEqual([
      { level: 'info', message: one, fields: { agent: 'claude-code', path: '/a' } },
      { level: 'warn', message: two, fields: { agent: 'claude-code', path: '/a', other: 'other' } },
      { level: 'info', message: one, fields: { agent: 'claude-code', path: '/a/b', inside: '/a' } },
      { level: 'warn', message: two, fields: { agent: 'other', path: '/a/b', inside: '/a', other: 'claude-code' } },
    ])
    expect(lines).toHaveLength(5)
  })

  it('that are unreachable are not reported as having no logs', () => {
    const { passLog, take } = logged()
    passLog.rooted(found(root('/closed', undefined, { unreachable: 'EACCES' })))
    expect(take()).toEqual([])
  })

  it('without log files are a warning if they were named, and recovered access is logged', () => {
    const { passLog, take } = logged()
    const accessed = (access: RootAccess['access'], counted = false): void =>
      passLog.accessed(
        [{ agent: 'claude-code', named: true, path: '/a', access, unreadFiles: 0, unreadPlaces: 0 }],
        (agent) => agent === 'claude-code' && counted,
      )
    for (const access of ['empty', 'empty', 'read', 'unreadable', 'read'] as const) accessed(access)
    expect(take()).toEqual(['warn: no log files in this directory yet', 'info: all logs can be read again'])
    // The log files were counted and then deleted.
    accessed('empty', true)
    expect(take()).toEqual([])
  })
})
