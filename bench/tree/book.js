// Counts, while a tree is written, what a correct reader must find in it.
import { allColumns } from '../answers.js'

/** @typedef {(session: import('./session.js').Session, response: import('./lines.js').Response) => void} BookResponse */

export function createBook() {
  const perModel = {}
  const perProject = {}
  const add = (table, name, { input, output, read, write5m, write1h }) => {
    const row = (table[name] ??= Object.fromEntries(allColumns.map((column) => [column, 0])))
    row.requests += 1
    row.input += input
    row.output += output
    row.cache_read += read
    row.cache_write_5m += write5m
    row.cache_write_1h += write1h
  }
  return {
    /** @type {BookResponse} */
    book(session, response) {
      add(perModel, response.model, response.tokens)
      add(perProject, session.project.label, response.tokens)
    },
    close() {
      const requests = Object.values(perModel).reduce((sum, row) => sum + row.requests, 0)
      return { requests, perModel, perProject }
    },
  }
}
