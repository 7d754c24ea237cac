// The LMDB store sits the exam, and then what only files on disks have to endure: kills, damage, a full disk.
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { truncateSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RootDatabase } from 'lmdb'
import limit from 'p-limit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLmdbStore } from '../../src/store/lmdb.js'
import { HEADER_KEY, encodeHeader, sealOf, sealed } from '../../src/store/sealed.js'
import { StoreError } from '../../src/store/store.js'
import type { Store } from '../../src/store/store.js'
import { compileStoreProcess } from './compiled.js'
import { bytes, contents, opened, storeExam } from './contract.js'

storeExam('the LMDB store', openLmdbStore)

const folders: string[] = []
let program = ''
/** A store with some history, closed: `base/state.mdb`, and the digests of all states that it ever had. */
let base = ''
const states = new Set<string>()

beforeAll(async () => {
  const compiled = compileStoreProcess()
  program = compiled.program
  folders.push(compiled.folder)
  base = newFolder()
  const store = opened(await openLmdbStore(base))
  states.add(digest(store))
  for (let round = 0; round < 30; round++) {
    const page = (i: number): readonly [string, Uint8Array | null] => [
      `page/${i}`,
      (i + round) % 11 === 0 ? null : bytes((i * 977 + round * 131) % 9000, round),
    ]
    store.commit(Array.from({ length: 40 }, (_, i) => page((i * 7 + round * 13) % 150)))
    states.add(digest(store))
  }
  await store.close()
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

test('keeps every commit that returned, and no part of another, through 30 kills', async () => {
  const dir = newFolder()
  for (let kill = 0; kill < 30; kill++) {
    const child = run('rounds', dir)
    const lines: string[] = []
    // Kills at different moments of a commit: after so many rounds, and then wherever it happens to be.
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line)
      if (lines.length === 1 + kill * 2) child.kill('SIGKILL')
    }
    expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGKILL')
    const { round } = JSON.parse(lines.at(-1)!) as { round: number }
    const store = opened(await openLmdbStore(dir))
    const rounds = new Set<number>()
    for (const [, page] of store.load()) {
      for (const number of new Uint32Array(page.buffer, page.byteOffset, page.length / 4)) rounds.add(number)
    }
    expect([...rounds], `after kill ${kill}`).toHaveLength(1)
    expect([round, round + 1]).toContain([...rounds][0])
    expect(contents(store).size).toBe(5)
    await store.close()
  }
})

describe('what cannot be trusted is set aside, and the store starts empty', () => {
  const damages: Record<string, (file: string) => void> = {
    'no bytes at all': (file) => truncateSync(file, 0),
    'half a header': (file) => truncateSync(file, 100),
    'nothing but its headers': (file) => truncateSync(file, 8192),
    'half of it': (file) => truncateSync(file, Math.floor(statSync(file).size / 2)),
    zeros: (file) => writeFileSync(file, new Uint8Array(100_000)),
    noise: (file) => writeFileSync(file, bytes(100_000)),
    'a text': (file) => writeFileSync(file, 'not a database\n'.repeat(10_000)),
    'a directory': (file) => {
      rmSync(file)
      mkdirSync(file)
    },
  }
  test.each(Object.entries(damages))('%s', async (_, damage) => {
    const dir = copyOfBase()
    damage(join(dir, 'state.mdb'))
    const opening = await openLmdbStore(dir)
    if (opening.kind !== 'rebuilt') throw new Error(opening.kind)
    expect(opening.reason).toMatch(/\w+ \w+/)
    expect(existsSync(opening.setAside)).toBe(true)
    expect(contents(opening.store).size).toBe(0)
    opening.store.commit([['a', bytes(1)]])
    await opening.store.close()
    const again = opened(await openLmdbStore(dir))
    expect(contents(again).size).toBe(1)
    await again.close()
  })

  test('a newer format, named in the reason', async () => {
    const dir = copyOfBase()
    const newer = encodeHeader({ commit: 7, pages: 0, sum: 0 }).subarray(0, -4)
    newer.writeUInt32LE(2, 0)
    await inDatabase(dir, (db) => db.putSync(HEADER_KEY, sealed(newer, sealOf(HEADER_KEY, newer))))
    expectOpening(await openAndClose(dir), 'rebuilt', 'format 2 is newer')
  })

  test('pages of two commits, each with a right checksum', async () => {
    const dir = copyOfBase()
    const key = Buffer.from('page/1')
    await inDatabase(dir, (db) => db.putSync(key, sealed(bytes(99), sealOf(key, bytes(99)))))
    expectOpening(await openAndClose(dir), 'rebuilt', 'one commit')
  })

  test('a missing page', async () => {
    const dir = copyOfBase()
    await inDatabase(dir, (db) => db.removeSync(Buffer.from('page/1')))
    expectOpening(await openAndClose(dir), 'rebuilt', 'one commit')
  })

  test('only the newest three are kept', async () => {
    const dir = newFolder()
    for (let i = 0; i < 5; i++) {
      writeFileSync(join(dir, 'state.mdb'), `broken ${i}`)
      expect(await openAndClose(dir)).toMatchObject({ kind: 'rebuilt' })
    }
    const kept = readdirSync(dir).filter((name) => name.includes('.broken-')).sort()
    expect(kept.map((name) => readFileSync(join(dir, name), 'utf8'))).toEqual(['broken 2', 'broken 3', 'broken 4'])
  })
})

