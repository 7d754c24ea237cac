// Reads the configuration from flags, environment, YAML file and defaults, and checks it. The only reader of the environment.
// Returns a frozen Config, or throws a ConfigError of one line that names the origin, the key and the value.
import { accessSync, constants, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fromFlags } from './command-line.js'
import { attempt, ConfigError } from './config-error.js'
import { fromEnvironment, fromFile, mistake, reading } from './raw-settings.js'
import type { RawSetting, RawSettings } from './raw-settings.js'
import { agentsByKey, allSettings } from './all-settings.js'
import type { Config } from './config-values.js'
import { createContext, type Context } from './context.js'
import type { Setting } from './setting.js'
import { pushOf } from './push.js'
import { PUSH_FILES } from './push-settings.js'
import { settings, type SettingValues } from './settings.js'
import type { Directories } from '../sources/directories.js'

export { ConfigError } from './config-error.js'
export type { Config } from './config-values.js'
export { HelpRequested } from './raw-settings.js'

/** The configuration, and all mistakes in it. */
export interface ReadConfig {
  /** A setting with a mistake has the value of the next origin, or the default. */
  readonly config: Config
  /** Every setting that has a value, with the origin of the value. */
  readonly shown: readonly { readonly name: string; readonly text: string; readonly from: string }[]
  /** In the order in which they were found. `inFile`: a running exporter keeps its last good settings. */
  readonly mistakes: readonly { readonly error: ConfigError; readonly inFile: boolean }[]
}

/**
 * @param argv the user's arguments, without node and script
 * @param env the environment: process.env, or any object in tests
 * @throws ConfigError; HelpRequested for --help and --version
 */
export function loadConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const { config, mistakes } = readConfig(argv, env)
  refuseMistakes(mistakes)
  return config
}

/** @throws ConfigError for the first mistake */
export function refuseMistakes(mistakes: ReadConfig['mistakes']): void {
  if (mistakes[0] !== undefined) throw mistakes[0].error
}

/** Like `loadConfig`, but collects mistakes. @throws ConfigError for an invalid command line; HelpRequested */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv): ReadConfig {
  const context = createContext(env)
  const mistakes: ReadConfig['mistakes'][number][] = []
  const complain = (error: ConfigError): void => void mistakes.push({ error, inFile: false })
  const complainOfFile = (error: ConfigError): void => void mistakes.push({ error, inFile: true })
  const { command, file: compared, given: flags } = fromFlags(argv, context, packageVersion)
  const variables = fromEnvironment(env, context, complain)
  const asked = flags.get('configFile') ?? variables.get('configFile')
  const file =
    asked &&
    attempt(() => fromFile(valueOf(settings.configFile, asked), asked, context, complainOfFile), complainOfFile)
  const sources: readonly RawSettings[] = [flags, variables, file?.given ?? new Map()]
  const winner = (key: string): RawSetting | undefined => sources.find((source) => source.has(key))?.get(key)

  const values = [...allSettings].map(([key, setting]) => {
    // All origins are parsed, not only the one that counts, so that a mistake shows before the flag that hides it is
    // removed.
    const given = sources.flatMap((source) => {
      const one = source.get(key)
      return (
        (one &&
          attempt(() => ({ value: valueOf(setting, one), one }), source === file?.given ? complainOfFile : complain)) ??
        []
      )
    })
    return [key, given[0] ?? attempt(() => ({ value: defaultOf(setting, context), one: undefined }), complain)] as const
  })
  const known = new Map(values.flatMap(([key, found]) => (found?.value === undefined ? [] : [[key, found.value]])))
  const own = Object.fromEntries(
    Object.keys(settings).flatMap((key) => (known.has(key) ? [[key, known.get(key)]] : [])),
  )
  const directories = new Map(
    [...agentsByKey].flatMap(([key, agent]) => {
      const paths = known.get(key) as Directories['paths'] | undefined
      return paths === undefined ? [] : [[agent, Object.freeze({ paths, named: winner(key) !== undefined })] as const]
    }),
  )
  // Made-up data is pushed only if the command line of the demo says so.
  const pushes = command !== 'demo' || flags.has('otlpEndpoint')
  const push = pushes ? attempt(() => pushOf(own as unknown as SettingValues, env, complain), complain) : undefined
  const others = {
    command,
    ...(compared !== undefined && { file: compared }),
    directories,
    budgets: file?.budgets ?? [],
    ...(push && { push }),
  }
  const config = { agents: undefined, stateDir: undefined, ...own, ...others } as unknown as Config
  for (const [key, { only }] of allSettings) {
    const given = winner(key)
    if (only !== undefined && !only.includes(command) && given !== undefined)
      complain(mistake(given, `valid only with ${only.join(' and ')}`))
  }
  for (const key of [...agentsByKey.keys(), 'stateDir']) {
    // Settings of a service, in its environment or file, do not prevent a demo.
    if (command === 'demo' && flags.has(key)) complain(mistake(flags.get(key)!, 'demo creates its own directories'))
  }
  if (command === 'backfill') {
    const { output, backfillPush } = config
    if (backfillPush === (output !== undefined))
      complain(
        new ConfigError(
          backfillPush
            ? 'backfill: --output and --push exclude each other'
            : 'backfill: give --output=DIR for files, or --push to send the values to --otlp.endpoint',
        ),
      )
    else if (backfillPush && push === undefined) complain(new ConfigError('--push: needs --otlp.endpoint'))
  }
  if (command === 'demo' && flags.has('agents')) complain(mistake(flags.get('agents')!, 'demo makes up its own logs'))
  const grouping = winner('by')
  if (config.responses && grouping !== undefined) complain(mistake(grouping, '--responses prints responses one by one'))
  // Together they are a mistake. A flag may restrict what a service names, and an environment is made in several
  // places.
  const restricting = [flags, variables, file?.given].find((origin) => origin?.has('agents'))
  for (const [key, agent] of config.agents === undefined ? [] : agentsByKey) {
    const one = restricting === variables ? undefined : restricting?.get(key)
    if (one === undefined || config.agents!.includes(agent)) continue
    const complainOfIt = restricting === file?.given ? complainOfFile : complain
    complainOfIt(mistake(one, `${restricting!.get('agents')!.name} does not include ${agent}`))
  }
  for (const key of ['pricesFile', 'webConfigFile', ...PUSH_FILES] as const) {
    const path = config[key]
    if (path !== undefined) attempt(() => checkReadable(path, winner(key)!), complainOfFile)
  }
  const shown = values.flatMap(([key, found]) => {
    const setting = allSettings.get(key)!
    const { name, only } = setting
    if (found === undefined || only?.includes(command) === false) return []
    const text = shownValue(setting, found.value, found.one)
    return text === undefined ? [] : { name, text, from: found.one?.name ?? 'default' }
  })
  return { config: Object.freeze(config), shown, mistakes }
}

/** Paths and names as resolved, everything else as a user wrote it or would write it. */
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
    return setting.parse(given.texts, given.context)
  } catch (error) {
    throw new ConfigError(`${given.name}: ${(error as Error).message}`, { cause: error })
  }
}

function defaultOf<T>(setting: Setting<T>, context: Context): T | undefined {
  if (setting.default === undefined) return undefined
  try {
    const texts = typeof setting.default === 'string' ? [setting.default] : setting.default(context)
    return setting.parse(texts, context)
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
