// Every setting of the program, from flags, environment, YAML file and defaults, checked once. The only reader of the
// environment. Promises a frozen Config, or a ConfigError of one line that names the place, the key and the value.
import { accessSync, constants, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { fromFlags } from './command-line.js'
import { attempt, ConfigError } from './config-error.js'
import { fromEnvironment, fromFile, mistake, reading } from './raw-settings.js'
import type { RawSetting, RawSettings } from './raw-settings.js'
import type { Context } from './setting-values.js'
import type { Backend } from '../decode/decoder.js'
import { settings, type Setting, type SettingKey } from './settings.js'
import type { Budget } from '../core/totals/budget.js'
import type { Weekday } from '../core/totals/period.js'

export { ConfigError } from './config-error.js'
export { HelpRequested } from './raw-settings.js'

export interface Config {
  readonly command: 'serve' | 'once' | 'demo' | 'healthcheck' | 'check'
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

/** Settings as they were found, and everything that is wrong with them. */
export interface ReadConfig {
  /** Where something is wrong, it has what another place says, or the default. */
  readonly config: Config
  /** Each setting that has a value, with the place that it is from. */
  readonly shown: readonly { readonly name: string; readonly text: string; readonly from: string }[]
  /** In the order in which they were met. `inFile`: a running exporter would go on with what it had. */
  readonly mistakes: readonly { readonly error: ConfigError; readonly inFile: boolean }[]
}

/**
 * @param argv arguments of the user's, without node and script
 * @param env the environment: process.env, or any object in tests
 * @throws ConfigError; HelpRequested for --help and --version
 */
export function loadConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const { config, mistakes } = readConfig(argv, env)
  refuseMistakes(mistakes)
  return config
}

/** @throws ConfigError, the first of them */
export function refuseMistakes(mistakes: ReadConfig['mistakes']): void {
  if (mistakes[0] !== undefined) throw mistakes[0].error
}

/** The same without an end at the first mistake. @throws ConfigError for what is no command line; HelpRequested */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv): ReadConfig {
  const place: Context = { env, home: () => homeDirectory(env), base: process.cwd() }
  const mistakes: ReadConfig['mistakes'][number][] = []
  const complain = (error: ConfigError): void => void mistakes.push({ error, inFile: false })
  const complainOfFile = (error: ConfigError): void => void mistakes.push({ error, inFile: true })
  const { command, given: flags } = fromFlags(argv, place, packageVersion)
  const variables = fromEnvironment(env, place, complain)
  const asked = flags.get('configFile') ?? variables.get('configFile')
  const file =
    asked && attempt(() => fromFile(valueOf(settings.configFile, asked)!, asked, place, complainOfFile), complainOfFile)
  const sources: readonly RawSettings[] = [flags, variables, file?.given ?? new Map()]
  const winner = (key: SettingKey): RawSetting | undefined => sources.find((source) => source.has(key))?.get(key)

  const values = Object.entries<Setting<unknown>>(settings).map(([name, setting]) => {
    const key = name as SettingKey
    // Each is parsed, not only the one that counts: a mistake should show before the flag that hides it goes.
    const given = sources.flatMap((source) => {
      const one = source.get(key)
      return (
        (one &&
          attempt(() => ({ value: valueOf(setting, one), one }), source === file?.given ? complainOfFile : complain)) ??
        []
      )
    })
    return [key, given[0] ?? attempt(() => ({ value: defaultOf(setting, place), one: undefined }), complain)] as const
  })
  const known = Object.fromEntries(
    values.flatMap(([key, found]) => (found?.value === undefined ? [] : [[key, found.value]])),
  )
  const explicit = winner('claudeConfigDirs') !== undefined
  const others = { command, claudeConfigDirsExplicit: explicit, budgets: file?.budgets ?? [] }
  const config = { stateDir: undefined, ...known, ...others } as unknown as Config
  for (const key of Object.keys(settings) as SettingKey[]) {
    const { only } = settings[key]
    const given = winner(key)
    if (only !== undefined && command !== only && given !== undefined) complain(mistake(given, `only ${only} takes it`))
  }
  for (const key of ['claudeConfigDirs', 'stateDir'] as const) {
    // What a service has in its environment or its file does not keep anyone from a look at the demo.
    if (command === 'demo' && flags.has(key)) complain(mistake(flags.get(key)!, 'demo makes its own directories'))
  }
  for (const key of ['pricesFile', 'webConfigFile'] as const) {
    const path = config[key]
    if (path !== undefined) attempt(() => checkReadable(path, winner(key)!), complainOfFile)
  }
  const shown = values.flatMap(([key, found]) => {
    const { name, only } = settings[key]
    if (found === undefined || (only !== undefined && only !== command)) return []
    const text = shownValue(settings[key], found.value, found.one)
    return text === undefined ? [] : { name, text, from: found.one?.name ?? 'default' }
  })
  return { config: Object.freeze(config), shown, mistakes }
}

/** Paths and names as they were understood, everything else as a user wrote it, or would. */
function shownValue(setting: Setting<unknown>, value: unknown, given: RawSetting | undefined): string | undefined {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (parts.every((part) => typeof part === 'string')) return parts.join(', ')
  return given?.texts.join(', ') ?? (typeof setting.default === 'string' ? setting.default : undefined)
}

/** The version in package.json. */
export function packageVersion(): string {
  return (createRequire(import.meta.url)('#package.json') as { version: string }).version
}

function valueOf<T>(setting: Setting<T>, given: RawSetting): T {
  if (given.texts.length === 0 || given.texts.includes('')) throw new ConfigError(`${given.name}: needs a value`)
  try {
    return setting.parse(given.texts, given.place)
  } catch (error) {
    throw new ConfigError(`${given.name}: ${(error as Error).message}`, { cause: error })
  }
}

function defaultOf<T>(setting: Setting<T>, place: Context): T | undefined {
  if (setting.default === undefined) return undefined
  try {
    const texts = typeof setting.default === 'string' ? [setting.default] : setting.default(place)
    return setting.parse(texts, place)
  } catch (error) {
    throw new ConfigError(`default of --${setting.name}: ${(error as Error).message}`, { cause: error })
  }
}

function checkReadable(path: string, given: RawSetting): void {
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
