// Polls for effects of other processes.
import { setTimeout } from 'node:timers/promises'

const LOOK_MS = 5
/** Longer than anything takes on the slowest machine. */
const DEADLINE_MS = 60_000

/** The first result of `look` that is not undefined. @param what describes the awaited effect in the error */
export async function until<T>(what: () => string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + DEADLINE_MS
  for (;;) {
    const answer = await look()
    if (answer !== undefined) return answer
    if (performance.now() > deadline) throw new Error(`in vain: ${what()}`)
    await setTimeout(LOOK_MS)
  }
}

/** Rejects if the promise takes too long. */
export async function inTime<T>(what: string, promise: Promise<T>): Promise<T> {
  const late = new AbortController()
  const never = setTimeout(DEADLINE_MS, undefined, { signal: late.signal }).then((): never => {
    throw new Error(`in vain: ${what}`)
  })
  try {
    return await Promise.race([promise, never])
  } finally {
    late.abort()
    never.catch(() => undefined)
  }
}
