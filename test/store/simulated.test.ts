// The store on a disk that fails in every way that disks do. The rule: after the next start, every commit that returned
// is there completely, and one that did not return is there completely or not at all.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openJournal } from '../../src/store/open-journal.js'
import { StoreError } from '../../src/store/store.js'
import { Book, bytes, change, contents, opened, type Opened } from './book.js'
import { SimulatedDisk, type Call } from './simulated-disk.js'

const RUNS = Number(process.env['AUE_STORE_RUNS'] ?? 500)

const CALLS: readonly Call[] = [
  'open',
  'read',
  'write',
  'flush',
  'rename',
  'link',
  'remove',
  'truncate',
  'stat',
  'mkdir',
  'list',
]

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      rows: fc.array(fc.nat(30), { minLength: 1, maxLength: 6 }),
      length: fc.constantFrom(8, 24, 200, 300_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      call: fc.constantFrom(...CALLS),
      code: fc.constantFrom('EIO', 'EMFILE', 'ENOSPC', 'ENOMEM'),
      after: fc.nat(6),
      times: fc.constantFrom(1, 3, Infinity),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('full' as const), spare: fc.constantFrom(0, 10, 100, 3_000) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'readOnly' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'foreign' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'mend' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('lose' as const),
      what: fc.constantFrom('file', 'directory', 'moved', 'older', 'older in place', 'cut', 'touched'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('kill' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('power' as const), seed: fc.nat() }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'close' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'settle' as const }) },
)

test('the store keeps every commit that returned through any disk failures', async () => {
  const seen = { commits: 0, refusals: 0, starts: 0, refused: 0, behind: 0, renames: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const disk = new SimulatedDisk()
      /** The contents after the last commit that returned, and after later ones that did not. */
      let kept = contents(new Book())
      let perhaps: Record<string, string>[] = []
      let older: Buffer | undefined
      let book = new Book()
      let store: Opened['store'] | undefined
      let seed = 0
      const mend = (): void =>
        void Object.assign(disk, { fails: () => undefined, capacity: Infinity, readOnly: false, foreign: false })
      const start = (): void => {
        seen.starts += 1
        book = new Book()
        const opening = openJournal('/s', book, {
          files: disk.files,
          locks: { directory: () => ({ kind: 'taken', release: () => undefined }), file: () => true },
          now: () => disk.now,
        })
        if (opening.kind === 'refused') {
          seen.refused += 1
          disk.kill()
          // The state is unchanged: it opens once the disk works.
          mend()
          start()
          return
        }
        const { behind, damage, store: itsStore } = opened(opening)
        expect(damage).toBeUndefined()
        expect([kept, ...perhaps]).toContainEqual(contents(book))
        if (behind) seen.behind += 1
        kept = contents(book)
        perhaps = []
        store = itsStore
      }
      start()
      for (const step of steps) {
        disk.now += 5_000
        switch (step.kind) {
          case 'commit': {
            const changes = step.rows.map((row) => change(row, bytes(step.length, (seed += 1))))
            const before = disk.read('/s/state.journal')
            try {
              book.commit(store!, changes)
              seen.commits += 1
              kept = contents(book)
              perhaps = []
              if (Math.abs(seed) % 3 === 0) older = before
            } catch (error) {
              expect(error).toBeInstanceOf(StoreError)
              seen.refusals += 1
              store!.fallBehind()
              perhaps.push(contents(book))
            }
            break
          }
          case 'fail': {
            let { after, times } = step
            disk.fails = (call) => {
              if (call !== step.call || (after -= 1) >= 0 || (times -= 1) < 0) return undefined
              return step.code
            }
            break
          }
          case 'full':
            disk.capacity = (disk.read('/s/state.journal')?.length ?? 0) + step.spare
            break
          case 'readOnly':
          case 'foreign':
            disk[step.kind] = true
            break
          case 'mend':
            mend()
            break
          case 'lose':
            // Everything is in memory: the next commit that returns has to restore all of it.
            if (step.what === 'file') disk.move('/s/state.journal')
            if (step.what === 'directory') disk.move('/s')
            if (step.what === 'moved') disk.move('/s', `/moved-${(seed += 1)}`)
            if (step.what.startsWith('older') && older !== undefined)
              disk.put('/s/state.journal', older, step.what.endsWith('place'))
            if (step.what === 'cut')
              disk.put('/s/state.journal', (disk.read('/s/state.journal') ?? Buffer.alloc(0)).subarray(0, 700), true)
            if (step.what === 'touched')
              disk.put('/s/state.journal', disk.read('/s/state.journal') ?? Buffer.alloc(0), true)
            mend()
            book.commit(store!, [change(0, bytes(8, (seed += 1)))])
            kept = contents(book)
            perhaps = []
            break
          case 'kill':
          case 'power':
            if (step.kind === 'kill') disk.kill()
            else disk.cutPower(chances(step.seed))
            await turns()
            start()
            break
          case 'close':
            await store!.close()
            expect(disk.openFiles).toBe(0)
            start()
            break
          case 'settle':
            // Lets background writes proceed.
            await turns()
        }
      }
      mend()
      disk.kill()
      await turns()
      start()
      seen.renames += disk.renames
    }),
    { numRuns: RUNS },
  )
  // The schedules must contain enough of each event.
  if (RUNS > 5_000) console.log(seen)
  const { refused, ...often } = seen
  for (const [what, count] of Object.entries(often)) expect(count, what).toBeGreaterThan(RUNS / 200)
  // About one schedule in a hundred.
  if (RUNS >= 3_000) expect(refused).toBeGreaterThan(0)
})

function chances(seed: number): () => number {
  let state = seed + 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
