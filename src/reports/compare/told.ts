// Usage read from a file of any known format.
import type { Told } from '../../core/report/comparison.js'

export interface ToldFile {
  readonly told: readonly Told[]
  /** The file's names of agents; empty if it names none. */
  readonly agents: readonly string[]
  /** The time zone of its days; undefined for the local zone of its author. */
  readonly timeZone: string | undefined
}

/** Returns undefined if the text has another format. @throws Error with a message of one line for an invalid value */
export type ReadTold = (text: string, label: (rawModel: string) => string) => ToldFile | undefined
