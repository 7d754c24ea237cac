// Shares the tasks of a pass between the threads of the pool and, where nothing is served, the main thread.
import type { ParserPool } from '../worker/pool.js'
import type { ParseTask } from '../worker/protocol.js'

export interface SharingOptions {
  /** Reads a task on a thread. */
  readonly inThread: (task: ParseTask) => Promise<void>
  readonly pool: Pick<ParserPool, 'workers' | 'room'>
  /** Reads a task on the main thread; undefined if it has something better to do. */
  readonly inPlace: ((task: ParseTask) => Promise<void>) | undefined
}

export class Sharing {
  readonly #options: SharingOptions
  readonly #waiting: ParseTask[] = []
  readonly #reading: Promise<void>[] = []
  #inThreads = 0

  constructor(options: SharingOptions) {
    this.#options = options
  }

  /** Number of threads that read if there is much to read, including the main thread if it does. */
  get readers(): number {
    const { pool, inPlace } = this.#options
    return pool.workers + (inPlace === undefined ? 0 : 1)
  }

  /** Threads begin to read the task as soon as they can. */
  begin(task: ParseTask): void {
    this.#waiting.push(task)
    this.#handOut()
  }

  /** Resolves when all tasks have been read; rejects if one could not be. The main thread reads those that wait. */
  async finish(): Promise<void> {
    const { inPlace } = this.#options
    if (inPlace !== undefined)
      for (let task = this.#waiting.pop(); task !== undefined; task = this.#waiting.pop()) await inPlace(task)
    // A task may begin when another one ends.
    for (let known = 0; known < this.#reading.length;) {
      known = this.#reading.length
      await Promise.all(this.#reading)
    }
  }

  #handOut(): void {
    while (this.#inThreads < this.#options.pool.room && this.#waiting.length > 0) {
      this.#inThreads += 1
      const done = this.#options.inThread(this.#waiting.shift()!).finally(() => {
        this.#inThreads -= 1
        this.#handOut()
      })
      // Awaited in `finish`.
      done.catch(() => undefined)
      this.#reading.push(done)
    }
  }
}
