// Every board, by the name of its file.
import { exporter } from './exporter.js'
import { spend } from './spend.js'

export const boards = { spend, exporter }

/** The text of a board's file. */
export function printed(board: object): string {
  return `${JSON.stringify(board, null, 2)}\n`
}
