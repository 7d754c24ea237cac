// Shares the tasks of a pass between the threads of the pool and, where nothing is served, the main thread.
import type { ParserPool } from '../worker/pool.js'
import type { ParseTask } from '../worker/protocol.js'

export interface SharingOptions {
  /** Reads a task on a thread. */
  readonly inThread: (task: ParseTask) => Promise<void>
  /** Number of tasks that threads take at a time. */
  readonly room: () => number
  /** Reads a task on the main thread; undefined if it has something better to do. */
  readonly inPlace: ((task: ParseTask) => Promise<void>) | undefined
}

/**
 * Number of threads that read if there is much to read; 0: there is no pool.
 * @param helps whether the main thread is one of them
 */
export function readers(pool: Pick<ParserPool, 'workers'> | undefined, helps: boolean): number {
  return pool === undefined ? 0 : pool.workers + (helps ? 1 : 0)
}

export class Sharing {
  readonly #options: SharingOptions
  readonly #waiting: ParseTask[] = []
  readonly #reading: Promise<void>[] = []
  #inThreads = 0
  #begun = 0

  constructor(options: SharingOptions) {
    this.#options = options
  }

  /** Number of tasks so far. */
  get begun(): number {
    return this.#begun
  }

  /** Threads begin to read the task as soon as they can. */
  begin(task: ParseTask): void {
    this.#begun += 1
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
    while (this.#inThreads < this.#options.room() && this.#waiting.length > 0) {
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
