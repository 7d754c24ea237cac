// The values of all settings, as the rest of the program uses them.
import type { Budget } from '../core/totals/budget.js'
import type { Directories } from '../sources/directories.js'
import type { PushConfig } from './push.js'
import type { Command } from './commands.js'
import type { SettingValues } from './settings.js'

export interface Config extends SettingValues {
  readonly command: Command
  /** The file that `compare` reads: the path as given, or `-` for stdin. Never set for other commands. */
  readonly file?: string
  /** Where to look for the logs of each agent. Agents without an entry are not read. */
  readonly directories: ReadonlyMap<string, Directories>
  /** From the file; names are unique. */
  readonly budgets: readonly Budget[]
  /** If undefined, nothing is pushed. */
  readonly push?: PushConfig | undefined
}
