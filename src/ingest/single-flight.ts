// Runs passes one at a time; requests made during one are merged into the next.
import type { PassReport } from './pass-report.js'

export interface SingleFlight {
  /** Requests a pass. Resolves when one that began after this call has ended. */
  ask(): Promise<PassReport>
  /** Resolves when no pass is running; none runs after this. */
  stop(): Promise<void>
}

export function createSingleFlight(runPass: () => Promise<PassReport>, failed: (error: unknown) => void): SingleFlight {
  let next: PromiseWithResolvers | undefined
  let running: Promise<void> | undefined
  let stopped = false

  async function run(): Promise<void> {
    while (next !== undefined && !stopped) {
      const asked = next
      next = undefined
      try {
        asked.resolve(await runPass())
      } catch (error) {
        failed(error)
        asked.reject(error)
      }
    }
    running = undefined
  }

  return {
    ask() {
      if (stopped) return Promise.reject(new Error('stopped'))
      next ??= withResolvers()
      const answer = next.promise
      running ??= run()
      return answer
    },
    async stop() {
      stopped = true
      next?.reject(new Error('stopped'))
      await running
    },
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<PassReport>
  readonly resolve: (report: PassReport) => void
  readonly reject: (error: unknown) => void
}

/** Promise.withResolvers, which Node has from version 22 on. An unobserved rejection must not end the process. */
function withResolvers(): PromiseWithResolvers {
  let resolve!: (report: PassReport) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<PassReport>((yes, no) => {
    resolve = yes
    reject = no
  })
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}
