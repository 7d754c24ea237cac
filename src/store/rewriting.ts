// Rewrites a journal in the background, in steps between other work, while commits still go to the current one.
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { JournalWriter, Place } from './journal-writer.js'
import { createJournal, discardJournal, type NewJournalOptions } from './new-journal.js'
import type { Stored } from './store.js'

export interface RewritingOptions extends NewJournalOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export interface Rewritten {
  readonly writer: JournalWriter
  /** Commits appended to the current journal from here on are missing in the new one. */
  readonly from: Place
}

interface RewritingEvents {
  /** Another file has taken the place of the current one, or no new one is wanted any more. */
  readonly isOutdated: () => boolean
  readonly failed: (error: unknown) => void
}

export class Rewriting {
  readonly #options: RewritingOptions
  readonly #stored: Stored
  #running: Promise<void> | undefined
  #result: Rewritten | undefined

  constructor(options: RewritingOptions, stored: Stored) {
    this.#options = options
    this.#stored = stored
  }

  /** No rewriting is under way, and no new journal waits to be taken. */
  get isIdle(): boolean {
    return this.#running === undefined && this.#result === undefined
  }

  /** @param from the end of the current journal */
  begin(from: Place, behind: boolean, { isOutdated, failed }: RewritingEvents): void {
    this.#running = this.#write(from, behind, isOutdated)
      .catch(failed)
      .finally(() => (this.#running = undefined))
  }

  /** The new journal, once it is on disk; the caller then owns it. */
  take(): Rewritten | undefined {
    const result = this.#result
    this.#result = undefined
    return result
  }

  /** Discards a new journal that was not taken. */
  drop(): void {
    const result = this.take()
    if (result !== undefined) discardJournal(this.#options, result.writer)
  }

  /** Resolves when nothing is being written. */
  async ended(): Promise<void> {
    await this.#running
  }

  async #write(from: Place, behind: boolean, isOutdated: () => boolean): Promise<void> {
    const { files, now } = this.#options
    const writer = createJournal(this.#options, this.#stored.heading, behind)
    try {
      const steps = writer.steps(this.#stored.everything(), now())
      while (steps.next().done !== true && !isOutdated()) await setImmediate()
      if (isOutdated()) {
        discardJournal(this.#options, writer)
        return
      }
      await promisify(files.fdatasync)(writer.fd)
    } catch (error) {
      discardJournal(this.#options, writer)
      throw error
    }
    if (isOutdated()) discardJournal(this.#options, writer)
    else this.#result = { writer, from }
  }
}
