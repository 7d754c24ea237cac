// Whether an opened state knows that it is older than what was shown, and whether a state that was read at a start
// survives a power cut: minimal cases on a simulated disk.
import { beforeEach, describe, expect, test } from 'vitest'
import { openJournal } from '../../src/store/open-journal.js'
import { readSetAsides } from '../../src/store/set-aside.js'
import { Book, bytes, change, contents, opened, type Opened } from './book.js'
import { SimulatedDisk } from './simulated-disk.js'

const JOURNAL = '/s/state.journal'
const HOUR_MS = 3_600_000

let disk: SimulatedDisk
let book: Book
let seed = 0
beforeEach(() => {
  disk = new SimulatedDisk()
})

function start(): Opened {
  book = new Book()
  const locks = { directory: () => ({ kind: 'taken', release: () => undefined }) as const, file: () => true }
  return opened(openJournal('/s', book, { files: disk.files, locks, now: () => disk.now }))
}

function commit({ store }: Opened): void {
  book.commit(store, [change(0, bytes(8, (seed += 1)))])
}

/** A commit that fails, followed by `fallBehind` as in the program. */
function refuse(open: Opened): void {
  expect(() => commit(open)).toThrow()
  open.store.fallBehind()
}

/** The next calls of this kind fail. */
function failing(call: string, times = Infinity): void {
  let left = times
  disk.fails = (each) => (each === call && (left -= 1) >= 0 ? 'EIO' : undefined)
}

function mended(): void {
  Object.assign(disk, { fails: () => undefined, capacity: Infinity, readOnly: false })
}

const full = (): void => void (disk.capacity = disk.read(JOURNAL)!.length)

describe('a state that was read at a start survives a power cut when the previous process was killed', () => {
  test.each(['write', 'rename'])('after its last %s and before the flush', (last) => {
    const first = start()
    if (last === 'write') commit(first)
    // Every later call fails, as for a killed process.
    let gone = false
    disk.fails = (call) => {
      if (gone) return 'EIO'
      gone = call === last
      return undefined
    }
    expect(() => commit(first)).toThrow()
    mended()
    disk.kill()
    start()
    const read = contents(book)
    expect(Object.keys(read)).toHaveLength(1)
    // Unflushed data is lost.
    disk.cutPower(() => 0.1)
    start()
    expect(contents(book)).toEqual(read)
  })
})

test('a power cut right after a state was rewritten does not damage it', () => {
  const open = start()
  commit(open)
  open.store.fallBehind()
  disk.move(JOURNAL)
  commit(open)
  const written = contents(book)
  // The first unflushed write is lost and the last is kept.
  let chances = 0
  disk.cutPower(() => [0.9, 0.1, 0.5][chances++] ?? 0.5)
  expect(start().damage).toBeUndefined()
  expect(contents(book)).toEqual(written)
})

describe('a state is behind', () => {
  test('when an older copy is restored after the clock was set back', () => {
    commit(start())
    const copy = disk.read(JOURNAL)!
    disk.kill()
    disk.now -= HOUR_MS
    disk.put(JOURNAL, copy)
    expect(start().behind).toBe(true)
  })

  test('again when it was found behind, could not be written, and has the time of its last commit', () => {
    commit(start())
    const { now } = disk
    disk.kill()
    disk.now += HOUR_MS
    // The next commit removes the incomplete frame, which changes the file.
    disk.put(JOURNAL, Buffer.concat([disk.read(JOURNAL)!, Buffer.alloc(8)]), true)
    const open = start()
    expect(open.behind).toBe(true)
    full()
    disk.now = now
    refuse(open)
    mended()
    disk.kill()
    expect(start().behind).toBe(true)
  })

  test('when only the second attempt to mark it so succeeded', () => {
    const open = start()
    commit(open)
    disk.readOnly = true
    refuse(open)
    mended()
    full()
    refuse(open)
    mended()
    disk.kill()
    expect(start().behind).toBe(true)
  })

  test('when the disk was full before the power was cut', () => {
    const open = start()
    commit(open)
    full()
    refuse(open)
    mended()
    disk.cutPower(() => 0.1)
    expect(start().behind).toBe(true)
  })

  test('when a commit could not be flushed', () => {
    const open = start()
    commit(open)
    failing('flush', 1)
    refuse(open)
    mended()
    disk.kill()
    expect(start().behind).toBe(true)
  })

  test('when its directory could not be opened for lack of descriptors and the power was cut', () => {
    commit(start())
    disk.kill()
    disk.fails = (call, path) => (call === 'open' && path === '/s' ? 'EMFILE' : undefined)
    refuse(start())
    mended()
    disk.cutPower(() => 0.1)
    expect(start().behind).toBe(true)
  })

  test('when it replaced a damaged one and nothing was committed since', () => {
    commit(start())
    disk.kill()
    disk.put(JOURNAL, disk.read(JOURNAL)!.subarray(0, 8))
    expect(start().damage).toBeDefined()
    disk.cutPower(() => 0.1)
    const again = start()
    expect([again.damage, again.behind]).toEqual([undefined, true])
    commit(again)
    disk.kill()
    expect(start().behind).toBe(false)
  })

  test('when it is moved back after another state continued in its place', () => {
    const open = start()
    commit(open)
    disk.move('/s', '/away')
    commit(open)
    disk.kill()
    expect(start().behind).toBe(false)
    disk.kill()
    disk.move('/s')
    disk.move('/away', '/s')
    expect(start().behind).toBe(true)
  })
})

test('a state that was set aside is kept when it cannot be opened', () => {
  commit(start())
  disk.put(`${JOURNAL}.broken-2026-01-01T00-00-00.000Z`, disk.read(JOURNAL)!)
  failing('open')
  expect(readSetAsides(disk.files, '/s', () => undefined)).toEqual([])
  mended()
  expect(readSetAsides(disk.files, '/s', () => undefined)).toHaveLength(1)
})