test('gives a store that ended the process three times no fourth chance, and one that ended it twice another', async () => {
  const dir = copyOfBase()
  writeFileSync(join(dir, 'opening'), 'first\nsecond\n')
  expect(await openAndClose(dir)).toMatchObject({ kind: 'opened' })
  expect(existsSync(join(dir, 'opening'))).toBe(false)
  writeFileSync(join(dir, 'opening'), 'first\nsecond\nthird\n')
  expectOpening(await openAndClose(dir), 'rebuilt', 'three times')
  expect(await openAndClose(dir)).toMatchObject({ kind: 'opened' })
})

test('with bits flipped in any place is one of the states that it had, or is set aside, in at most four openings', async () => {
  const image = readFileSync(join(base, 'state.mdb'))
  const dirs = Array.from({ length: 120 }, (_, seed) => flipped(image, seed))
  const batches = Array.from({ length: 12 }, (_, i) => dirs.slice(i * 10, i * 10 + 10))
  const twoAtATime = limit(2)
  const ends = (await Promise.all(batches.map((batch) => twoAtATime(() => openAll(batch))))).flat()
  const nothing = createHash('sha256').digest('hex')
  for (const { dir, kinds, digests } of ends) {
    const [first, second] = digests
    // What the second opening finds is what the first committed to, or nothing.
    expect(states.has(first!) || first === nothing, `${dir} holds a mix`).toBe(true)
    expect([first, nothing], `${dir} changed`).toContain(second)
    if (kinds[0] === 'rebuilt') expect([dir, first, kinds[1]]).toEqual([dir, nothing, 'opened'])
  }
  // All kinds of ends have to occur, or the flips are too tame, or too wild, to tell anything.
  const firsts = ends.map(({ kinds }) => kinds[0])
  expect(firsts).toHaveLength(dirs.length)
  expect(firsts).toContain('opened')
  expect(firsts).toContain('rebuilt')
})

/** A directory with a damaged copy of the store. A third have flips in the headers, a third in one page, a third anywhere. */
function flipped(image: Buffer, seed: number): string {
  const copy = Buffer.from(image)
  const random = new Uint32Array(bytes(512, seed * 7919 + 1).buffer)
  const page = (random[127]! % (copy.length / 4096)) * 4096
  for (let flip = 0; flip < 1 + (seed % 4) ** 3; flip++) {
    const place = random[flip * 2]!
    // The headers are the first 168 bytes of the first two pages.
    const inHeaders = (place % 168) + ((place >>> 9) & 1) * 4096
    const offset = seed % 3 === 0 ? inHeaders : seed % 3 === 1 ? page + (place % 4096) : place % copy.length
    copy[offset]! ^= 1 << (random[flip * 2 + 1]! % 8)
  }
  const dir = newFolder()
  writeFileSync(join(dir, 'state.mdb'), copy)
  return dir
}

interface End {
  readonly dir: string
  readonly kinds: readonly string[]
  readonly digests: readonly (string | null)[]
}

/** Opens each store in a process, and goes on in another when that one crashes: with the same store, as a service would. */
async function openAll(dirs: readonly string[]): Promise<End[]> {
  const ends: End[] = []
  let crashes = 0
  while (ends.length < dirs.length) {
    const child = run('read', ...dirs.slice(ends.length))
    const [lines, [, signal]] = await Promise.all([linesOf(child), once(child, 'close') as Promise<[unknown, string | null]>])
    ends.push(...(lines as End[]))
    crashes = lines.length === 0 ? crashes + 1 : 0
    if (signal === null && ends.length < dirs.length) throw new Error(`${dirs[ends.length]} ended its process without a signal`)
    if (crashes > 3) throw new Error(`${dirs[ends.length]} crashes whoever opens it`)
  }
  return ends
}

const canMount = process.platform === 'linux' && succeeds('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs'], 'umount')
const canLimit = process.platform === 'linux' && succeeds('prlimit', ['--version'])

