// When passes run: at once when asked, one at a time, and once more for whatever was asked meanwhile.
import type { PassReport, RunPass, Scope } from './pass.js'

export interface PassLoop {
  /** Asks for a pass over everything. Answers when a pass that began after this has ended. */
  requestAll(): Promise<PassReport>
  /** Asks for a pass over a path that changed. */
  request(path: string): Promise<PassReport>
  /** Resolves when no pass is running; nothing runs after this. */
  stop(): Promise<void>
}

export function createLoop(runPass: RunPass, failed: (error: unknown) => void): PassLoop {
  let wanted: { everything: boolean; readonly paths: Set<string> } | undefined
  let next: PromiseWithResolvers | undefined
  let running: Promise<void> | undefined
  let stopped = false

  async function run(): Promise<void> {
    while (wanted !== undefined && next !== undefined && !stopped) {
      const scope: Scope = wanted.everything ? 'everything' : wanted.paths
      const asked = next
      wanted = next = undefined
      try {
        asked.resolve(await runPass(scope))
      } catch (error) {
        failed(error)
        asked.reject(error)
      }
    }
    running = undefined
  }

  function ask(path?: string): Promise<PassReport> {
    if (stopped) return Promise.reject(new Error('stopped'))
    wanted ??= { everything: false, paths: new Set() }
    if (path === undefined) wanted.everything = true
    else wanted.paths.add(path)
    next ??= withResolvers()
    const answer = next.promise
    running ??= run()
    return answer
  }

  return {
    requestAll: () => ask(),
    request: (path) => ask(path),
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

/** Promise.withResolvers, which Node has from version 22 on. A refusal that nobody waits for is no crash. */
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
