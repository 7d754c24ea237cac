// Runs parse tasks on threads that come when there is work and go when there is none.
// The pool is an optimisation of calling `parseFiles(task)`; whoever uses it must be able to do without.
import { setImmediate } from 'node:timers/promises'
import pLimit from 'p-limit'
import type { Piscina } from 'piscina'
import { OUTBOX_BYTES } from './outbox.js'
import type { Backend, ParseResult, ParseTask, Piece, ThreadTask } from './protocol.js'

/** Tasks sent to a thread: it begins the next while the main thread takes its last result. */
const IN_FLIGHT = 2
/** Threads that found no work for so long end, and give their memory back. */
const IDLE_MS = 2_000

export interface PoolState {
  readonly queued: number
  readonly running: number
}

export interface ParserPool {
  /** Threads that work at a time. */
  readonly workers: number
  /** Resolves when all threads are starting: there will be work of that kind for them soon. Never rejects. */
  warm(agent: string, backend: Backend): Promise<void>
  /** Tells of the tasks that are run from now on. */
  observe(onTask: TaskObserver): void
  /**
   * Gives the result to `take`, which must be done with it when it returns; before that, where there is much, results that
   * have no outcomes yet. Rejects when the thread fails, not when a file does.
   */
  run(task: ParseTask, take: (result: ParseResult) => void): Promise<void>
  /** From now on one thread less works at a time, where there are several: a core is left for those who wait for answers. */
  makeRoom(): void
  /** There is nothing to run for now: threads begin to end, without waiting until they were idle. */
  rest(): void
  state(): PoolState
  close(): Promise<void>
}

/** Told of every task that ended well: seconds it waited, seconds it ran. */
export type TaskObserver = (waitSeconds: number, runSeconds: number) => void

export interface PoolOptions {
  /** At least 1. */
  readonly workers: number
  /** The compiled worker. */
  readonly filename: string
}

export function createPool({ workers, filename }: PoolOptions): ParserPool {
  // Loaded when there is first something to do: most starts find everything unchanged.
  let pool: Promise<Piscina<ThreadTask, ParseResult>> | undefined
  /** The same, once it is loaded. */
  let threads: Piscina<ThreadTask, ParseResult> | undefined
  // Tasks wait here, not in the pool: when a thread dies, the pool starts no other for those that wait in it (5.3.2).
  const slot = pLimit(workers * IN_FLIGHT)
  let working = workers
  let closed = false
  /** The ends of threads that were let go. */
  const ending: Promise<void>[] = []
  let onTask: TaskObserver = () => undefined
  let unfinished = 0
  /** Outboxes that no task uses. */
  let free: SharedArrayBuffer[] = []
  /** Who takes what threads send of tasks that are not done yet, by the numbers of these. */
  const takers = new Map<number, (result: ParseResult) => void>()
  let tasks = 0

  function takePiece({ number, batch, taken }: Piece): void {
    try {
      // Of a task that failed meanwhile nobody takes it: it is read again.
      takers.get(number)?.({ batch, outcomes: [] })
    } finally {
      Atomics.store(taken, 0, 1)
      Atomics.notify(taken, 0)
    }
  }

  async function start(): Promise<Piscina<ThreadTask, ParseResult>> {
    const { Piscina } = await import('piscina')
    const piscina = new Piscina<ThreadTask, ParseResult>({
      minThreads: 0,
      maxThreads: workers,
      concurrentTasksPerWorker: IN_FLIGHT,
      idleTimeout: IDLE_MS,
    })
    // A thread that fails rejects its task, which is enough; the event would end the process if nobody heard it.
    piscina.on('error', () => undefined)
    piscina.on('message', takePiece)
    return (threads = piscina)
  }

  /** @param take is given full batches; `done`, the result */
  async function inThread(task: ParseTask, take: (result: ParseResult) => void, done = take): Promise<void> {
    if (closed) throw new Error('the pool is closed')
    pool ??= start()
    const piscina = await pool
    await slot(async () => {
      if (closed) throw new Error('the pool is closed')
      const outbox = free.pop() ?? new SharedArrayBuffer(OUTBOX_BYTES)
      const number = (tasks += 1)
      takers.set(number, take)
      try {
        // Named with the task: a worker that cannot be loaded then fails the task, not the thread again and again.
        done(await piscina.run({ ...task, number, outbox }, { filename }))
      } finally {
        takers.delete(number)
      }
      // A thread that failed may be writing to its outbox still: that one is not used again.
      free.push(outbox)
    })
    if (slot.activeCount + slot.pendingCount === 0) free = []
  }

  function rest(): void {
    if (threads === undefined) return
    const destroyed = threads.destroy()
    // `close` tells; before that nobody waits for it.
    destroyed.catch(() => undefined)
    ending.push(destroyed)
    pool = threads = undefined
  }

  return {
    get workers() {
      return working
    },
    observe(observer) {
      onTask = observer
    },
    async warm(agent, backend) {
      if (closed || pool !== undefined) return
      // Threads may be stopped before there was work, and one that is stopped while it loads native code ends the process.
      const task = { agent, backend: backend === 'simdjson' ? ('v8' as const) : backend, files: [] }
      pool = start()
      // Whatever fails here fails the first task again.
      for (let thread = 0; thread < workers; thread += 1) void inThread(task, () => undefined).catch(() => undefined)
      await pool.catch(() => undefined)
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
      // One task each: two in flight would go to two threads.
      slot.concurrency = working
    },
    rest,
    state: () => ({ queued: Math.max(0, unfinished - working), running: Math.min(unfinished, working) }),
    async close() {
      closed = true
      await pool?.catch(() => undefined)
      rest()
      await Promise.all(ending)
    },
  }
}