describe('pages taken while they are checked', () => {
  test('are those that were committed', async () => {
    const dir = newFolder()
    const store = opened(await openLmdbStore(dir))
    store.commit([['a', bytes(3)], ['b', bytes(4)]])
    await store.close()
    // One page in memory at a time: each is copied here before the next comes.
    const found = new Map<string, Uint8Array>()
    const again = opened(await openLmdbStore(dir, (pages) => {
      for (const [key, page] of pages) found.set(key, Uint8Array.from(page))
    }))
    expect(found).toEqual(new Map([['a', bytes(3)], ['b', bytes(4)]]))
    again.commit([['b', null]])
    expect(contents(again)).toEqual(new Map([['a', bytes(3)]]))
    await again.close()
  })

  test('are none in the end when one of them is damaged', async () => {
    const dir = newFolder()
    const store = opened(await openLmdbStore(dir))
    store.commit([['a', bytes(3)], ['b', bytes(4)]])
    await store.close()
    await inDatabase(dir, (db) => db.putSync(Buffer.from('b'), Buffer.from('not sealed')))
    const taken: string[][] = []
    const opening = await openLmdbStore(dir, (pages) => {
      taken.push([])
      for (const [key] of pages) taken.at(-1)!.push(key)
    })
    expect(opening).toMatchObject({ kind: 'rebuilt', reason: 'page "b" does not match its checksum' })
    expect(taken).toEqual([['a'], []])
    await (opening as { store: Store }).store.close()
  })

  test('set the store aside when they make no sense to who takes them', async () => {
    const dir = newFolder()
    const store = opened(await openLmdbStore(dir))
    store.commit([['a', bytes(3)]])
    await store.close()
    const opening = await openLmdbStore(dir, (pages) => {
      for (const [key] of pages) throw Object.assign(new Error(`what is ${key}?`), { code: 'ERR_OTHER' })
    })
    expect(opening).toMatchObject({ kind: 'rebuilt', reason: 'its pages make no sense: what is a?' })
    await (opening as { store: Store }).store.close()
  })
})

describe('a first commit of many pages', () => {
  const many = Array.from({ length: 700 }, (_, i) => [`page/${i}`, bytes(1000 + i, i)] as const)

  test('is there as a whole', async () => {
    const dir = newFolder()
    const store = opened(await openLmdbStore(dir))
    store.commit(many)
    expect(contents(store)).toEqual(new Map(many))
    await store.close()
    const again = opened(await openLmdbStore(dir))
    expect(contents(again)).toEqual(new Map(many))
    await again.close()
  })

  test('is as if it had not been when it did not get to its end', async () => {
    const dir = newFolder()
    await openAndClose(dir)
    await inDatabase(dir, (db) => {
      for (const [name, page] of many.slice(0, 256)) {
        const key = Buffer.from(name)
        db.putSync(key, sealed(page, sealOf(key, page)))
      }
    })
    const store = opened(await openLmdbStore(dir))
    expect(contents(store).size).toBe(0)
    // Other pages than those that were left: none of them may stay.
    store.commit([['a', bytes(7)]])
    await store.close()
    const again = opened(await openLmdbStore(dir))
    expect(contents(again)).toEqual(new Map([['a', bytes(7)]]))
    await again.close()
  })

  test.runIf(canMount)('can be made again when the disk was full', async () => {
    await withTmpfs(async (dir) => {
      const store = opened(await openLmdbStore(dir))
      writeUntilFull(join(dir, 'filler'))
      expect(() => store.commit(many.slice(0, 120))).toThrow(StoreError)
      expect(contents(store).size).toBe(0)
      rmSync(join(dir, 'filler'))
      store.commit(many.slice(40, 120))
      await store.close()
      const again = opened(await openLmdbStore(dir))
      expect(contents(again)).toEqual(new Map(many.slice(40, 120)))
      await again.close()
    })
  })
})

