// Threads that take tasks: they start when there is work, and end when there has been none for a while.
import { Worker } from 'node:worker_threads'
import type { Answer, ParseResult, Piece, ThreadTask } from './protocol.js'

/** Threads that have been idle for this long end, and release their memory. */
const IDLE_MS = 2_000

/** Where the answers to a task go. */
interface Asker {
  readonly take: (piece: Piece) => void
  readonly resolve: (result: ParseResult) => void
  readonly reject: (error: unknown) => void
}

interface Thread {
  readonly worker: Worker
  /** Its unfinished tasks, by number. */
  readonly tasks: Map<number, Asker>
  idle: NodeJS.Timeout | undefined
}

export interface ThreadsOptions {
  /** Maximum number of threads, at least 1. */
  readonly most: number
  /** The file that each thread loads; it calls `answerTasks` (thread.ts). */
  readonly filename: string
  readonly idleMs?: number
}

export class Threads {
  readonly #options: ThreadsOptions
  readonly #threads = new Set<Thread>()
  /** The ends of dismissed threads, until they have ended. */
  readonly #ending = new Set<Promise<unknown>>()

  constructor(options: ThreadsOptions) {
    this.#options = options
  }

  get count(): number {
    return this.#threads.size
  }

  /**
   * Gives a task to the thread that has the fewest. Rejects if the task or its thread fails.
   * @param take called with full batches, before the result
   */
  run(task: ThreadTask, take: (piece: Piece) => void): Promise<ParseResult> {
    const thread = this.#leastBusy()
    return new Promise((resolve, reject) => {
      thread.worker.postMessage(task)
      if (thread.tasks.size === 0) thread.worker.ref()
      clearTimeout(thread.idle)
      thread.tasks.set(task.number, { take, resolve, reject })
    })
  }

  /** Ends all threads; their tasks fail. */
  end(): void {
    for (const thread of this.#threads) this.#end(thread)
  }

  /** Resolves when the threads that were to end have ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#ending)
  }

  #leastBusy(): Thread {
    let best: Thread | undefined
    for (const thread of this.#threads) if (best === undefined || thread.tasks.size < best.tasks.size) best = thread
    const busy = best === undefined || best.tasks.size > 0
    return busy && this.#threads.size < this.#options.most ? this.#start() : best!
  }

  #start(): Thread {
    const worker = new Worker(this.#options.filename)
    const thread: Thread = { worker, tasks: new Map(), idle: undefined }
    this.#threads.add(thread)
    worker.on('message', (answer: Answer) => this.#take(thread, answer))
    worker.on('messageerror', (error) => this.#end(thread, error))
    worker.on('error', (error) => this.#fail(thread, error))
    worker.on('exit', (code) => this.#fail(thread, new Error(`the thread ended with exit code ${code}`)))
    return thread
  }

  #take(thread: Thread, answer: Answer): void {
    const asker = thread.tasks.get(answer.number)
    if ('taken' in answer) {
      try {
        asker?.take(answer)
      } finally {
        Atomics.store(answer.taken, 0, 1)
        Atomics.notify(answer.taken, 0)
      }
      return
    }
    // It has failed in the meantime.
    if (asker === undefined) return
    thread.tasks.delete(answer.number)
    if (thread.tasks.size === 0) this.#rest(thread)
    if ('error' in answer) asker.reject(answer.error)
    else asker.resolve(answer.result)
  }

  #rest(thread: Thread): void {
    thread.worker.unref()
    thread.idle = setTimeout(() => this.#end(thread), this.#options.idleMs ?? IDLE_MS).unref()
  }

  #end(thread: Thread, reason = new Error('the thread was ended')): void {
    this.#fail(thread, reason)
    const ending = thread.worker.terminate().finally(() => this.#ending.delete(ending))
    this.#ending.add(ending)
  }

  /** Forgets a thread, whose tasks fail. */
  #fail(thread: Thread, error: unknown): void {
    this.#threads.delete(thread)
    clearTimeout(thread.idle)
    for (const { reject } of thread.tasks.values()) reject(error)
    thread.tasks.clear()
  }
}
