// The state on disk: numbered tables of rows. A change is a run of whole rows with their new bytes, so that reading
// changes twice, or old ones before new ones, gives the same result.

export interface TableHeading {
  readonly name: string
  /** 32-bit words per row, or 0: rows are texts, and the bytes of a run are a JSON array of them. */
  readonly width: number
}

/** The heading of a stored state: the meaning of its tables, and the width of their rows. */
export interface Heading {
  readonly layout: number
  readonly tables: readonly TableHeading[]
}

/** New bytes for a run of rows. */
export interface Change {
  /** Number of the table in the heading. */
  readonly table: number
  /** The first row of the run. */
  readonly row: number
  readonly bytes: Uint8Array
}

/** Rows from `row` on. Usually a view, to be copied before anything else happens. */
export type Run = readonly [row: number, bytes: Uint8Array]

export interface Table {
  readonly width: number
  /** The rows that changed since `saved()`. */
  changes(): Iterable<Run>
  /** Every row. Rows that change or are added while this is read may appear in either form. */
  all(): Iterable<Run>
  saved(): void
  /**
   * @param width width of a stored row if it differs from today's: missing columns are 0. Throws for rows that do not
   * fit
   */
  load(row: number, bytes: Uint8Array, width?: number): void
}

/** The stored state is of a later version of this program. */
export class NewerStateError extends Error {
  override readonly name = 'NewerStateError'
}

const RUN_BYTES = 2 ** 16

/** Texts of consecutive rows as runs, cut where they grow long. @param texts in the order of their rows */
export function* textRuns(texts: Iterable<readonly [row: number, text: string]>): Generator<Run> {
  let first = 0
  let run: string[] = []
  let length = 0
  for (const [row, text] of texts) {
    if (run.length > 0 && (row !== first + run.length || length > RUN_BYTES)) {
      yield [first, encodeJson(run)]
      run = []
    }
    if (run.length === 0) {
      first = row
      length = 0
    }
    run.push(text)
    length += text.length
  }
  if (run.length > 0) yield [first, encodeJson(run)]
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

export function decodeJson(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes))
}
