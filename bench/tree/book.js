// Counts the responses of a tree while it is written.
/** @typedef {(session: import('./session.js').Session, response: import('./lines.js').Response) => void} BookResponse */

const none = { requests: 0, input: 0, output: 0, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0 }

export function createBook() {
  /** @typedef {Record<string, Record<import('../answers.js').OwnColumn, number>>} Table */
  /** @type {Table} */
  const perModel = {}
  /** @type {Table} */
  const perProject = {}
  /** @param {Table} table @param {string} name @param {import('./lines.js').Tokens} tokens */
  const add = (table, name, { input, output, read, write5m, write1h }) => {
    const row = (table[name] ??= { ...none })
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
