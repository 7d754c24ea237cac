// A minimal state for tests of stores: rows in memory by table and number, changed and committed together.
import type { Change, Heading } from '../../src/core/tables/table.js'
import type { Store, Stored, StoreOpening } from '../../src/store/store.js'

export const HEADING: Heading = {
  layout: 1,
  tables: [
    { name: 'rows', width: 2 },
    { name: 'texts', width: 0 },
  ],
}

export type Opened = Extract<StoreOpening, { kind: 'opened' }>

/** Rows of two words, one per change. */
export class Book implements Stored {
  readonly heading: Heading
  rows = new Map<string, Uint8Array>()
  taken = 0
  #uncommitted: Change[] = []

  constructor(heading = HEADING) {
    this.heading = heading
  }

  take(heading: Heading, changes: Iterable<Change>): void {
    this.taken += 1
    this.rows = new Map()
    if (heading.layout > this.heading.layout) throw new RangeError(`layout ${heading.layout}`)
    for (const change of changes) this.#put(change)
  }

  *everything(): Generator<Change> {
    for (const [name, bytes] of this.rows) {
      const [table, row] = name.split('/').map(Number) as [number, number]
      yield { table, row, bytes }
    }
  }

  /** Changes rows in memory, then commits them together with those of failed commits. */
  commit(store: Store, changes: readonly Change[]): void {
    for (const change of changes) this.#put(change)
    this.#uncommitted.push(...changes)
    store.commit(this.#uncommitted)
    this.#uncommitted = []
  }

  #put({ table, row, bytes }: Change): void {
    this.rows.set(`${table}/${row}`, Uint8Array.from(bytes))
  }
}

export function change(row: number, bytes: Uint8Array, table = 0): Change {
  return { table, row, bytes }
}

/** `length` varying bytes that depend on `seed`. */
export function bytes(length: number, seed = length): Uint8Array {
  const made = new Uint8Array(length)
  for (let i = 0, x = seed + 1; i < length; i += 1) made[i] = x = (x * 1_103_515_245 + 12_345) >>> 7
  return made
}

/** The opening; throws if it failed. */
export function opened(opening: StoreOpening): Opened {
  if (opening.kind !== 'opened') throw new Error(`not opened: ${JSON.stringify(opening)}`)
  return opening
}

export function contents(book: Book): Record<string, string> {
  return Object.fromEntries(
    [...book.rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, row]) => [name, Buffer.from(row).toString('hex')]),
  )
}
