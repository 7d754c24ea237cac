// A child process with a store, for tests that kill it. It prints JSON lines to stdout. Arguments: `rounds`, and the
// state directory.
import { writeSync } from 'node:fs'
import { openJournal } from '../../src/store/open-journal.js'
import type { Store } from '../../src/store/store.js'
import { Book, change } from './book.js'

const [, dir = ''] = process.argv.slice(2)
const book = new Book()
const opening = openJournal(dir, book)
if (opening.kind === 'opened') commitRounds(opening.store)
else say(opening)

/** Writes the number of the round into every row until killed, and prints each round whose commit returned. */
function commitRounds(store: Store): never {
  for (let round = 1; ; round += 1) {
    const words = new Uint32Array(2_001 + (round % 7) * 20_000).fill(round)
    const part = (row: number): Uint8Array =>
      new Uint8Array(words.buffer, 0, row === 4 ? words.byteLength : 4 * (row * 500 + 1))
    book.commit(
      store,
      [0, 1, 2, 3, 4].map((row) => change(row, part(row))),
    )
    say({ round })
  }
}

/** Not console.log: the line must be written before the next commit or a crash. */
function say(line: object): void {
  writeSync(1, JSON.stringify(line) + '\n')
}
