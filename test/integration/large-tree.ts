// A tree large enough for the worker pool: several tasks of some megabytes, with responses that lie in more than one file.
import { line, lines } from '../support/line.js'
import type { Files } from '../support/tree.js'

const MODELS = ['o48', 's5', 'claude-opus-9-1']
const SESSIONS = 24
/** Number of distinct responses; copies in other files do not count. */
export const LARGE_TREE_REQUESTS = SESSIONS * 4
const FILLER = JSON.stringify({ type: 'user', message: { role: 'user', content: 'x'.repeat(900_000) } })

export function largeTree(): Files {
  const files: Record<string, string> = {}
  for (let session = 0; session < SESSIONS; session += 1) {
    const own = [0, 1, 2, 3].flatMap((index) => responseLines(session, index))
    // Each session is a fork of the one before and begins with a copy of its first response.
    const copied = session === 0 ? [] : responseLines(session - 1, 0)
    files[`-w-p${session % 3}/session-${session}.jsonl`] = lines(...copied, FILLER, ...own)
  }
  return files
}

/** Two lines of one response; the second has the full output. */
function responseLines(session: number, index: number): string[] {
  const model = MODELS[(session + index) % MODELS.length]!
  const names = `msg_${session}_${index}/r${session}_${index}`
  const cwd = `/w/p${session % 3}`
  return [1, 100 + index].map((output) =>
    line(`${names} ${model} ${10 + session}/${output}/20/30/1000`, { line: { cwd } }),
  )
}
