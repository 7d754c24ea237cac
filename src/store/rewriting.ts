// Writes a journal anew in the background, in steps between other work, while commits go on into the one in place.
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
  /** What was appended to the journal in place from here on is missing. */
  readonly from: Place
}

interface RewritingEvents {
  /** Another file is in place by now, or none is wanted any more. */
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

  /** Nothing is being written, and nothing waits to be taken. */
  get isIdle(): boolean {
    return this.#running === undefined && this.#result === undefined
  }

  /** @param from the end of the journal in place */
  begin(from: Place, behind: boolean, { isOutdated, failed }: RewritingEvents): void {
    this.#running = this.#write(from, behind, isOutdated)
      .catch(failed)
      .finally(() => (this.#running = undefined))
  }

  /** The new journal, once it is on the disk; the caller's from then on. */
  take(): Rewritten | undefined {
    const result = this.#result
    this.#result = undefined
    return result
  }

  /** Discards a journal that nobody has taken. */
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
