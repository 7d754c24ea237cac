// One pass: it opens only changed files, and no failure of a file, a thread or a line stops it.
import { appendFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { codex } from '../../src/sources/codex/codex.js'
import { SOURCES } from '../../src/sources/index.js'
import { createReadBuffer, parseFiles } from '../../src/worker/parse-file.js'
import type { ParserPool } from '../../src/worker/pool.js'
import { line, lines } from '../support/line.js'
import { plant, temporaryFolder, type Files } from '../support/tree.js'
import { REQUESTS, passing } from './passing.js'

const folder = temporaryFolder()
const A = lines(line('msg_1/r1 o48 10/160'))
const B = lines(line('msg_2/r2 o48 10/160'))
let trees = 0

function tree(files: Files) {
  const configDir = plant(join(folder, String(trees++)), files)
  return { configDir, at: (path: string): string => join(configDir, 'projects', path) }
}

describe('a pass', () => {
  it('opens no unchanged file', async () => {
    const { configDir } = tree({ '-a/1.jsonl': A, '-a/2.jsonl': B })
    const { pass, takeEvents, total } = passing([configDir])
    expect(await pass('everything')).toMatchObject({
      full: true,
      files: 2,
      unchanged: 0,
      bytes: A.length + B.length,
      workers: 0,
      aborted: false,
    })
    expect(takeEvents().sort()).toEqual([`read ${A.length}`, `read ${B.length}`, 'settled true', 'visible', 'visible'])
    expect(await pass('everything')).toMatchObject({ files: 2, unchanged: 2, bytes: 0 })
    expect(takeEvents()).toEqual(['settled true'])
    expect(total(REQUESTS)).toBe(2)
  })

  it('reads only the new part of a longer file, and all of a replaced file', async () => {
    const { configDir, at } = tree({ '-a/1.jsonl': A })
    const { pass, takeEvents, total } = passing([configDir])
    await pass('everything')
    takeEvents()
    appendFileSync(at('-a/1.jsonl'), B)
    await pass('everything')
    expect(takeEvents()).toEqual([`read ${B.length}`, 'settled true', 'visible'])
    writeFileSync(at('-a/new'), B + A + A)
    renameSync(at('-a/new'), at('-a/1.jsonl'))
    await pass('everything')
    expect(takeEvents()).toEqual(['duplicates 3', `read ${2 * A.length + B.length}`, 'settled true', 'visible'])
    expect(total(REQUESTS)).toBe(2)
  })

  it('opens a compressed file that cannot be unpacked only once until it changes', async () => {
    const { at } = tree({ 'sessions/rollout-1.jsonl.zst': 'no zstd' })
    const path = at('sessions/rollout-1.jsonl.zst')
    const { pass, takeEvents } = passing([{ source: codex, paths: [at('')], named: true }])
    const unread = async () => [...(await pass('everything')).unread.files]
    expect(await unread()).toEqual([[path, 'codex']])
    expect(takeEvents()).toEqual(['read failed', 'settled true'])
    expect(await unread()).toEqual([[path, 'codex']])
    expect(takeEvents()).toEqual(['settled true'])
    appendFileSync(path, ' either')
    expect(await unread()).toEqual([[path, 'codex']])
    expect(takeEvents()).toEqual(['read failed', 'settled true'])
  })

  it('reports a file that was rewritten since the last pass', async () => {
    const { configDir, at } = tree({ '-a/1.jsonl': A })
    const { pass, takeEvents } = passing([configDir])
    await pass('everything')
    takeEvents()
    writeFileSync(at('-a/1.jsonl'), B + B)
    await pass('everything')
    expect(takeEvents()).toContain('replaced')
  })

  it('over paths reads only these', async () => {
    const { configDir, at } = tree({ '-a/1.jsonl': A, '-a/2.jsonl': A })
    const { pass, takeEvents } = passing([configDir])
    await pass('everything')
    takeEvents()
    for (const path of ['-a/1.jsonl', '-a/2.jsonl']) appendFileSync(at(path), B)
    expect(await pass(new Set([at('-a/1.jsonl')]))).toMatchObject({ full: false, files: 1, unchanged: 0 })
    expect(takeEvents()).toEqual([`read ${B.length}`, 'settled true', 'visible'])
  })

  it('without the cache reads everything again, with the same totals', async () => {
    const { configDir } = tree({ '-a/1.jsonl': A + B })
    const { pass, takeEvents, total } = passing([configDir], { cache: false })
    for (let passes = 0; passes < 2; passes += 1)
      expect(await pass('everything')).toMatchObject({ unchanged: 0, bytes: A.length + B.length })
    expect(takeEvents().filter((event) => event.startsWith('read'))).toHaveLength(2)
    expect(total(REQUESTS)).toBe(2)
  })

  it('forgets the cursors of deleted files, and keeps their totals', async () => {
    const { configDir, at } = tree({ '-a/1.jsonl': A, '-a/2.jsonl': B })
    const { pass, state, total } = passing([configDir])
    await pass('everything')
    rmSync(at('-a/1.jsonl'))
    await pass('everything')
    expect([state.cursors.count, total(REQUESTS)]).toEqual([1, 2])
  })

  it('keeps the cursors of files that cannot be read at the moment', async () => {
    const elsewhere = tree({ '-b/2.jsonl': B })
    const { configDir, at } = tree({ '-a/1.jsonl': A })
    const { pass, state, takeEvents } = passing([configDir])
    await pass('everything')
    takeEvents()
    rmSync(at('-a/1.jsonl'))
    symlinkSync(at('-a/1.jsonl'), at('-a/1.jsonl'))
    await pass('everything')
    expect(takeEvents()).toEqual(['scan failed', 'settled true'])
    expect(state.cursors.count).toBe(1)
    rmSync(elsewhere.configDir, { recursive: true })
  })

  it('reads a file again whose mtime alone changed, with the same totals', async () => {
    const { configDir, at } = tree({ '-a/1.jsonl': A })
    const { pass, takeEvents, total } = passing([configDir])
    await pass('everything')
    takeEvents()
    utimesSync(at('-a/1.jsonl'), 1, 1)
    await pass('everything')
    expect(takeEvents()).toEqual(['duplicates 1', `read ${A.length}`, 'settled true', 'visible'])
    expect(total(REQUESTS)).toBe(1)
  })

  it('is not stopped by an invalid working directory in a line', async () => {
    const cwds = ['/w/a\0b', `/${'x'.repeat(300)}`, join(folder, 'file/below')]
    writeFileSync(join(folder, 'file'), '')
    const odd = cwds.map((cwd, index) => [
      `-a/${index}.jsonl`,
      lines(line(`msg_${index}/r${index} o48 1/1`, { line: { cwd } })),
    ])
    const { configDir } = tree(Object.fromEntries(odd) as Files)
    const { pass, total } = passing([configDir])
    await pass('everything')
    expect(total(REQUESTS)).toBe(cwds.length)
  })
})

describe('a pass with a pool', () => {
  const much = lines(...Array.from({ length: 800 }, (_, number) => line(`msg_${number}/r${number} o48 1/1`)))
  const failing = (fails: (file: string) => boolean): ParserPool => ({
    workers: 2,
    room: 6,
    observe: () => undefined,
    warm: () => Promise.resolve(),
    makeRoom: () => undefined,
    rest: () => undefined,
    run(task, take) {
      if (task.files.some(({ path }) => fails(path))) return Promise.reject(new Error('broken'))
      take(parseFiles(task, createReadBuffer(64 * 1024, SOURCES), (batch) => take({ batch, outcomes: [] })))
      return Promise.resolve()
    },
    state: () => ({ queued: 0, running: 0 }),
    close: () => Promise.resolve(),
  })

  it('reads files in place when a worker fails, and reports the failure once', async () => {
    const { configDir } = tree({ '-a/1.jsonl': much, '-a/2.jsonl': A })
    const { pass, takeEvents, total } = passing([configDir], { pool: failing(() => true) })
    expect(await pass('everything')).toMatchObject({ aborted: false, bytes: much.length + A.length })
    const events = takeEvents()
    expect(events.filter((event) => event === 'worker failed')).toHaveLength(1)
    expect(events.filter((event) => event.startsWith('read '))).toHaveLength(2)
    expect(total(REQUESTS)).toBe(800)
  })

  it.each([0, 2])('skips files whose results cannot be joined until they change: %i workers', async (workers) => {
    const { configDir, at } = tree({ '-a/1.jsonl': much, '-a/2.jsonl': A, '-b/1.jsonl': B })
    const { pass, takeEvents, total, state } = passing([configDir], workers === 0 ? {} : { pool: failing(() => false) })
    const join = vi.spyOn(state.ledger, 'join').mockImplementation(() => {
      throw new Error('broken')
    })
    expect(await pass('everything')).toMatchObject({ aborted: false, bytes: 0 })
    expect(takeEvents()).toEqual(['join failed 3', 'settled true'])
    join.mockRestore()
    expect(await pass('everything')).toMatchObject({ bytes: 0 })
    expect(takeEvents()).toEqual(['settled true'])
    appendFileSync(at('-a/2.jsonl'), B)
    await pass('everything')
    expect(takeEvents()).toEqual([`read ${A.length + B.length}`, 'settled true', 'visible'])
    expect(total(REQUESTS)).toBe(2)
  })

  it.each([0, 2])('skips the rest of a file when a batch of it cannot be joined: %i workers', async (workers) => {
    const short = (number: number): string =>
      `{"type":"assistant","message":{"id":"msg_${number}","usage":{"output_tokens":1}}}`
    const { configDir } = tree({ '-a/1.jsonl': lines(...Array.from({ length: 40_000 }, (_, number) => short(number))) })
    const { pass, takeEvents, total, state } = passing([configDir], workers === 0 ? {} : { pool: failing(() => false) })
    vi.spyOn(state.ledger, 'join').mockImplementationOnce(() => {
      throw new Error('broken')
    })
    expect(await pass('everything')).toMatchObject({ aborted: false, bytes: 0 })
    expect(takeEvents()).toEqual(['join failed 1', 'settled true'])
    expect(total(REQUESTS)).toBe(0)
    expect(await pass('everything')).toMatchObject({ bytes: 0 })
    expect(takeEvents()).toEqual(['settled true'])
  })

  it('does not use the pool for a few lines', async () => {
    const { configDir } = tree({ '-a/1.jsonl': A })
    const { pass, takeEvents } = passing([configDir], { pool: failing(() => true) })
    expect(await pass('everything')).toMatchObject({ workers: 0 })
    expect(takeEvents()).not.toContain('worker failed')
  })

  it('reports that it was aborted, without a failure', async () => {
    const { configDir } = tree({ '-a/1.jsonl': much })
    const stopping: ParserPool = {
      ...failing(() => true),
      run: () => {
        abort.abort()
        return Promise.reject(new Error('ended'))
      },
    }
    const { pass, abort, takeEvents, total } = passing([configDir], { pool: stopping })
    expect(await pass('everything')).toMatchObject({ aborted: true })
    expect(takeEvents()).toEqual(['settled false'])
    expect(total(REQUESTS)).toBe(0)
  })
})
