// The booked amounts of each entry. Usually they are those of its row; exceptions are kept here: after corrections, for
// copies, for searches by tools, for responses that stand for several requests.
import { COLUMN, DOUBLE_COLUMN, MEASURE, MEASURES, MEASURE_NUMBERS, TOKENS } from '../schema.js'
import type { Entries } from '../ledger/entries.js'
import { RowReferences } from '../ledger/row-references.js'
import { scratchRow, type RowView } from '../ledger/usage.js'
import { Rows } from '../tables/rows.js'

const ENTRY = 0
/** The first double of the measures. */
const MEASURES_FROM = 1

export class Exceptions {
  readonly rows = new Rows(2 * (MEASURES_FROM + MEASURES))
  readonly #entries: Entries
  readonly #rowOf = new RowReferences()
  readonly #row = scratchRow()

  constructor(entries: Entries) {
    this.#entries = entries
  }

  /** A number for each measure, which the caller may change. */
  bookedOf(entry: number): Float64Array {
    const booked = new Float64Array(MEASURES)
    const row = this.#rowOf.get(entry)
    if (row < 0) measurePlain(this.#entries.view(entry, this.#row), booked)
    else for (const measure of MEASURE_NUMBERS) booked[measure] = this.rows.double(row, MEASURES_FROM + measure)
    return booked
  }

  /** Records what is booked for an entry from now on. */
  keep(entry: number, booked: Float64Array): void {
    let row = this.#rowOf.get(entry)
    if (row < 0) {
      if (isPlain(booked, this.#entries.view(entry, this.#row))) return
      row = this.rows.append()
      this.rows.setWord(row, ENTRY, entry)
      this.#rowOf.set(entry, row)
    }
    for (const measure of MEASURE_NUMBERS) this.rows.setDouble(row, MEASURES_FROM + measure, booked[measure]!)
  }

  /** To be called after the rows were loaded from a store. */
  reindex(): void {
    for (let row = 0; row < this.rows.count; row += 1) this.#rowOf.set(this.rows.word(row, ENTRY), row)
  }
}

/** Writes the amounts that a row states itself. */
function measurePlain(row: RowView, into: Float64Array): void {
  measureTokens(row, into)
  into[MEASURE.cost] = costOf(row)
  into[MEASURE.requests] = 1
  into[MEASURE.searches] = row.words[row.base + COLUMN.searches]!
}

export function measureTokens({ words, base }: RowView, into: Float64Array): void {
  for (const { name } of TOKENS) into[MEASURE[name]] = words[base + COLUMN[name]]!
}

/** Cost that a row was last found to have, in nano-dollars. */
export function costOf({ doubles, base }: RowView): number {
  return doubles[base / 2 + DOUBLE_COLUMN.cost]!
}

function isPlain(booked: Float64Array, row: RowView): boolean {
  const { words, base } = row
  return (
    TOKENS.every(({ name }) => booked[MEASURE[name]] === words[base + COLUMN[name]]) &&
    booked[MEASURE.cost] === costOf(row) &&
    booked[MEASURE.requests] === 1 &&
    booked[MEASURE.searches] === words[base + COLUMN.searches]
  )
}
