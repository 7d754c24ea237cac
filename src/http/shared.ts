// Work that several ask for at the same time, done once for all of them, and one piece of it at a time. Promises that what
// anyone gets was begun after he asked: who comes while it runs gets the next.
import { setImmediate } from 'node:timers/promises'

export function shared<Key, Result>(work: (key: Key) => Promise<Result>): (key: Key) => Promise<Result> {
  /** Not begun yet. */
  const waiting = new Map<Key, Promise<Result>>()
  let last: Promise<unknown> = Promise.resolve()

  async function begin(key: Key, before: Promise<unknown>): Promise<Result> {
    await before
    // All requests that have come in by now are taken first.
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
