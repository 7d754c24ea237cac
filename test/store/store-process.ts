// A process of its own around a store, for tests that kill it, starve it, or feed it files that may crash it.
// Speaks in lines of JSON on stdout. Arguments: what to do, and the state directory.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { openLmdbStore } from '../../src/store/lmdb.js'
import { StoreError } from '../../src/store/store.js'
import type { Store } from '../../src/store/store.js'

const [task, ...dirs] = process.argv.slice(2)
for (const dir of dirs) {
  const opening = await openLmdbStore(dir)
  if (!('store' in opening)) {
    say(opening)
    process.exitCode = 3
  } else if (task === 'rounds') commitRounds(opening.store)
  else if (task === 'fill') await fillTheDisk(opening.store)
  else await readAndCommit(opening.store, dir, opening)
}

/** Writes the number of the round into every page until it is killed; says each round that a commit returned for. */
function commitRounds(store: Store): never {
  for (let round = 1; ; round++) {
    const page = new Uint32Array(2001 + (round % 7) * 900).fill(round)
    const part = (i: number): Uint8Array => new Uint8Array(page.buffer, 0, i === 4 ? page.byteLength : 4 * (i * 500 + 1))
    store.commit(['a', 'b', 'c/1', 'c/2', 'd'].map((key, i) => [key, part(i)]))
    say({ round })
  }
}

/** Commits until the disk refuses, says what is there, and once told that there is room again commits once more. */
async function fillTheDisk(store: Store): Promise<void> {
  let pages = 0
  try {
    for (; ; pages++) store.commit([[`page/${pages}`, new Uint8Array(60_000).fill(pages)], ['count', Uint8Array.of(pages + 1)]])
  } catch (error) {
    const code = error instanceof StoreError ? (error.cause as NodeJS.ErrnoException).code : String(error)
    say({ full: code, pages, count: countOf(store), digest: digest(store) })
  }
  await once(process.stdin, 'data')
  process.stdin.destroy()
  store.commit([[`page/${pages}`, new Uint8Array(60_000)], ['count', Uint8Array.of(pages + 1)]])
  const count = countOf(store)
  await store.close()
  say({ count })
}

/** Opens, reads, changes, and opens again: says what it found before and after. */
async function readAndCommit(store: Store, dir: string, { kind }: { readonly kind: string }): Promise<void> {
  const before = digest(store)
  store.commit([['after/1', new Uint8Array(20_000).fill(1)], ['after/2', new Uint8Array(50)]])
  store.commit([['after/1', null], ['after/2', null]])
  await store.close()
  const again = await openLmdbStore(dir)
  const after = 'store' in again ? digest(again.store) : null
  if ('store' in again) await again.store.close()
  say({ dir, kinds: [kind, again.kind], digests: [before, after] })
}

function digest(store: Store): string {
  const hash = createHash('sha256')
  for (const [key, page] of store.load()) hash.update(`${key} ${page.length} `).update(page)
  return hash.digest('hex')
}

/** Not console.log: a line has to be out before the next commit, and before a crash. */
function say(line: object): void {
  writeSync(1, JSON.stringify(line) + '\n')
}

/** First byte of the page that counts rounds. */
function countOf(store: Store): number | undefined {
  for (const [key, page] of store.load()) if (key === 'count') return page[0]
  return undefined
}
