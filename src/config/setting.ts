// The shape of a setting, and its name in the environment.
import type { Command } from './commands.js'
import type { Context } from './context.js'
import type { Parse } from './setting-values.js'

export interface Setting<T> {
  /** Flag without `--` and YAML key: `web.listen-address`. The environment name is made from it by `envName`. */
  readonly name: string
  /** How --help calls the value. */
  readonly value: string
  readonly help: string
  /** May be given more than once; from the environment, or as one YAML string, it is a comma list. */
  readonly repeatable?: true
  /** A new value in the file is taken while the program runs; the others wait for the next start. */
  readonly reloadable?: true
  /** The default as a user would write it; a function where it depends on the machine. Absent: the setting is unset. */
  readonly default?: string | ((context: Context) => readonly string[])
  /** The commands that take it; all, if absent. */
  readonly only?: readonly Command[]
  /** On the command line it may stand without a value: then it is `true`. `--no-<name>` makes it `false`. */
  readonly standsAlone?: true
  /** What --help says about the default, where it is a function. */
  readonly defaultHelp?: string
  /** Takes every value given in one origin, at least one, none empty. Throws an Error that says what was expected. */
  readonly parse: Parse<T>
}

export const ENV_PREFIX = 'AGENT_USAGE_'

/** `web.listen-address` → `AGENT_USAGE_WEB_LISTEN_ADDRESS` */
export const envName = (name: string): string => ENV_PREFIX + name.toUpperCase().replace(/[.-]/g, '_')
