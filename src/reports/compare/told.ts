// What a file states about usage, whatever its format.
import type { Told } from '../../core/report/comparison.js'

export interface ToldFile {
  readonly told: readonly Told[]
  /** Names that the file has for agents; empty where it has none. */
  readonly agents: readonly string[]
  /** The zone of its days; undefined: that of whoever made it. */
  readonly timeZone: string | undefined
}

/** Models have the names that the file gives them. Undefined for another format. @throws Error of one line for an invalid value */
export type ReadTold = (text: string) => ToldFile | undefined
