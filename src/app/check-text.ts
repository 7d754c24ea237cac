// The layout of what `check` prints: sections of aligned rows whose last column wraps where the terminal ends.

export interface Section {
  readonly title: string
  /** All of one length. Parts of the last cell are separated by `, `. */
  readonly rows: readonly (readonly string[])[]
}

/** Each line with its end. @param width of the terminal in columns; Infinity: no line wraps */
export function sectionsText(sections: readonly Section[], width: number): string {
  return sections
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, rows }) => `${[`${title}:`, ...rowsText(rows, width)].join('\n')}\n`)
    .join('\n')
}

function rowsText(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const widths = rows[0]!.slice(0, -1).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const indent = widths.reduce((sum, each) => sum + each + 2, 2)
  return rows.flatMap((row) => {
    const start = widths.map((each, column) => `${row[column]!.padEnd(each)}  `).join('')
    const [first, ...more] = wrapped(row.at(-1)!, width - indent)
    return [`  ${start}${first!}`.trimEnd(), ...more.map((line) => ' '.repeat(indent) + line)]
  })
}

/** Broken only between the parts of a list, so that a path can be copied. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const part of text.split(', ')) {
    const last = lines.at(-1)
    // The comma behind it may follow.
    if (last !== undefined && last.length + 2 + part.length < width) lines[lines.length - 1] = `${last}, ${part}`
    else lines.push(part)
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line},` : line))
}
