// Reads settings from the environment and the YAML file, still as text. Knows the names of settings, not the meaning of
// their values. An unknown name is an error that states its place and suggests a known name.
import { dirname } from 'node:path'
import type { Budget } from '../core/totals/budget.js'
import { allSettings } from './all-settings.js'
import { parseBudgets } from './budgets.js'
import { attempt, ConfigError, quoted, whyUnreadable, type Complain } from './config-error.js'
import { didYouMean, suggest } from './suggest.js'
import type { Context } from './context.js'
import { commaList } from './setting-values.js'
import { ENV_PREFIX, envName } from './setting.js'
import { isMap, readYaml } from './yaml-file.js'

/** Not a mistake: --help or --version was asked for. Print `text` on stdout, which ends in a newline, and exit 0. */
export class HelpRequested extends Error {
  override readonly name = 'HelpRequested'
  readonly text: string

  constructor(text: string) {
    super('help or version was asked for')
    this.text = text
  }
}

/** The values of a setting from one origin, which calls it `name`: `--cache`, `x.yaml: cache`. */
export interface RawSetting {
  readonly name: string
  readonly texts: readonly string[]
  readonly context: Context
}

export type RawSettings = ReadonlyMap<string, RawSetting>

const keysByName = new Map([...allSettings].map(([key, { name }]) => [name, key]))
const keysByEnvName = new Map([...allSettings].map(([key, { name }]) => [envName(name), key]))
/** The maps that a nested YAML file may contain: `web`, `web.config`, `log`, … */
const groups = new Set(
  [...keysByName.keys()].flatMap((name) => {
    const parts = name.split('.')
    return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('.'))
  }),
)

export function fromEnvironment(env: NodeJS.ProcessEnv, context: Context, complain: Complain): RawSettings {
  const given = new Map<string, RawSetting>()
  for (const [name, text] of Object.entries(env)) {
    // An empty variable is an unset one, as compose files and unit files leave them.
    if (!name.startsWith(ENV_PREFIX) || !text || isServiceLink(name, text)) continue
    const key = keysByEnvName.get(name)
    if (key === undefined) {
      const near = suggest(name.slice(ENV_PREFIX.length), keysByName.keys())
      complain(new ConfigError(`environment variable ${name}: no such setting${didYouMean(near && envName(near))}`))
      continue
    }
    const texts = allSettings.get(key)!.repeatable ? commaList(text) : [text]
    given.set(key, { name: `environment variable ${name}`, texts, context })
  }
  return given
}

/** For a Service named agent-usage…, Kubernetes sets variables in every pod that begin like ours. */
function isServiceLink(name: string, text: string): boolean {
  return (
    /_SERVICE_(?:HOST|PORT(?:_\w+)?)$|_PORT_\d+_[A-Z]+(?:_(?:PROTO|PORT|ADDR))?$/.test(name) ||
    (name.endsWith('_PORT') && /^\w+:\/\//.test(text))
  )
}

/** @throws ConfigError for a file that cannot be read, or is not a map */
export function fromFile(
  path: string,
  asked: RawSetting,
  context: Context,
  complain: Complain,
): { readonly given: RawSettings; readonly budgets: readonly Budget[] } {
  const given = new Map<string, RawSetting>()
  const own: Context = { ...context, base: dirname(path) }
  const add = (name: string, value: unknown): void => {
    if (isMap(value) && (name === '' || groups.has(name))) {
      for (const [part, inner] of Object.entries(value)) add(name === '' ? part : `${name}.${part}`, inner)
    } else attempt(() => addOne(name, value), complain)
  }
  const addOne = (name: string, value: unknown): void => {
    const key = keysByName.get(name)
    const where = `${path}: ${name}`
    if (key === undefined) {
      const near = suggest(name, isMap(value) ? groups : [...keysByName.keys(), BUDGETS])
      throw new ConfigError(`${where}: no such setting${didYouMean(near)}`)
    }
    if (key === 'configFile') throw new ConfigError(`${where}: a configuration file cannot name another`)
    if (given.has(key)) throw new ConfigError(`${where}: given twice`)
    given.set(key, {
      name: where,
      texts: textsOf(value, allSettings.get(key)!.repeatable === true, where),
      context: own,
    })
  }
  const { content, refuse } = reading(asked, () => readYaml(path))
  if (content === '') return { given, budgets: [] }
  if (!isMap(content)) throw new ConfigError(`${path}: expected a map of settings`)
  const { [BUDGETS]: budgets, ...others } = content
  add('', others)
  return { given, budgets: budgets === undefined ? [] : parseBudgets(budgets, refuse, complain) }
}

/** The one key that only the file has. */
const BUDGETS = 'budgets'

function textsOf(value: unknown, repeatable: boolean, where: string): readonly string[] {
  if (typeof value === 'string') return repeatable ? commaList(value) : [value]
  if (value === null) return []
  if (!repeatable) throw new ConfigError(`${where}: takes one value, not a ${isMap(value) ? 'map' : 'list'}`)
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw new ConfigError(`${where}: takes a value or a list of values`)
}

/** Runs `read`, which reads a file that the user named; its errors become ConfigErrors. */
export function reading<T>(given: RawSetting, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw mistake(given, `cannot read it: ${whyUnreadable(error)}`, error)
  }
}

/** A ConfigError that names the origin, the key and the value. */
export function mistake(given: RawSetting, reason: string, cause?: unknown): ConfigError {
  return new ConfigError(`${given.name}: ${given.texts.map(quoted).join(', ')}: ${reason}`, { cause })
}
