// The value of every setting, as the rest of the program takes it.
import type { Budget } from '../core/totals/budget.js'
import type { Weekday } from '../core/totals/period.js'
import type { Backend } from '../decode/decoder.js'
import type { Directories } from '../sources/directories.js'

export interface Config {
  readonly command: 'serve' | 'once' | 'demo' | 'healthcheck' | 'check'
  /** Where `once` writes the exposition; stdout if absent. Never set with another command. */
  readonly output?: string
  /** Where to look for the logs of each agent. An agent that is not in it is not looked for. */
  readonly directories: ReadonlyMap<string, Directories>
  /** Absolute; undefined keeps nothing. */
  readonly stateDir: string | undefined
  /** The file that was read, absolute. */
  readonly configFile?: string
  /** An empty host is every interface; port 0 lets the system choose. At least one. */
  readonly listen: readonly { readonly host: string; readonly port: number }[]
  /** Host names in lower case, without a dot at the end. */
  readonly allowedHosts: readonly string[]
  readonly telemetryPath: string
  /** Absolute, and readable when it was looked at. */
  readonly webConfigFile?: string
  readonly parserBackend: 'auto' | Backend
  /** 0…64; 0 is no pool. `auto` is worked out already. */
  readonly workers: number
  readonly cache: boolean
  readonly watchMode: 'auto' | 'native' | 'polling' | 'off'
  /** 1,000…86,400,000 */
  readonly sweepIntervalMs: number
  /** 0…86,400,000 */
  readonly birthHoldMs: number
  /** At least 1. */
  readonly maxSeries: number
  /** IANA name, or `local`: the system's. */
  readonly timeZone: string
  readonly weekStart: Weekday
  /** Absolute, and readable when it was looked at. */
  readonly pricesFile?: string
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly logFormat: 'auto' | 'json' | 'pretty'
  /** What `demo` makes up: 0…4,294,967,295. */
  readonly seed: number
  /** From the file; their names are unique. */
  readonly budgets: readonly Budget[]
}
