// Usage read from a file of any known format.
import type { Told } from '../../core/report/comparison.js'

export interface ToldFile {
  readonly told: readonly Told[]
  /** The file's names of agents; empty if it names none. */
  readonly agents: readonly string[]
  /** The time zone of its days; undefined for the local zone of its author. */
  readonly timeZone: string | undefined
}

/**
 * Returns usage with the file's own names of models, or undefined for another format.
 * @throws Error with a message of one line for an invalid value
 */
export type ReadTold = (text: string) => ToldFile | undefined
