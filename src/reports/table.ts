// Prints a table as text. Names are aligned left, numbers right, and only the first column, which holds names, is
// shortened. Libraries for this draw frames, are larger than the rest of the report, and cut numbers as well as names.
import { styleText } from 'node:util'
import { fitted, textWidth } from './text-width.js'

export interface Column {
  readonly heading: string
  readonly align: 'left' | 'right'
}

export interface Row {
  /** A text for each column. */
  readonly cells: readonly string[]
  readonly look?: 'bold' | 'dim'
}

const GAP = '  '
/** The caller has decided whether to use colours; Node.js 20 always uses them. */
const ALWAYS = { validateStream: false }
/** Maximum width of the first column, and the width to which it may shrink if the table is too wide. */
const MOST_OF_NAME = 36
const LEAST_OF_NAME = 12

export function tableWidth(columns: readonly Column[], rows: readonly Row[]): number {
  return widthsOf(columns, rows).reduce((sum, width) => sum + width + GAP.length, -GAP.length)
}

/** Lines without line feeds. @param width in columns of the terminal @param colored whether it shows colours */
export function renderTable(
  columns: readonly Column[],
  rows: readonly Row[],
  { width, colored }: { readonly width: number; readonly colored: boolean },
): readonly string[] {
  const excess = Math.max(0, tableWidth(columns, rows) - width)
  const widths = widthsOf(columns, rows).map((each, column) =>
    column === 0 ? Math.max(Math.min(each, LEAST_OF_NAME), each - excess) : each,
  )
  const line = ({ cells, look }: Row): string => {
    const text = cells.map((cell, column) => aligned(cell, widths[column]!, columns[column]!.align)).join(GAP)
    return look !== undefined && colored ? styleText(look, text.trimEnd(), ALWAYS) : text.trimEnd()
  }
  return [{ cells: columns.map(({ heading }) => heading), look: 'dim' as const }, ...rows].map(line)
}

function widthsOf(columns: readonly Column[], rows: readonly Row[]): readonly number[] {
  return columns.map(({ heading }, column) => {
    const width = rows.reduce((widest, { cells }) => Math.max(widest, textWidth(cells[column]!)), textWidth(heading))
    return column === 0 ? Math.min(width, MOST_OF_NAME) : width
  })
}

function aligned(cell: string, width: number, align: Column['align']): string {
  const text = fitted(cell, width)
  const space = ' '.repeat(width - textWidth(text))
  return align === 'left' ? text + space : space + text
}
