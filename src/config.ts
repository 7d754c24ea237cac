// Every setting of the program, from flags, environment, YAML file and defaults, checked once. The only reader of the
// environment. Promises a frozen Config, or a ConfigError of one line that names the place, the key and the value.
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { fromFlags } from './config/command-line.js'
import { ConfigError } from './config/config-error.js'
import { fromEnvironment, fromFile, mistake, reading } from './config/given.js'
import type { Given, GivenBy } from './config/given.js'
import type { Place } from './config/setting-values.js'
import type { Backend } from './decode/decoder.js'
import { settings, type Setting, type SettingKey } from './config/settings.js'
import type { Budget } from './core/budget.js'
import type { Weekday } from './core/period.js'

export { ConfigError } from './config/config-error.js'
export { HelpRequested } from './config/given.js'

export interface Config {
  readonly command: 'serve' | 'once' | 'demo'
  /** Where `once` writes the exposition; stdout if absent. Never set with another command. */
  readonly output?: string
  /**
   * Absolute directories, or patterns of such, each with or without `projects/` in it yet; not resolved through symlinks.
   */
  readonly claudeConfigDirs: readonly string[]
  /** False if they are the defaults (`$CLAUDE_CONFIG_DIR` counts as one), which need not exist. */
  readonly claudeConfigDirsExplicit: boolean
  /** Absolute; undefined keeps nothing. */
  readonly stateDir: string | undefined
  /** The file that was read, absolute. */
  readonly configFile?: string
  /** An empty host is every interface; port 0 lets the system choose. At least one. */
  readonly listen: readonly { readonly host: string; readonly port: number }[]
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

/**
 * @param argv arguments of the user's, without node and script
 * @param env the environment: process.env, or any object in tests
 * @throws ConfigError; HelpRequested for --help and --version
 */
export function loadConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const place: Place = { env, home: () => homeDirectory(env), base: process.cwd() }
  const { command, given: flags } = fromFlags(argv, place, packageVersion)
  const variables = fromEnvironment(env, place)
  const asked = flags.get('configFile') ?? variables.get('configFile')
  const file = asked && fromFile(valueOf(settings.configFile, asked)!, asked, place)
  const sources: readonly GivenBy[] = [flags, variables, file?.given ?? new Map()]
  const winner = (key: SettingKey): Given | undefined => sources.find((source) => source.has(key))?.get(key)

  const values = Object.entries<Setting<unknown>>(settings).map(([name, setting]) => {
    const key = name as SettingKey
    // Each is parsed, not only the one that counts: a mistake should show before the flag that hides it goes.
    const given = sources.flatMap((source) => source.get(key) ?? []).map((one) => valueOf(setting, one))
    return [key, given.length > 0 ? given[0] : defaultOf(setting, place)] as const
  })
  const known = Object.fromEntries(values.filter(([, value]) => value !== undefined))
  const explicit = winner('claudeConfigDirs') !== undefined
  const others = { command, claudeConfigDirsExplicit: explicit, budgets: file?.budgets ?? [] }
  const config = { stateDir: undefined, ...known, ...others } as unknown as Config
  for (const key of Object.keys(settings) as SettingKey[]) {
    const { only } = settings[key]
    const given = winner(key)
    if (only !== undefined && command !== only && given !== undefined) throw mistake(given, `only ${only} takes it`)
  }
  for (const key of ['claudeConfigDirs', 'stateDir'] as const) {
    // What a service has in its environment or its file does not keep anyone from a look at the demo.
    if (command === 'demo' && flags.has(key)) throw mistake(flags.get(key)!, 'demo makes its own directories')
  }
  for (const key of ['pricesFile', 'webConfigFile'] as const) {
    const path = config[key]
    if (path !== undefined) checkReadable(path, winner(key)!)
  }
  return Object.freeze(config)
}

/** The version in package.json, which stands one level above this file in the sources and in the build. */
export function packageVersion(): string {
  const parsed = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  return parsed.version
}

function valueOf<T>(setting: Setting<T>, given: Given): T {
  if (given.texts.length === 0 || given.texts.includes('')) throw new ConfigError(`${given.name}: needs a value`)
  try {
    return setting.parse(given.texts, given.place)
  } catch (error) {
    throw new ConfigError(`${given.name}: ${(error as Error).message}`, { cause: error })
  }
}

function defaultOf<T>(setting: Setting<T>, place: Place): T | undefined {
  if (setting.default === undefined) return undefined
  try {
    const texts = typeof setting.default === 'string' ? [setting.default] : setting.default(place)
    return setting.parse(texts, place)
  } catch (error) {
    throw new ConfigError(`default of --${setting.name}: ${(error as Error).message}`, { cause: error })
  }
}

function checkReadable(path: string, given: Given): void {
  reading(given, () => {
    if (statSync(path).isDirectory()) throw new Error('it is a directory')
    accessSync(path, constants.R_OK)
  })
}

function homeDirectory(env: NodeJS.ProcessEnv): string {
  const named = process.platform === 'win32' ? env['USERPROFILE'] : env['HOME']
  if (named) return named
  try {
    return homedir()
  } catch (error) {
    throw new Error('this user has no home directory; name the directory, or set HOME', { cause: error })
  }
}

