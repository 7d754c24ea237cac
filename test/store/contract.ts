// The exam that every store takes: everything that was committed is there, completely, also after reopening.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { Store, Stored, StoreOpening } from '../../src/store/store.js'
import { Book, bytes, change, contents, opened } from './book.js'

export function storeExam(name: string, open: (dir: string, stored: Stored) => StoreOpening): void {
  describe(name, () => {
    const dirs: string[] = []
    const stores: Store[] = []
    const newDir = (): string => {
      const dir = mkdtempSync(join(tmpdir(), 'store-'))
      dirs.push(dir)
      return dir
    }
    const openIn = (dir: string): { readonly book: Book; readonly store: Store } => {
      const book = new Book()
      const { store } = opened(open(dir, book))
      stores.push(store)
      return { book, store }
    }
    /** Closes, reopens, and compares the contents. */
    const again = async (
      dir: string,
      before: { readonly book: Book; readonly store: Store },
    ): Promise<{ readonly book: Book; readonly store: Store }> => {
      await before.store.close()
      const after = openIn(dir)
      expect(contents(after.book)).toEqual(contents(before.book))
      return after
    }
    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close()
      for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true })
    })

    test('is empty at first, and after closing without a commit', async () => {
      const dir = newDir()
      const first = openIn(dir)
      expect(first.book.rows.size).toBe(0)
      expect((await again(dir, first)).book.rows.size).toBe(0)
    })

    test('returns what was committed, with the last of several changes to a row', async () => {
      const dir = newDir()
      const first = openIn(dir)
      first.book.commit(first.store, [
        change(0, bytes(8)),
        change(1, bytes(16)),
        change(0, new Uint8Array(0)),
        change(7, bytes(3), 1),
      ])
      first.book.commit(first.store, [change(1, bytes(5)), change(1, bytes(9))])
      const { book } = await again(dir, first)
      expect(book.rows.size).toBe(3)
      expect(book.rows.get('0/1')).toEqual(bytes(9))
    })

    test('commits nothing when iterating over the changes throws', async () => {
      const dir = newDir()
      const { book, store } = openIn(dir)
      book.commit(store, [change(0, bytes(8))])
      const broken = function* (): Iterable<ReturnType<typeof change>> {
        yield change(0, bytes(9))
        throw new Error('half way')
      }
      expect(() => store.commit(broken())).toThrow('half way')
      const { book: after, store: next } = await again(dir, { book, store })
      after.commit(next, [change(1, bytes(7))])
      await again(dir, { book: after, store: next })
    })

    test('equals a Map after any commits and reopenings', async () => {
      const row = fc
        .tuple(fc.nat(40), fc.oneof(fc.nat(64), fc.nat(40_000), fc.constant(400_000)), fc.nat(1))
        .map(([at, length, table]) => change(at, bytes(length), table))
      const step = fc.oneof(
        { weight: 6, arbitrary: fc.array(row, { maxLength: 12 }) },
        { weight: 1, arbitrary: fc.constant('reopen' as const) },
        { weight: 1, arbitrary: fc.constant('wait' as const) },
      )
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
          const dir = newDir()
          let now = openIn(dir)
          for (const step of steps) {
            if (step === 'reopen') now = await again(dir, now)
            else if (step === 'wait') await new Promise((resolve) => setImmediate(resolve))
            else now.book.commit(now.store, step)
          }
          await again(dir, now)
        }),
        { numRuns: 40 },
      )
    })

    test('keeps 50 MB through 120 commits that change a part', async () => {
      const dir = newDir()
      let now = openIn(dir)
      now.book.commit(
        now.store,
        Array.from({ length: 3_000 }, (_, row) => change(row, bytes(16_384, row))),
      )
      for (let round = 0; round < 120; round += 1) {
        now.book.commit(
          now.store,
          Array.from({ length: 100 }, (_, row) => change((row * 31 + round * 7) % 3_000, bytes(16_000, round))),
        )
        // Lets background writes proceed.
        for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      }
      now = await again(dir, now)
    }, 120_000)

    test('keeps a row of 20 MB', async () => {
      const dir = newDir()
      const first = openIn(dir)
      first.book.commit(first.store, [change(0, bytes(9))])
      first.book.commit(first.store, [change(1, bytes(20_000_000)), change(2, bytes(3))])
      await again(dir, first)
    })

    test('rejects a second opening with the id of the holder until it is closed', async () => {
      const dir = newDir()
      const first = openIn(dir)
      first.book.commit(first.store, [change(0, bytes(1))])
      expect(open(dir, new Book())).toEqual({ kind: 'locked', holder: process.pid })
      first.book.commit(first.store, [change(0, bytes(2))])
      await first.store.close()
      await again(dir, first)
    })

    test('throws for a commit after close', async () => {
      const { book, store } = openIn(newDir())
      await store.close()
      await store.close()
      expect(() => book.commit(store, [change(0, bytes(1))])).toThrow(/closed/)
    })
  })
}
