// Defines what a setting is, and its name in the environment.
import type { Command } from './commands.js'
import type { Context } from './context.js'
import type { Parse } from './setting-values.js'

export interface Setting<T> {
  /** Flag without `--`, and YAML key: `web.listen-address`. `envName` derives the environment name from it. */
  readonly name: string
  /** Placeholder for the value in --help. */
  readonly value: string
  readonly help: string
  /** May be given more than once. In the environment, or as one YAML string, it is a comma-separated list. */
  readonly repeatable?: true
  /** A new value in the file takes effect while the program runs. Other settings need a restart. */
  readonly reloadable?: true
  /** The default as a user would write it, or a function if it depends on the machine. If absent, the setting is unset. */
  readonly default?: string | ((context: Context) => readonly string[])
  /** The commands that accept it, and in whose --help it is; if absent, all. */
  readonly only?: readonly Command[]
  /** On the command line it needs no value: `--<name>` means `true`, `--no-<name>` means `false`. */
  readonly standsAlone?: true
  /** The default as shown by --help, if `default` is a function or absent. */
  readonly defaultHelp?: string
  /** Takes all values from one origin: at least one, none empty. Throws an Error that says what was expected. */
  readonly parse: Parse<T>
}

export const ENV_PREFIX = 'AGENT_USAGE_'

/** `web.listen-address` → `AGENT_USAGE_WEB_LISTEN_ADDRESS` */
export const envName = (name: string): string => ENV_PREFIX + name.toUpperCase().replace(/[.-]/g, '_')
