// A scan that uses remembered directory listings must find the same as a scan that reads all directories.
import {
  appendFileSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { Directories } from '../../src/core/directories.js'
import { Listings, knownNames } from '../../src/ingest/listings.js'
import { plant, temporaryFolder } from '../support/tree.js'
import { line, lines } from '../support/line.js'
import { scanned, scannedWith, type Found } from './found.js'
import { REQUESTS, passing } from './passing.js'

const folder = realpathSync(temporaryFolder())
const HOUR_MS = 3_600_000
let trees = 0

/** Waits until the file system's clock advances, so that later changes get another time. */
function tick(): void {
  const probe = join(folder, 'probe')
  const changed = (): number => {
    writeFileSync(probe, '')
    return statSync(probe).ctimeMs
  }
  const before = changed()
  while (changed() === before);
}

/** Scans of one tree, each with the listings that earlier scans kept. */
function remembering(configDir: string, now = () => Date.now() + HOUR_MS) {
  const directories = new Directories()
  let files: readonly string[] = []
  return async (believe = true): Promise<Found & { readonly read: number }> => {
    tick()
    const listings = new Listings(directories, believe ? knownNames(directories, files) : undefined, now)
    const noted = vi.spyOn(listings, 'note')
    const found = await scannedWith(listings, configDir)
    files = found.files.map(({ path }) => path)
    listings.keep()
    return { ...found, read: noted.mock.calls.length }
  }
}

function tree(...paths: readonly string[]) {
  const configDir = plant(join(folder, `tree-${trees++}`), Object.fromEntries(paths.map((path) => [path, ''])))
  return { configDir, at: (path: string): string => join(configDir, 'projects', path) }
}

describe('a scan with remembered listings', () => {
  it('reads no names in unchanged directories', async () => {
    const { configDir, at } = tree('-a/1.jsonl', '-a/1/subagents/agent-x.jsonl', '-b/2.jsonl')
    const scan = remembering(configDir)
    const first = await scan()
    expect(first.read).toBe(5)
    appendFileSync(at('-a/1.jsonl'), 'more')
    const second = await scan()
    expect(second.read).toBe(0)
    expect(new Set(second.files)).toEqual(new Set((await scanned(configDir)).files))
    writeFileSync(at('-b/3.jsonl'), '')
    expect(await scan()).toMatchObject({ read: 1, files: { length: 4 } })
    expect((await scan()).read).toBe(0)
  })

  it('reads all directories on request', async () => {
    const scan = remembering(tree('-a/1.jsonl').configDir)
    await scan()
    expect([(await scan(false)).read, (await scan()).read]).toEqual([2, 0])
  })

  it('does not trust a listing read within 2 s of a change', async () => {
    const { configDir } = tree('-a/1.jsonl')
    const changed = ['projects', 'projects/-a'].map((directory) => statSync(join(configDir, directory)).ctimeMs)
    let now = Math.min(...changed) + 2_000
    const scan = remembering(configDir, () => now)
    expect([(await scan()).read, (await scan()).read]).toEqual([2, 2])
    now = Math.max(...changed) + 2_010
    expect([(await scan()).read, (await scan()).read]).toEqual([2, 0])
  })

  it('reads a directory that contains links every time', async () => {
    const elsewhere = tree('-x/1.jsonl', '-x/2.jsonl')
    const { configDir, at } = tree('-a/1.jsonl', '-b/1.jsonl')
    symlinkSync(elsewhere.at('-x'), at('-a/S'))
    const scan = remembering(configDir)
    await scan()
    expect(await scan()).toMatchObject({ read: 1, files: { length: 4 } })
    writeFileSync(elsewhere.at('-x/3.jsonl'), '')
    expect(await scan()).toMatchObject({ read: 2, files: { length: 5 } })
  })

  it('reads a distrusted directory once more', async () => {
    const { configDir, at } = tree('-a/1.jsonl', '-b/1.jsonl')
    const directories = new Directories()
    const look = async () => {
      const listings = new Listings(directories, knownNames(directories, []), () => Date.now() + HOUR_MS)
      const noted = vi.spyOn(listings, 'note')
      await scannedWith(listings, configDir)
      return { listings, read: noted.mock.calls.length }
    }
    const { listings: first } = await look()
    first.distrust(at('-b'))
    first.keep()
    for (const expected of [1, 0]) {
      const { listings, read } = await look()
      expect(read).toBe(expected)
      listings.keep()
    }
  })

  it('finds the same as a full scan after any changes to the tree', { timeout: 60_000 }, async () => {
    const name = fc.constantFrom('-a', '-b', 'c', '1.jsonl', '2.jsonl', 'subagents', 'memory')
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'))
    const step = fc.oneof(
      fc.record({ make: path }),
      fc.record({ remove: path }),
      fc.record({ move: path, to: path }),
      fc.record({ link: path }),
      fc.record({ write: path }),
    )
    type Step =
      { make: string } | { remove: string } | { move: string; to: string } | { link: string } | { write: string }
    const elsewhere = tree('-x/1.jsonl').at('-x')
    let spared = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 4 }), { minLength: 1, maxLength: 8 }), async (rounds) => {
        const { configDir, at } = tree('-a/1.jsonl', '-a/c/subagents/2.jsonl', '-b/1.jsonl')
        const scan = remembering(configDir)
        await scan()
        for (const steps of rounds) {
          for (const each of steps) change(at, each)
          const found = await scan()
          const all = await scanned(configDir)
          expect(byPath(found)).toEqual(byPath(all))
          if (found.read === 0) spared += 1
        }
      }),
      { numRuns: 100 },
    )
    expect(spared).toBeGreaterThan(0)

    function change(at: (path: string) => string, each: Step): void {
      try {
        if ('make' in each) mkdirSync(at(each.make), { recursive: true })
        else if ('remove' in each) rmSync(at(each.remove), { recursive: true })
        else if ('move' in each) renameSync(at(each.move), at(each.to))
        else if ('link' in each) symlinkSync(elsewhere, at(each.link))
        else {
          mkdirSync(dirname(at(each.write)), { recursive: true })
          writeFileSync(at(each.write), '')
        }
      } catch {
        // A file is in place of a directory, or the path is missing: the step changes nothing.
      }
    }
  })
})