describe('on a full disk', () => {
  test('one of the two ways to fill a disk is there', () => {
    expect(canMount || canLimit || process.platform !== 'linux').toBe(true)
  })

  test.runIf(canMount)('throws StoreError, keeps what it held, and goes on once there is room (a small tmpfs)', async () => {
    await withTmpfs(async (dir) => {
      const store = opened(await openLmdbStore(dir))
      store.commit([['a', bytes(50_000)]])
      for (let round = 0; round < 3; round++) {
        const before = digest(store)
        writeUntilFull(join(dir, 'filler'))
        expect(() => store.commit([['a', bytes(700_000)], ['b', bytes(9)]])).toThrow(StoreError)
        expect(() => store.commit([['a', bytes(900_000)], ['b', null]])).toThrow(/ENOSPC/)
        expect(digest(store)).toBe(before)
        rmSync(join(dir, 'filler'))
        store.commit([['a', bytes(100_000 + round * 20_000)], ['b', bytes(round)]])
        expect(contents(store).get('b')).toEqual(bytes(round))
      }
      const last = digest(store)
      await store.close()
      const again = opened(await openLmdbStore(dir))
      expect(digest(again)).toBe(last)
      await again.close()
    })
  })

  test.runIf(canMount)('opens and reads what is there when not a byte is free', async () => {
    await withTmpfs(async (dir) => {
      const store = opened(await openLmdbStore(dir))
      store.commit([['a', bytes(5000)]])
      await store.close()
      writeUntilFull(join(dir, 'filler'))
      const again = opened(await openLmdbStore(dir))
      expect(contents(again)).toEqual(new Map([['a', bytes(5000)]]))
      await again.close()
    })
  })

  test.runIf(canLimit)('throws StoreError and goes on once there is room (a limit on the size of files)', async () => {
    const dir = newFolder()
    const limited = ['-c', `ulimit -S -f 2048; exec "$0" "$@"`, process.execPath, program, 'fill', dir]
    const child = spawn('sh', limited, { stdio: ['pipe', 'pipe', 'inherit'] }) as unknown as ChildProcessWithoutNullStreams
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const next = async () => JSON.parse((await lines.next()).value as string) as Record<string, unknown>
    const full = await next()
    expect(full).toMatchObject({ full: 'EFBIG', count: full['pages'] })
    expect(full['pages']).toBeGreaterThan(2)
    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited'])
    child.stdin.write('go on\n')
    expect(await next()).toEqual({ count: (full['pages'] as number) + 1 })
    child.stdin.end()
    expect((await once(child, 'close'))[0]).toBe(0)
  })
})

describe('without a directory to write to', () => {
  test('is unavailable below a file, and says why', async () => {
    const dir = newFolder()
    writeFileSync(join(dir, 'file'), '')
    expectOpening(await openLmdbStore(join(dir, 'file', 'state')), 'unavailable', 'ENOTDIR')
  })

  test.runIf(canMount)('is unavailable on a read-only file system', async () => {
    await withTmpfs(async (dir) => {
      expectOpening(await openLmdbStore(dir), 'unavailable', 'EROFS')
    }, 'ro')
  })
})

test('makes a directory that only its user can enter, and files that only its user can read', async () => {
  const dir = join(newFolder(), 'new', 'state')
  const store = opened(await openLmdbStore(dir))
  store.commit([['a', bytes(1)]])
  await store.close()
  expect(statSync(dir).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(dir)) expect(`${name} ${(statSync(join(dir, name)).mode & 0o77).toString(8)}`).toBe(`${name} 0`)
})

test('is refused to a second process, and free again when the first is killed', async () => {
  const dir = newFolder()
  const store = opened(await openLmdbStore(dir))
  const second = run('read', dir)
  expect(await linesOf(second)).toEqual([{ kind: 'locked', holder: process.pid }])
  await store.close()
  const rounds = run('rounds', dir)
  await once(rounds.stdout, 'data')
  expect(await openLmdbStore(dir)).toEqual({ kind: 'locked', holder: rounds.pid })
  rounds.kill('SIGKILL')
  await once(rounds, 'exit')
  expect(await openAndClose(dir)).toMatchObject({ kind: 'opened' })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'store-'))
  folders.push(folder)
  return folder
}

function copyOfBase(): string {
  const dir = newFolder()
  copyFileSync(join(base, 'state.mdb'), join(dir, 'state.mdb'))
  return dir
}

async function openAndClose(dir: string): Promise<{ readonly kind: string; readonly reason?: string }> {
  const opening = await openLmdbStore(dir)
  if ('store' in opening) await opening.store.close()
  return opening
}

function expectOpening(opening: object, kind: string, reason: string): void {
  expect(opening).toMatchObject({ kind })
  expect((opening as { readonly reason?: string }).reason).toContain(reason)
}

/** Changes a closed store behind its back. */
async function inDatabase(dir: string, change: (db: RootDatabase) => unknown): Promise<void> {
  const { open } = await import('lmdb')
  const db = open(join(dir, 'state.mdb'), { noSubdir: true, encoding: 'binary', keyEncoding: 'binary', overlappingSync: false })
  change(db)
  await db.close()
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

function digest(store: Store): string {
  const hash = createHash('sha256')
  for (const [key, page] of store.load()) hash.update(`${key} ${page.length} `).update(page)
  return hash.digest('hex')
}

function succeeds(command: string, args: readonly string[], undo?: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'store-try-'))
  try {
    execFileSync(command, undo === undefined ? args : [...args, folder], { stdio: 'ignore' })
    if (undo !== undefined) execFileSync(undo, [folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function withTmpfs(body: (dir: string) => Promise<void>, option = 'rw'): Promise<void> {
  const dir = newFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=2m,${option}`, 'tmpfs', dir])
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
