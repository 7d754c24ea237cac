// The value of every setting, as the rest of the program takes it.
import type { Budget } from '../core/totals/budget.js'
import type { Directories } from '../sources/directories.js'
import type { PushConfig } from './push.js'
import type { Command } from './commands.js'
import type { SettingValues } from './settings.js'

export interface Config extends SettingValues {
  readonly command: Command
  /** What `compare` reads: a path as it was given, or `-` for stdin. Never set with another command. */
  readonly file?: string
  /** Where to look for the logs of each agent. An agent that is not in it is not looked for. */
  readonly directories: ReadonlyMap<string, Directories>
  /** From the file; their names are unique. */
  readonly budgets: readonly Budget[]
  /** undefined: nothing is pushed. */
  readonly push?: PushConfig | undefined
}
