// Time on the event loop, given back after a while, so that scrapes are answered while a pass runs on the main thread.
import { setImmediate } from 'node:timers/promises'

/** Milliseconds. */
const SLICE_MS = 2

export class EventLoopBudget {
  #began = performance.now()

  /** Takes the steps one by one, with pauses between them; answers what they came to. */
  async walk<T>(steps: Generator<undefined, T>): Promise<T> {
    for (;;) {
      const step = steps.next()
      if (step.done === true) return step.value
      if (performance.now() - this.#began < SLICE_MS) continue
      await setImmediate()
      this.#began = performance.now()
    }
  }
}
