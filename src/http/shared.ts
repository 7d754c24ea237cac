// Shares one piece of work among callers that ask for it at the same time, and runs one at a time. A caller that
// arrives while it runs gets the next run, so every result was begun after it was asked for.
import { setImmediate } from 'node:timers/promises'

export function shared<Key, Result>(work: (key: Key) => Promise<Result>): (key: Key) => Promise<Result> {
  /** Runs that have not begun yet. */
  const waiting = new Map<Key, Promise<Result>>()
  let last: Promise<unknown> = Promise.resolve()

  async function begin(key: Key, before: Promise<unknown>): Promise<Result> {
    await before
    // All requests that have arrived by now are accepted first.
    await setImmediate()
    waiting.delete(key)
    return work(key)
  }

  return (key) => {
    const asked = waiting.get(key)
    if (asked !== undefined) return asked
    const result = begin(key, last)
    waiting.set(key, result)
    last = result.catch(() => undefined)
    return result
  }
}
