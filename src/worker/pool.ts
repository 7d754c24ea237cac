// Runs parse tasks on threads that start when there is work and end when there is none. The pool is an optimisation of
// calling `parseFiles(task)`; its users must be able to do without it.
import { setImmediate } from 'node:timers/promises'
import pLimit from 'p-limit'
import { OUTBOX_BYTES } from './outbox.js'
import type { Backend, ParseResult, ParseTask } from './protocol.js'
import { Threads } from './threads.js'

/** Tasks sent to a thread: it begins the next while the main thread, which has no core of its own, takes its results. */
const IN_FLIGHT = 3

export interface PoolState {
  readonly queued: number
  readonly running: number
}

export interface ParserPool {
  /** Number of threads that work at a time. */
  readonly workers: number
  /** Number of tasks that threads take at a time; further ones wait. */
  readonly room: number
  /** Resolves when all threads are starting, because there will soon be work for them. Never rejects. */
  warm(agent: string, backend: Backend): Promise<void>
  /** Reports the tasks that are run from now on. */
  observe(onTask: TaskObserver): void
  /**
   * Passes the result to `take`, which must be finished with it when it returns; large tasks first pass results that
   * have no outcomes yet. Rejects if the thread fails, not if a file does.
   */
  run(task: ParseTask, take: (result: ParseResult) => void): Promise<void>
  /** Runs one thread fewer from now on, if there are several, leaving a core for requests. */
  makeRoom(): void
  /** Ends the threads without waiting until they have been idle, because there is nothing to run for now. */
  rest(): void
  state(): PoolState
  close(): Promise<void>
}

/** Called for every successful task with the seconds it waited and the seconds it ran. */
export type TaskObserver = (waitSeconds: number, runSeconds: number) => void

export interface PoolOptions {
  /** At least 1. */
  readonly workers: number
  /** The compiled worker. */
  readonly filename: string
}

export function createPool({ workers, filename }: PoolOptions): ParserPool {
  const threads = new Threads({ most: workers, filename })
  // A full pass and one of changed paths may share the threads, and neither knows how many tasks the other has given.
  const slot = pLimit(workers * IN_FLIGHT)
  let working = workers
  let closed = false
  let onTask: TaskObserver = () => undefined
  let unfinished = 0
  /** Outboxes that no task uses. */
  let free: SharedArrayBuffer[] = []
  let tasks = 0

  /** @param take called with full batches; `done` with the result */
  async function inThread(task: ParseTask, take: (result: ParseResult) => void, done = take): Promise<void> {
    if (closed) throw new Error('the pool is closed')
    await slot(async () => {
      if (closed) throw new Error('the pool is closed')
      const outbox = free.pop() ?? new SharedArrayBuffer(OUTBOX_BYTES)
      const number = (tasks += 1)
      done(await threads.run({ ...task, number, outbox }, ({ batch }) => take({ batch, outcomes: [] })))
      // A failed thread may still be writing to its outbox, so that one is not reused.
      free.push(outbox)
    })
    if (slot.activeCount + slot.pendingCount === 0) free = []
  }

  return {
    get workers() {
      return working
    },
    get room() {
      return slot.concurrency
    },
    observe(observer) {
      onTask = observer
    },
    async warm(agent, backend) {
      if (closed || threads.count > 0) return
      // Threads may be stopped before there was work, and stopping one while it loads native code ends the process.
      const task = { agent, backend: backend === 'simdjson' ? ('v8' as const) : backend, files: [] }
      // Any failure here will fail the first task, too.
      for (let thread = 0; thread < workers; thread += 1) void inThread(task, () => undefined).catch(() => undefined)
      // The turn in which the tasks above are posted.
      await setImmediate()
    },
    async run(task, take) {
      const asked = performance.now()
      unfinished += 1
      try {
        await inThread(task, take, (result) => {
          const ran = result.outcomes.reduce((sum, outcome) => sum + (outcome.kind === 'read' ? outcome.seconds : 0), 0)
          onTask(Math.max(0, (performance.now() - asked) / 1000 - ran), ran)
          take(result)
        })
      } finally {
        unfinished -= 1
      }
    },
    makeRoom() {
      working = Math.max(1, workers - 1)
      // One task each: two at once would go to two threads.
      slot.concurrency = working
    },
    rest: () => threads.end(),
    state: () => ({ queued: Math.max(0, unfinished - working), running: Math.min(unfinished, working) }),
    async close() {
      closed = true
      threads.end()
      await threads.ended()
    },
  }
}
