// The journal takes the exam of stores, then tests of kills, damage, a full disk and changes by others.
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
} from 'node:fs'
import { renameSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest'
import { NewerStateError } from '../../src/core/tables/table.js'
import { BEHIND_OFFSET } from '../../src/store/journal-format.js'
import type { FileCalls } from '../../src/store/files.js'
import { openJournal } from '../../src/store/open-journal.js'
import { StoreError } from '../../src/store/store.js'
import { Book, HEADING, bytes, change, contents, opened, type Opened } from './book.js'
import { compileStoreProcess } from './compiled.js'
import { storeExam } from './contract.js'

storeExam('the journal', openJournal)

const folders: string[] = []
let program = ''
beforeAll(() => {
  const compiled = compileStoreProcess()
  program = compiled.program
  folders.push(compiled.folder)
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

test('the journal keeps every commit that returned, and no part of another, through 30 kills', async () => {
  const dir = newFolder()
  for (let kill = 0; kill < 30; kill += 1) {
    const child = run('rounds', dir)
    const lines: string[] = []
    // Kills at different moments of a commit: some rounds in, wherever the process is then.
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line)
      if (lines.length === 1 + kill * 2) child.kill('SIGKILL')
    }
    expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGKILL')
    const { round } = JSON.parse(lines.at(-1)!) as { round: number }
    const { book, close } = open(dir)
    const rounds = new Set<number>()
    for (const row of book.rows.values())
      for (const number of new Uint32Array(row.buffer, row.byteOffset, row.length / 4)) rounds.add(number)
    expect([...rounds], `after kill ${kill}`).toHaveLength(1)
    expect([round, round + 1]).toContain([...rounds][0])
    await close()
  }
})

describe('a damaged journal', () => {
  const damages: Record<string, (file: string) => void> = {
    'no bytes at all': (file) => truncateSync(file, 0),
    'half a header': (file) => truncateSync(file, 10),
    'only its header': (file) => truncateSync(file, 160),
    'half of the first commit': (file) => truncateSync(file, 3_000),
    zeros: (file) => writeFileSync(file, new Uint8Array(100_000)),
    noise: (file) => writeFileSync(file, bytes(100_000)),
    text: (file) => writeFileSync(file, 'not a journal\n'.repeat(10_000)),
  }
  test.each(Object.entries(damages))('that holds %s is set aside, and the store starts empty', async (_, damage) => {
    const dir = await withHistory()
    damage(journalOf(dir))
    const damaged = readFileSync(journalOf(dir))
    const { book, opening, close } = open(dir)
    expect(opening.damage?.reason).toMatch(/\w+ \w+/)
    expect(readFileSync(opening.damage!.setAside!)).toEqual(damaged)
    expect(opening.behind).toBe(true)
    expect(book.rows.size).toBe(0)
    book.commit(opening.store, [change(0, bytes(1))])
    await close()
    const again = open(dir)
    expect([again.book.rows.size, again.opening.damage, again.opening.behind]).toEqual([1, undefined, false])
    await again.close()
  })

  test('keeps everything before damage in the middle', async () => {
    const dir = newFolder()
    const { book, opening, close } = open(dir)
    for (let row = 0; row < 10; row += 1) book.commit(opening.store, [change(row, bytes(1_000, row))])
    await close()
    flip(journalOf(dir), 5_500)
    const again = open(dir)
    expect(again.book.rows.size).toBe(5)
    expect(again.opening.damage).toMatchObject({
      reason: expect.stringContaining('there is more data after it') as string,
      setAside: expect.any(String) as string,
    })
    await again.close()
    const third = open(dir)
    expect(third.book.rows.size).toBe(5)
    expect(third.opening.damage).toBeUndefined()
    await third.close()
  })

  test('with damage at the end counts as an interrupted commit', async () => {
    const dir = newFolder()
    const { book, opening, close } = open(dir)
    for (let row = 0; row < 4; row += 1) book.commit(opening.store, [change(row, bytes(1_000, row))])
    await close()
    truncateSync(journalOf(dir), statSync(journalOf(dir)).size - 5)
    const again = open(dir)
    expect([again.book.rows.size, again.opening.damage]).toEqual([3, undefined])
    again.book.commit(again.opening.store, [change(9, bytes(10))])
    await again.close()
    const third = open(dir)
    expect(contents(third.book)).toEqual(contents(again.book))
    await third.close()
  })

  test('is distinguished from an interrupted commit without checksumming half the file at every apparent frame', async () => {
    const dir = await withHistory()
    const { size } = statSync(journalOf(dir))
    // Headers of 4 MB frames, everywhere.
    const head = new Uint8Array(24)
    new Uint32Array(head.buffer).set([2 ** 22, 7, 40, 80])
    const filler = Buffer.alloc(8 * 2 ** 20, head)
    writeFileSync(journalOf(dir), Buffer.concat([readFileSync(journalOf(dir)), filler]))
    let bytesRead = 0
    const counting: FileCalls = {
      ...fs,
      readSync(...args: Parameters<typeof fs.readSync>) {
        const read = fs.readSync(...args)
        bytesRead += read
        return read
      },
    } as FileCalls
    const opening = opened(openJournal(dir, new Book(), { files: counting }))
    expect(opening.damage).toBeUndefined()
    expect(bytesRead).toBeLessThan(4 * (size + filler.length))
    await opening.store.close()
  })

  test('with flipped bits gives one of its earlier states or an empty one, and never an error', async () => {
    const dir = newFolder()
    const { book, opening, close } = open(dir)
    const states = new Set([JSON.stringify({})])
    for (let round = 0; round < 30; round += 1) {
      book.commit(
        opening.store,
        Array.from({ length: 4 }, (_, row) => change((row * 7 + round) % 20, bytes(500, round))),
      )
      states.add(JSON.stringify(contents(book)))
    }
    await close()
    const image = readFileSync(journalOf(dir))
    const kinds = { whole: 0, part: 0, nothing: 0 }
    for (let seed = 0; seed < 300; seed += 1) {
      const copy = Buffer.from(image)
      const random = new Uint32Array(bytes(64, seed * 7_919 + 1).buffer)
      for (let at = 0; at < 1 + (seed % 3); at += 1) copy[random[at]! % copy.length]! ^= 1 << (random[at + 8]! % 8)
      const place = newFolder()
      writeFileSync(journalOf(place), copy)
      const { book: found, opening: after, close: closeIt } = open(place)
      expect(states).toContain(JSON.stringify(contents(found)))
      kinds[after.damage === undefined ? 'whole' : found.rows.size > 0 ? 'part' : 'nothing'] += 1
      await closeIt()
    }
    // All outcomes have to occur, or there are too few or too many flips to test anything.
    expect(Math.min(...Object.values(kinds))).toBeGreaterThan(0)
  })

  test('is kept aside: the last three, and one that is larger than the current state', async () => {
    const dir = newFolder()
    for (let time = 0; time < 6; time += 1) {
      writeFileSync(journalOf(dir), time === 0 ? 'large '.repeat(1_000) : `broken ${time}`)
      const { opening, close } = open(dir, Date.UTC(2026, 0, 1, time))
      expect(opening.damage?.setAside).toBeDefined()
      await close()
    }
    const kept = readdirSync(dir)
      .filter((name) => name.includes('.broken-'))
      .sort()
    expect(kept.map((name) => readFileSync(join(dir, name), 'utf8').slice(0, 8))).toEqual([
      'large la',
      'broken 3',
      'broken 4',
      'broken 5',
    ])
  })
})

describe('a journal of another version', () => {
  test('is rejected and not changed if that version is later', async () => {
    const dir = newFolder()
    const later = new Book({ ...HEADING, layout: 2 })
    const { store } = opened(openJournal(dir, later))
    later.commit(store, [change(0, bytes(8))])
    await store.close()
    const before = readFileSync(journalOf(dir))
    const book = new Book()
    // Whether tables are too new is decided by the state, not by the store.
    book.take = (heading) => {
      throw new NewerStateError(`layout ${heading.layout}`)
    }
    expect(openJournal(dir, book)).toEqual({ kind: 'refused', reason: 'layout 2' })
    expect(readFileSync(journalOf(dir))).toEqual(before)
    const format = Buffer.from(before)
    format.writeUInt32LE(2, 8)
    writeFileSync(journalOf(dir), format)
    expect(openJournal(dir, new Book())).toEqual({
      kind: 'refused',
      reason: 'its format is 2, but this version reads 1',
    })
    expect(readFileSync(journalOf(dir))).toEqual(format)
    expect(readdirSync(dir).sort()).toEqual(['lock', 'state.journal'])
  })

  test('is rewritten if that version is earlier, and kept until the new one was read', async () => {
    const dir = await withHistory()
    const wider = new Book({ layout: 2, tables: [...HEADING.tables, { name: 'more', width: 1 }] })
    const { store } = opened(openJournal(dir, wider))
    expect(wider.rows.size).toBe(20)
    expect(existsSync(`${journalOf(dir)}.migrated`)).toBe(true)
    wider.commit(store, [change(0, bytes(4), 2)])
    await store.close()
    const again = new Book(wider.heading)
    await opened(openJournal(dir, again)).store.close()
    expect(contents(again)).toEqual(contents(wider))
    expect(existsSync(`${journalOf(dir)}.migrated`)).toBe(false)
  })
})

describe('a journal that others change', () => {
  /** Commits once more after the change to the file, and expects the complete state after a kill. */
  const lives = async ({ book, opening }: ReturnType<typeof open>, dir: string): Promise<string[]> => {
    book.commit(opening.store, [change(99, bytes(9))])
    const image = new Book()
    const copy = newFolder()
    copyFileSync(journalOf(dir), journalOf(copy))
    await opened(openJournal(copy, image)).store.close()
    expect(contents(image)).toEqual(contents(book))
    await opening.store.close()
    return readdirSync(dir).filter((name) => name.includes('.broken-'))
  }
  const hands: Record<string, [hand: (dir: string, copy: string) => void, setAside: number]> = {
    'a removed directory': [(dir) => rmSync(dir, { recursive: true }), 0],
    'a recreated directory': [emptied, 0],
    'a removed file': [(dir) => rmSync(journalOf(dir)), 0],
    'a moved directory': [(dir) => renameSync(dir, `${newFolder()}/moved`), 0],
    'an older copy renamed over it': [(dir, copy) => renameSync(copy, journalOf(dir)), 1],
    'an older copy written into it': [(dir, copy) => copyFileSync(copy, journalOf(dir)), 0],
    'a truncated file': [(dir) => truncateSync(journalOf(dir), 300), 0],
    'an overwritten end': [(dir) => flip(journalOf(dir), statSync(journalOf(dir)).size - 9), 0],
    'a changed file mode': [(dir) => chmodSync(journalOf(dir), 0o640), 0],
  }
  test.each(Object.entries(hands))('loses nothing through %s', async (_, [hand, setAside]) => {
    const dir = await withHistory()
    const copy = older(dir)
    const held = open(dir)
    held.book.commit(held.opening.store, [change(0, bytes(5))])
    await touched(dir, () => hand(dir, copy))
    expect(await lives(held, dir)).toHaveLength(setAside)
  })

  test.each<[string, (dir: string, copy: string) => void]>([
    ['renamed into place', (dir, copy) => renameSync(copy, journalOf(dir))],
    ['copied over it', (dir, copy) => copyFileSync(copy, journalOf(dir))],
    ['copied with its times', backdated],
  ])('reports an older copy that was restored while it was closed, %s', async (_, put) => {
    const dir = await withHistory(Date.now() - 60_000)
    const copy = older(dir)
    const first = open(dir)
    first.book.commit(first.opening.store, [change(50, bytes(5))])
    await first.close()
    const second = open(dir)
    expect(second.opening.behind).toBe(false)
    await second.close()
    put(dir, copy)
    const third = open(dir)
    expect(third.opening.behind).toBe(true)
    third.book.commit(third.opening.store, [change(51, bytes(5))])
    await third.close()
    const fourth = open(dir)
    expect(fourth.opening.behind).toBe(false)
    await fourth.close()
  })

  test('stays locked when its lock file is removed', async () => {
    const dir = await withHistory()
    const first = open(dir)
    rmSync(join(dir, 'lock'))
    expect(openJournal(dir, new Book()).kind).toBe('locked')
    first.book.commit(first.opening.store, [change(1, bytes(3))])
    await first.close()
  })
})

describe('the journal on a full disk', () => {
  test('throws StoreError, keeps its contents, and continues once there is room', async (context) => {
    await withTmpfs(context, async (dir) => {
      const { book, opening, close } = open(dir)
      book.commit(opening.store, [change(0, bytes(50_000))])
      for (let round = 0; round < 3; round += 1) {
        const before = contents(book)
        writeUntilFull(join(dir, 'filler'))
        expect(() => book.commit(opening.store, [change(1, bytes(70_000, round))])).toThrow(StoreError)
        opening.store.fallBehind()
        expect(() => book.commit(opening.store, [change(2, bytes(9))])).toThrow(/ENOSPC/)
        expect(stored(dir)).toEqual(before)
        expect(readFileSync(journalOf(dir))[BEHIND_OFFSET]).toBe(1)
        rmSync(join(dir, 'filler'))
        book.commit(opening.store, [change(3, bytes(round))])
        expect(stored(dir)).toEqual(contents(book))
        expect(readFileSync(journalOf(dir))[BEHIND_OFFSET]).toBe(0)
      }
      await close()
    })
  })

  test('can be opened and read, and the next start reports that it is behind', async (context) => {
    await withTmpfs(context, async (dir) => {
      const first = open(dir)
      first.book.commit(first.opening.store, [change(0, bytes(5_000))])
      await first.close()
      rmSync(join(dir, 'lock'))
      writeUntilFull(join(dir, 'filler'))
      const second = open(dir)
      expect(contents(second.book)).toEqual(contents(first.book))
      expect(() => second.book.commit(second.opening.store, [change(1, bytes(9_000))])).toThrow(StoreError)
      second.opening.store.fallBehind()
      await second.close()
      rmSync(join(dir, 'filler'))
      const third = open(dir)
      expect([third.opening.behind, third.opening.trouble]).toEqual([true, undefined])
      await third.close()
    })
  })

  test('starts empty, and writes everything once there is room', async (context) => {
    await withTmpfs(context, async (dir) => {
      writeUntilFull(join(dir, 'filler'))
      const { book, opening, close } = open(dir)
      expect(() => book.commit(opening.store, [change(0, bytes(9))])).toThrow(StoreError)
      rmSync(join(dir, 'filler'))
      book.commit(opening.store, [change(1, bytes(7))])
      expect(stored(dir)).toEqual(contents(book))
      await close()
    })
  })

  test('appends to a long file if there is no room to rewrite it', async (context) => {
    await withTmpfs(context, async (dir) => {
      const commit = async (row: number): Promise<void> => {
        const { book, opening, close } = open(dir)
        book.commit(opening.store, [change(row, bytes(100_000, row))])
        expect(stored(dir)).toEqual(contents(book))
        await close()
      }
      for (let start = 0; start < 12; start += 1) await commit(start % 3)
      const filler = join(dir, 'filler')
      writeUntilFull(filler)
      truncateSync(filler, statSync(filler).size - 200_000)
      const { size } = statSync(journalOf(dir))
      await commit(1)
      expect(statSync(journalOf(dir)).size).toBeGreaterThan(size)
      rmSync(filler)
      await commit(2)
      expect(statSync(journalOf(dir)).size).toBeLessThan(size)
      expect(readdirSync(dir).sort()).toEqual(['lock', 'state.journal'])
    })
  })
})

describe('the journal without write access', () => {
  test('reads its contents, gives the reason, and writes once it can', async (context) => {
    await withTmpfs(context, async (dir) => {
      const first = open(dir)
      first.book.commit(first.opening.store, [change(0, bytes(500))])
      await first.close()
      execFileSync('mount', ['-o', 'remount,ro', dir])
      const second = open(dir)
      expect(contents(second.book)).toEqual(contents(first.book))
      expect(second.opening).toMatchObject({ behind: true, trouble: expect.stringContaining('EROFS') as string })
      expect(() => second.book.commit(second.opening.store, [change(1, bytes(9))])).toThrow(/EROFS/)
      execFileSync('mount', ['-o', 'remount,rw', dir])
      second.book.commit(second.opening.store, [change(2, bytes(9))])
      await second.close()
      const third = open(dir)
      expect(contents(third.book)).toEqual(contents(second.book))
      expect(third.opening.behind).toBe(false)
      await third.close()
    })
  })

  test('opens empty with the reason below a regular file', async () => {
    const dir = newFolder()
    writeFileSync(join(dir, 'file'), '')
    const { book, opening, close } = open(join(dir, 'file', 'state'))
    expect(opening.trouble).toMatch(/ENOTDIR/)
    expect(() => book.commit(opening.store, [change(0, bytes(1))])).toThrow(StoreError)
    await close()
  })

  test('rejects a directory in place of its file, and does not change it', () => {
    const dir = newFolder()
    mkdirSync(journalOf(dir))
    expect(openJournal(dir, new Book())).toEqual({ kind: 'refused', reason: 'it is not a regular file' })
    expect(statSync(journalOf(dir)).isDirectory()).toBe(true)
  })
})

test('the journal creates its directory and files for its user alone', async () => {
  const dir = join(newFolder(), 'new', 'state')
  const { book, opening, close } = open(dir)
  book.commit(opening.store, [change(0, bytes(1))])
  await close()
  expect(statSync(dir).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(dir))
    expect(`${name} ${(statSync(join(dir, name)).mode & 0o77).toString(8)}`).toBe(`${name} 0`)
})

test('the journal is locked for a second process until the first is killed', async () => {
  const dir = newFolder()
  const { book, opening, close } = open(dir)
  book.commit(opening.store, [change(0, bytes(1))])
  const second = run('rounds', dir)
  expect(await linesOf(second)).toEqual([{ kind: 'locked', holder: process.pid }])
  await close()
  const rounds = run('rounds', dir)
  await once(rounds.stdout, 'data')
  expect(openJournal(dir, new Book())).toEqual({ kind: 'locked', holder: rounds.pid })
  rounds.kill('SIGKILL')
  await once(rounds, 'exit')
  await open(dir).close()
})

test('the journal is rewritten in the background in steps, and loses no commit made meanwhile', async () => {
  const dir = newFolder()
  const { book, opening, close } = open(dir)
  book.commit(
    opening.store,
    Array.from({ length: 40 }, (_, row) => change(row, bytes(100_000, row))),
  )
  let rewritten = 0
  let longest = 0
  for (let round = 0, before = 0; round < 400; round += 1) {
    book.commit(opening.store, [change(round % 40, bytes(100_000, round))])
    const { size } = statSync(journalOf(dir))
    // Detected by size: the inode number may be reused.
    if (size < before) rewritten += 1
    before = size
    longest = Math.max(longest, size)
    await setImmediate()
  }
  expect(rewritten).toBeGreaterThan(1)
  expect(longest).toBeLessThan(5 * 4_000_000)
  await close()
  const again = open(dir)
  expect(contents(again.book)).toEqual(contents(book))
  await again.close()
  expect(readdirSync(dir).sort()).toEqual(['lock', 'state.journal'])
})

test('the journal stays short when each process makes one commit', async () => {
  const dir = newFolder()
  let longest = 0
  for (let start = 0; start < 60; start += 1) {
    const { book, opening, close } = open(dir)
    book.commit(opening.store, [change(start % 5, bytes(100_000, start))])
    longest = Math.max(longest, statSync(journalOf(dir)).size)
    await close()
  }
  expect(longest).toBeLessThan(2_000_000)
  const { book, close } = open(dir)
  expect(contents(book)).toEqual(
    Object.fromEntries(
      [0, 1, 2, 3, 4].map((row) => [`0/${row}`, Buffer.from(bytes(100_000, 55 + row)).toString('hex')]),
    ),
  )
  await close()
  expect(readdirSync(dir).sort()).toEqual(['lock', 'state.journal'])
})

function open(
  dir: string,
  nowMs?: number,
): { readonly book: Book; readonly opening: Opened; readonly close: () => Promise<void> } {
  const book = new Book()
  const opening = opened(openJournal(dir, book, nowMs === undefined ? {} : { now: () => nowMs }))
  return { book, opening, close: () => opening.store.close() }
}

/** The contents that a start after a kill would find. */
function stored(dir: string): Record<string, string> {
  const copy = newFolder()
  if (existsSync(journalOf(dir))) copyFileSync(journalOf(dir), journalOf(copy))
  const { book, close } = open(copy)
  void close()
  return contents(book)
}

async function withHistory(nowMs?: number): Promise<string> {
  const dir = join(newFolder(), 'state')
  const { book, opening, close } = open(dir, nowMs)
  book.commit(
    opening.store,
    Array.from({ length: 20 }, (_, row) => change(row, bytes(300, row))),
  )
  await close()
  return dir
}

/** A copy of the current journal file. */
function older(dir: string): string {
  const copy = join(newFolder(), 'older')
  copyFileSync(journalOf(dir), copy)
  return copy
}

/** Calls `hand` after the file system's coarse clock has advanced since the last change of the file. */
async function touched(dir: string, hand: () => void): Promise<void> {
  const probe = join(newFolder(), 'probe')
  const { ctimeMs } = statSync(journalOf(dir))
  do {
    writeFileSync(probe, '')
    await setImmediate()
  } while (statSync(probe).ctimeMs <= ctimeMs)
  hand()
}

function emptied(dir: string): void {
  rmSync(dir, { recursive: true })
  mkdirSync(dir)
}

function backdated(dir: string, copy: string): void {
  copyFileSync(copy, journalOf(dir))
  utimesSync(journalOf(dir), new Date(0), new Date(0))
}

function journalOf(dir: string): string {
  return join(dir, 'state.journal')
}

function flip(file: string, at: number): void {
  const fd = openSync(file, 'r+')
  const byte = readFileSync(file)[at]!
  writeSync(fd, Buffer.from([byte ^ 4]), 0, 1, at)
  closeSync(fd)
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'store-'))
  folders.push(folder)
  return folder
}

function run(task: string, ...dirs: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [program, task, ...dirs])
  child.stderr.resume()
  return child
}

async function linesOf(child: ChildProcessWithoutNullStreams): Promise<unknown[]> {
  const lines: unknown[] = []
  for await (const line of createInterface({ input: child.stdout })) lines.push(JSON.parse(line))
  return lines
}

/** A disk of 2 MB. Without the permission to mount it, the test is skipped; in CI it fails. */
async function withTmpfs(context: TestContext, body: (dir: string) => Promise<void>): Promise<void> {
  const dir = newFolder()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', dir], { stdio: 'pipe' })
  } catch (error) {
    if (process.env['CI']) throw error
    context.skip(`MISSING: the right to mount a small disk (${String(error)})`)
  }
  try {
    await body(dir)
  } finally {
    execFileSync('umount', ['--lazy', dir])
  }
}

function writeUntilFull(path: string): void {
  for (let length = 2 ** 20; length >= 1; length /= 2) {
    try {
      for (;;) writeFileSync(path, new Uint8Array(length), { flag: 'a' })
    } catch {
      // Then smaller pieces, down to the last byte.
    }
  }
}
