// The exam that every store sits: what a commit returned for is there, all of it, in order, also after opening again.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { MAX_PAGE_BYTES } from '../../src/store/store.js'
import type { Store, StoreOpening } from '../../src/store/store.js'

type Pages = ReadonlyMap<string, Uint8Array>

/** `store` of an opening that must have gone well, over nothing that had to be set aside. */
export function opened(opening: StoreOpening): Store {
  if (opening.kind !== 'opened') throw new Error(`not opened: ${JSON.stringify(opening)}`)
  return opening.store
}

export function contents(store: Store): Map<string, Uint8Array> {
  return new Map(copiesOf(store))
}

/** Pages are good only until the next one comes. */
function* copiesOf(store: Store): Generator<readonly [key: string, page: Uint8Array]> {
  for (const [key, page] of store.load()) yield [key, Uint8Array.from(page)]
}

export function storeExam(name: string, open: (dir: string) => Promise<StoreOpening>): void {
  describe(name, () => {
    const dirs: string[] = []
    const stores: Store[] = []
    const newDir = (): string => {
      const dir = mkdtempSync(join(tmpdir(), 'store-'))
      dirs.push(dir)
      return dir
    }
    const openIn = async (dir: string): Promise<Store> => {
      const store = opened(await open(dir))
      stores.push(store)
      return store
    }
    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close()
      for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true })
    })

    test('is empty at first, and again when closed without a commit', async () => {
      const dir = newDir()
      const store = await openIn(dir)
      expect(contents(store).size).toBe(0)
      await store.close()
      expect(contents(await openIn(dir)).size).toBe(0)
    })

    test('gives back in key order what was committed', async () => {
      const store = await openIn(newDir())
      store.commit([['b/2', bytes(2)], ['b/10', bytes(10)], ['a', new Uint8Array(0)], ['b', bytes(1)]])
      const lengths = [...copiesOf(store)].map(([key, page]) => [key, page.length])
      expect(lengths).toEqual([['a', 0], ['b', 1], ['b/10', 10], ['b/2', 2]])
    })

    test('deletes, replaces, and takes the last of several changes to a key', async () => {
      const dir = newDir()
      const store = await openIn(dir)
      store.commit([['a', bytes(1)], ['b', bytes(2)], ['c', bytes(3)]])
      store.commit([['a', null], ['never', null], ['b', bytes(5)]])
      store.commit([['c', bytes(4)], ['c', null], ['d', null], ['d', bytes(6)]])
      const expected = new Map([['b', bytes(5)], ['d', bytes(6)]])
      expectPages(store, expected)
      await store.close()
      expectPages(await openIn(dir), expected)
    })

    test('commits nothing when the changes throw half way', async () => {
      const store = await openIn(newDir())
      store.commit([['a', bytes(1)]])
      const changes = function* (): Iterable<readonly [string, Uint8Array]> {
        yield ['a', bytes(9)]
        yield ['b', bytes(9)]
        throw new Error('half way')
      }
      expect(() => store.commit(changes())).toThrow('half way')
      expectPages(store, new Map([['a', bytes(1)]]))
    })

    test.each(['', 'a b', 'é', '\n', 'x'.repeat(201)])('refuses the key %j and everything with it', async (key) => {
      const store = await openIn(newDir())
      expect(() => store.commit([['a', bytes(1)], [key, bytes(1)]])).toThrow(TypeError)
      expect(contents(store).size).toBe(0)
    })

    test('equals a map under any batches of changes, iterations and reopenings', async () => {
      const key = fc.integer({ min: 0, max: 40 }).map((n) => `page/${n}`)
      const page = fc.oneof(
        { weight: 5, arbitrary: fc.uint8Array({ maxLength: 64 }) },
        { weight: 3, arbitrary: fc.integer({ min: 0, max: 40_000 }).map(bytes) },
        { weight: 2, arbitrary: fc.constant(null) },
      )
      const commit = fc.array(fc.tuple(key, page), { maxLength: 12 })
      const step = fc.oneof(
        { weight: 6, arbitrary: commit.map((changes) => ({ kind: 'commit' as const, changes })) },
        { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
        { weight: 1, arbitrary: fc.nat(5).map((pages) => ({ kind: 'leave' as const, pages })) },
      )
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const dir = newDir()
          const model = new Map<string, Uint8Array>()
          let store = await openIn(dir)
          for (const step of steps) {
            if (step.kind === 'commit') {
              store.commit(step.changes)
              for (const [key, page] of step.changes) {
                if (page === null) model.delete(key)
                else model.set(key, page)
              }
            } else if (step.kind === 'reopen') {
              await store.close()
              store = await openIn(dir)
            } else {
              let left = step.pages
              for (const [key] of store.load()) {
                expect(model.has(key)).toBe(true)
                if (left-- === 0) break
              }
            }
            expectPages(store, model)
          }
          await store.close()
          expectPages(await openIn(dir), model)
        }),
        { numRuns: 40 },
      )
    })

    test('holds 3,000 pages of 16 KiB, and what a reader does to the pages it gives changes nothing', async () => {
      const dir = newDir()
      const store = await openIn(dir)
      const name = (i: number): string => `ledger/${String(i).padStart(6, '0')}`
      const all = new Map(Array.from({ length: 3000 }, (_, i) => [name(i), bytes(16_384, i)]))
      store.commit(all)
      for (let round = 0; round < 50; round++) {
        const changed = [...all.keys()].filter((_, i) => i % 1009 === round)
        for (const key of changed) all.set(key, bytes(16_000 + round, round))
        store.commit(changed.map((key) => [key, all.get(key)!]))
      }
      await store.close()
      const again = await openIn(dir)
      expectPages(again, all)
      for (const [, page] of again.load()) {
        page.fill(255)
      }
      expectPages(again, all)
    })

    test('holds a page of 8 MB, and the largest there is, but none that is larger', async () => {
      const dir = newDir()
      const store = await openIn(dir)
      const all = new Map([['big', bytes(8_000_000)], ['largest', bytes(MAX_PAGE_BYTES)], ['small', bytes(3)]])
      store.commit(all)
      expectPages(store, all)
      expect(() => store.commit([['larger', new Uint8Array(MAX_PAGE_BYTES + 1)]])).toThrow(TypeError)
      store.commit([['largest', null]])
      all.delete('largest')
      await store.close()
      expectPages(await openIn(dir), all)
    })

    test('refuses a second opening and names the holder, then gives way', async () => {
      const dir = newDir()
      const store = await openIn(dir)
      store.commit([['a', bytes(1)]])
      expect(await open(dir)).toEqual({ kind: 'locked', holder: process.pid })
      store.commit([['a', bytes(2)]])
      await store.close()
      await store.close()
      expectPages(await openIn(dir), new Map([['a', bytes(2)]]))
    })

    test('refuses a commit while pages are being read', async () => {
      const store = await openIn(newDir())
      store.commit([['a', bytes(1)]])
      for (const [key] of store.load()) expect(() => store.commit([[key, bytes(2)]])).toThrow('load()')
      store.commit([['b', bytes(1)]])
      expect(contents(store).size).toBe(2)
    })
  })
}

/** `length` bytes that differ by `seed` and along the way. */
export function bytes(length: number, seed = length): Uint8Array {
  const page = new Uint8Array(length)
  for (let i = 0, x = seed + 1; i < length; i++) page[i] = x = (x * 1_103_515_245 + 12_345) >>> 7
  return page
}

function expectPages(store: Store, expected: Pages): void {
  const keys = [...expected.keys()].sort()
  let i = 0
  for (const [key, page] of store.load()) {
    expect(key).toBe(keys[i++])
    // Comparing buffers here and not in `expect`: it walks a page of megabytes byte by byte.
    if (Buffer.compare(page, expected.get(key)!) !== 0) throw new Error(`page ${key} differs`)
  }
  expect(i).toBe(keys.length)
}
