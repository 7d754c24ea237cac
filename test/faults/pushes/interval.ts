// The interval between pushes, which ends when it is told to. All other intervals run as ever.
import { onTestFinished, vi } from 'vitest'

/** No other interval of the program is as long. */
export const INTERVAL_MS = 61_000

let push = (): void => undefined

/** Until the test is done. */
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

/** Of the program that began to push last. */
export function endInterval(): void {
  push()
}