function byPath({ files }: Found): unknown[] {
  return files.map(({ path, stat }) => ({ path, stat })).sort((a, b) => (a.path < b.path ? -1 : 1))
}

describe('a pass with remembered listings', () => {
  const A = lines(line('msg_1/r1 o48 10/160'))
  const B = lines(line('msg_2/r2 o48 10/160'))

  it('counts new files in new directories', async () => {
    const { configDir, at } = tree()
    const { pass, state, total } = passing([configDir], { remembers: true, now: () => Date.now() + HOUR_MS })
    await pass('everything')
    tick()
    mkdirSync(at('-a/1/subagents'), { recursive: true })
    writeFileSync(at('-a/1/subagents/agent-x.jsonl'), A)
    await pass('everything')
    tick()
    writeFileSync(at('-a/1.jsonl'), B)
    await pass('everything')
    expect(total(REQUESTS)).toBe(2)
    expect(state.directories.count).toBe(4)
    tick()
    rmSync(at('-a'), { recursive: true })
    expect(await pass('everything')).toMatchObject({ files: 0 })
    expect([state.directories.count, state.cursors.count, total(REQUESTS)]).toEqual([1, 0, 2])
  })

  it('reads all directories on every tenth pass, for file systems that do not update directory times', async () => {
    const { configDir, at } = tree('-a/1.jsonl')
    const { pass, state } = passing([configDir], { remembers: true, now: () => Date.now() + HOUR_MS })
    await pass('everything')
    writeFileSync(at('-a/2.jsonl'), A)
    // As if the directory's times had not changed.
    const { ctimeMs, ino } = statSync(at('-a'))
    state.directories.set(at('-a'), { changedMs: ctimeMs, inode: ino })
    const found: number[] = []
    for (let count = 2; count <= 11; count += 1) found.push((await pass('everything')).files)
    expect(found).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 2])
  })
})
