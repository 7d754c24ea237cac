// Reads CSV according to RFC 4180: quoted fields may contain commas, line ends and doubled quotes.

/**
 * Rows as maps from the names in the first row to trimmed fields; missing fields are ''. Empty lines are left out.
 * @throws Error with a message of one line for invalid CSV
 */
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
    // An unclosed quote, or text after a closed one.
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
