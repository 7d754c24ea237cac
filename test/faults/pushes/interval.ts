// The interval between pushes, which ends when a test says so. All other intervals are real.
import { onTestFinished, vi } from 'vitest'

/** A length that no other interval of the program has. */
export const INTERVAL_MS = 61_000

let push = (): void => undefined

/** Replaces the interval between pushes for the duration of the test. */
export function holdInterval(): void {
  const { setInterval } = globalThis
  const holding = (callback: () => void, ms?: number): NodeJS.Timeout => {
    if (ms !== INTERVAL_MS) return setInterval(callback, ms)
    push = callback
    return setInterval(() => undefined, ms)
  }
  vi.stubGlobal('setInterval', holding)
  onTestFinished(() => void vi.unstubAllGlobals())
}

/** Ends the interval of the program that started pushing last. */
export function endInterval(): void {
  push()
}
