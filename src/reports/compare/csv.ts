// Reads CSV as RFC 4180 has it: quoted fields may hold commas, line ends, and quotes that are doubled.

/** Rows as maps from the names in the first row; what a row lacks is ''. Lines that hold nothing are left out. */
export function readCsv(text: string): { readonly columns: readonly string[]; readonly rows: readonly Row[] } {
  const [columns = [], ...rows] = [...rowsOf(text)].filter((row) => row.some((field) => field !== ''))
  const rowOf = (fields: readonly string[]): Row =>
    new Map(columns.map((column, index) => [column, fields[index] ?? '']))
  return { columns, rows: rows.map(rowOf) }
}

export type Row = ReadonlyMap<string, string>

const FIELD = /(?:"((?:[^"]|"")*)"|((?!")[^,\r\n]*))(,|\r?\n|\r|$)/y

function* rowsOf(text: string): Generator<readonly string[]> {
  let row: string[] = []
  FIELD.lastIndex = 0
  while (FIELD.lastIndex < text.length) {
    const at = FIELD.lastIndex
    const match = FIELD.exec(text)
    // A quote that nothing closes, or text behind one that is closed.
    if (match === null)
      throw new Error(`invalid CSV at character ${at + 1}: a quoted field must end before a comma or a line end`)
    const [, quoted, plain = '', end] = match
    row.push((quoted?.replaceAll('""', '"') ?? plain).trim())
    if (end === ',') continue
    yield row
    row = []
  }
  if (row.length > 0) yield row
}
