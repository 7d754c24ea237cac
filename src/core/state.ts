// All that the exporter knows, as named pages of bytes: what a commit writes and a start loads.
import { Cursors } from './cursor.js'
import { Directories } from './directories.js'
import { Ledger } from './ledger.js'
import type { PathRows } from './path-rows.js'
import { Places } from './places.js'
import type { Rows } from './rows.js'
import { Texts } from './texts.js'
import { Totals } from './totals.js'

/** Version of what the pages mean. Another one on disk is not read; the logs are. */
export const STATE_LAYOUT = 2

const META = 'meta'
const TEXTS = 'texts'

interface Meta {
  readonly layout: number
  /** Of the prices with which everything was booked. */
  readonly prices: string
  /** How many entries were booked, if not all. */
  readonly booked?: number
}

export class State {
  readonly texts = new Texts()
  readonly ledger = new Ledger(this.texts)
  readonly places = new Places(this.texts)
  readonly totals = new Totals(this.ledger, this.places)
  readonly cursors = new Cursors()
  readonly directories = new Directories()
  /** Whether anything had been stored before. */
  loaded = false
  /** Fingerprint of the prices that were in force when everything was booked. */
  prices = ''
  #storedMeta: Partial<Meta> = {}

  readonly #tables: ReadonlyMap<string, Rows> = new Map([
    ['entries', this.ledger.entries.rows],
    ['links', this.ledger.links.rows],
    ['search-uses', this.ledger.searches.uses],
    ['search-results', this.ledger.searches.results],
    ['places', this.places.places],
    ['projects', this.places.projects],
    ['series', this.totals.series.rows],
    ['exceptions', this.totals.exceptions],
    ['corrections', this.totals.corrections.rows],
    ['cursors', this.cursors.rows],
    ['directories', this.directories.rows],
  ])
  readonly #paths: ReadonlyMap<string, PathRows> = new Map<string, PathRows>([
    ['paths', this.cursors],
    ['directory-paths', this.directories],
  ])

  saved(): void {
    for (const rows of this.#tables.values()) rows.saved()
    this.texts.saved()
    for (const paths of this.#paths.values()) paths.saved()
    this.totals.series.seenIsStored()
    this.#storedMeta = this.#meta()
  }

  /** The pages changed since `saved()`. Views: to be copied before anything else happens. */
  *changes(): Generator<readonly [key: string, page: Uint8Array]> {
    for (const [name, rows] of this.#tables) for (const [page, bytes] of rows.changes()) yield [key(name, page), bytes]
    for (const [page, texts] of this.texts.changes()) yield [key(TEXTS, page), encode(texts)]
    for (const [name, table] of this.#paths) for (const [page, paths] of table.pathChanges()) yield [key(name, page), encode(paths)]
    const meta = this.#meta()
    if (meta.prices !== this.#storedMeta.prices || meta.booked !== this.#storedMeta.booked) yield [META, encode(meta)]
  }

  /**
   * Takes stored pages back, in the order of their keys. Throws when they do not make sense together; the state is then
   * not to be used.
   */
  load(pages: Iterable<readonly [key: string, page: Uint8Array]>): void {
    for (const [name, bytes] of pages) {
      this.loaded = true
      if (name === META) this.#loadMeta(decode(bytes) as Meta)
      else this.#loadPage(name, bytes)
    }
    if (!this.loaded) return
    if (this.#storedMeta.layout === undefined) throw new Error('the stored pages have no heading')
    this.places.reindex()
    this.ledger.reindex()
    this.totals.reindex(this.#storedMeta.booked)
    for (const paths of this.#paths.values()) paths.reindex()
    for (const rows of this.#tables.values()) rows.saved()
  }

  #loadMeta(meta: Meta): void {
    if (meta.layout !== STATE_LAYOUT) throw new Error(`layout ${meta.layout} of the stored state is not ${STATE_LAYOUT}`)
    this.prices = meta.prices
    this.#storedMeta = meta
  }

  #meta(): Meta {
    const { booked } = this.totals
    return { layout: STATE_LAYOUT, prices: this.prices, ...(booked < this.ledger.count ? { booked } : {}) }
  }

  #loadPage(name: string, bytes: Uint8Array): void {
    const [table, number] = name.split('/') as [string, string]
    const page = Number.parseInt(number, 16)
    if (table === TEXTS) this.texts.load(page, decode(bytes) as string[])
    else if (this.#paths.has(table)) this.#paths.get(table)!.loadPaths(page, decode(bytes) as string[])
    else {
      const rows = this.#tables.get(table)
      if (rows === undefined) throw new Error(`no table for the stored page "${name}"`)
      rows.load(page, bytes)
    }
  }
}

/** Fixed width, so that keys in order are pages in order. */
function key(table: string, page: number): string {
  return `${table}/${page.toString(16).padStart(8, '0')}`
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

function decode(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes))
}
