// Everything that the exporter knows, as tables of rows, which commits write and a start loads.
import { Cursors } from './cursor.js'
import { Directories } from './directories.js'
import { Ledger } from './ledger/ledger.js'
import { Sessions } from './sessions.js'
import { NewerStateError, type Change, type Heading, type Table } from './tables/table.js'
import { StringTable } from './tables/strings.js'
import { Totals } from './totals/totals.js'

/**
 * Version of the meaning of the tables. It changes only when stored rows change their meaning: a new table or column is
 * empty, or 0, in a state that was stored without it. 2: the same tables, in a store that wrote whole pages.
 */
export const STATE_LAYOUT = 3
const OLDEST_LAYOUT = 2

/** The first of the tables. */
const META = { name: 'meta', width: 0 }

interface Meta {
  /** Fingerprint of the prices with which everything was booked. */
  readonly prices: string
  /** Number of booked entries, if not all. */
  readonly booked?: number
  readonly instance?: string
  readonly pushed?: number
}

export class State {
  readonly strings = new StringTable()
  readonly ledger = new Ledger(this.strings)
  readonly sessions = new Sessions(this.strings)
  readonly totals = new Totals(this.ledger, this.sessions)
  readonly cursors = new Cursors()
  readonly directories = new Directories()
  /** Whether anything was stored before. */
  loaded = false
  /** The stored state may be older than what was last shown: the disk was full, or a copy was restored. */
  behind = false
  /** Fingerprint of the prices with which everything was booked. */
  prices = ''
  /** UUID of this state, for as long as it is kept. Empty until it is assigned. */
  instance = ''
  /** Number of series that a receiver has acknowledged at 0. */
  pushed: number | undefined
  #storedMeta = ''

  /** All tables except `meta`, which has one row: the JSON of the single values. */
  readonly #tables: ReadonlyMap<string, Table> = new Map<string, Table>([
    ['texts', this.strings],
    ['entries', this.ledger.entries.rows],
    ['links', this.ledger.requests.rows],
    ['details', this.ledger.entries.details.rows],
    ['search-uses', this.ledger.toolCounts.uses],
    ['search-results', this.ledger.toolCounts.results],
    ['places', this.sessions.rows],
    ['projects', this.sessions.projects],
    ['series', this.totals.series.rows],
    ['exceptions', this.totals.exceptions.rows],
    ['corrections', this.totals.corrections.rows],
    ['cursors', this.cursors.rows],
    ['paths', this.cursors.pathOf],
    ['saved', this.cursors.saved],
    ['directories', this.directories.rows],
    ['directory-paths', this.directories.pathOf],
    ['sessions', this.totals.sessions.rows],
  ])

  readonly heading: Heading = {
    layout: STATE_LAYOUT,
    tables: [META, ...[...this.#tables].map(([name, { width }]) => ({ name, width }))],
  }

  saved(): void {
    for (const table of this.#tables.values()) table.saved()
    this.#storedMeta = this.#meta()
  }

  /** The changes since `saved()`. Views, to be copied before anything else happens. */
  *changes(): Generator<Change> {
    let changed = this.#meta() !== this.#storedMeta
    let number = 0
    for (const table of this.#tables.values()) {
      number += 1
      for (const [row, bytes] of table.changes()) {
        changed = true
        yield { table: number, row, bytes }
      }
    }
    // Written with every change, even if it is the same: it may have changed in between while `everything` was being
    // read.
    if (changed) yield this.#metaChange()
  }

  /** Everything. May be read in steps between commits: changes in between are among the changes. */
  *everything(): Generator<Change> {
    yield this.#metaChange()
    let number = 0
    for (const table of this.#tables.values()) {
      number += 1
      for (const [row, bytes] of table.all()) yield { table: number, row, bytes }
    }
  }

  /**
   * Loads stored changes, oldest first. Throws NewerStateError, and an Error if they are inconsistent; the state must
   * then not be used.
   */
  load({ layout, tables }: Heading, changes: Iterable<Change>): void {
    if (layout > STATE_LAYOUT)
      throw new NewerStateError(`its layout is ${layout}, but this version reads up to ${STATE_LAYOUT}`)
    if (layout < OLDEST_LAYOUT) throw new Error(`layout ${layout} was never released`)
    const stored = tables.map(({ name, width }) => ({
      width,
      table: name === META.name ? undefined : this.#tableNamed(name, width),
    }))
    for (const { table, row, bytes } of changes) {
      const to = stored[table]
      if (to === undefined) throw new Error(`no table ${table} among ${stored.length}`)
      if (to.table === undefined) this.#takeMeta(bytes)
      else to.table.load(row, bytes, to.width)
      this.loaded = true
    }
    if (!this.loaded) return
    if (this.#storedMeta === '') throw new Error('the row of its meta table is missing')
    this.sessions.reindex()
    this.ledger.reindex()
    this.totals.reindex((JSON.parse(this.#storedMeta) as Meta).booked)
    this.cursors.reindex()
    this.directories.reindex()
    this.saved()
    // Changes what was loaded, to be written by the next commit.
    this.totals.sessions.addFormer()
  }

  #tableNamed(name: string, width: number): Table {
    const table = this.#tables.get(name)
    if (table === undefined) throw new NewerStateError(`it has a table "${name}", which this version does not know`)
    if (width > table.width)
      throw new NewerStateError(
        `rows of its table "${name}" have ${width} words, but this version reads ${table.width}`,
      )
    return table
  }

  #metaChange(): Change {
    return { table: 0, row: 0, bytes: new TextEncoder().encode(this.#meta()) }
  }

  #takeMeta(bytes: Uint8Array): void {
    this.#storedMeta = new TextDecoder().decode(bytes)
    const { prices, instance, pushed } = JSON.parse(this.#storedMeta) as Meta
    this.prices = prices
    this.instance = instance ?? ''
    this.pushed = pushed
  }

  #meta(): string {
    const { booked } = this.totals
    return JSON.stringify({
      prices: this.prices,
      ...(booked < this.ledger.count && { booked }),
      ...(this.instance !== '' && { instance: this.instance }),
      ...(this.pushed !== undefined && { pushed: this.pushed }),
    } satisfies Meta)
  }
}
