// Every setting by its key: one for the directories of each source, then the program's own. Flags, environment and file
// are read through this table, so that their readers know no agent by name.
import { SOURCES } from '../sources/index.js'
import type { DirectorySetting } from '../sources/directories.js'
import type { Config } from './config-values.js'
import { commaList, each, pathPattern } from './setting-values.js'
import { xdg } from './context.js'
import type { Setting } from './setting.js'
import { settings, type SettingKey } from './settings.js'

const directoriesKey = (agent: string): string => `directories.${agent}`

/** The keys of the directories, with their agents. */
export const agentsByKey: ReadonlyMap<string, string> = new Map(
  SOURCES.map(({ agent }) => [directoriesKey(agent), agent]),
)

/** In the order of --help. */
export const allSettings: ReadonlyMap<string, Setting<unknown>> = new Map<string, Setting<unknown>>([
  ...SOURCES.map(({ agent, directories }) => [directoriesKey(agent), settingOf(directories)] as const),
  ...Object.entries<Setting<unknown>>(settings),
])

/** The value of a setting in a configuration. */
export function valueIn(config: Config, key: string): unknown {
  const agent = agentsByKey.get(key)
  return agent === undefined ? config[key as SettingKey] : config.directories.get(agent)?.paths
}

function settingOf({ flag, help, example, defaultHelp, defaults }: DirectorySetting): Setting<readonly string[]> {
  return {
    name: flag,
    value: 'DIR',
    help,
    repeatable: true,
    default: (context) =>
      defaults({
        env: context.env,
        list: (variable) => commaList(context.env[variable] ?? ''),
        xdg: (variable, fallback) => xdg(context, variable, fallback),
      }),
    defaultHelp,
    parse: (texts, context) => Object.freeze([...new Set(each(pathPattern(example))(texts, context))]),
  }
}
