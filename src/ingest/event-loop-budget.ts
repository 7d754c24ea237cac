// Runs long synchronous work in steps and yields to the event loop between them, so that scrapes are answered meanwhile.
import { setImmediate } from 'node:timers/promises'

/** After this time, other work on the event loop gets its turn. */
const BUDGET_MS = 2

export class EventLoopBudget {
  #began = performance.now()

  /** Takes the steps one by one, yields to the event loop when the budget is spent, and returns their result. */
  async walk<T>(steps: Generator<undefined, T>): Promise<T> {
    for (;;) {
      const step = steps.next()
      if (step.done === true) return step.value
      if (performance.now() - this.#began < BUDGET_MS) continue
      await setImmediate()
      this.#began = performance.now()
    }
  }
}
