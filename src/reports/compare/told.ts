// What a file tells of usage, whatever its form.
import type { Told } from '../../core/report/comparison.js'

export interface ToldFile {
  readonly told: readonly Told[]
  /** Names that the file has for agents; empty where it has none. */
  readonly agents: readonly string[]
  /** The zone of its days; undefined: that of whoever made it. */
  readonly timeZone: string | undefined
}

/** What a reader answers; undefined where the form is another. @throws Error of one line for a value that cannot be */
export type ReadTold = (text: string, label: (rawModel: string) => string) => ToldFile | undefined
