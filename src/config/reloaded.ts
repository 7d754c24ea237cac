// Decides which changed settings apply while the program runs, and which wait for a restart.
import { isDeepStrictEqual } from 'node:util'
import type { Config } from './config.js'
import { settings, type SettingKey } from './settings.js'

export interface Reloaded {
  /** `running` with what can be taken of `fresh`. */
  readonly config: Config
  /** Names of what was taken and differs, as the file calls it. */
  readonly changed: readonly string[]
  /** Names of what differs and waits for the next start. */
  readonly waiting: readonly string[]
}

export function reloaded(running: Config, fresh: Config): Reloaded {
  const keys = Object.keys(settings) as SettingKey[]
  const differing = keys.filter((key) => !isDeepStrictEqual(running[key], fresh[key]))
  const taken = differing.filter((key) => settings[key].reloadable)
  const waiting = differing.filter((key) => !settings[key].reloadable)
  const names = (of: readonly SettingKey[]): readonly string[] => of.map((key) => settings[key].name)
  const config = { ...running, ...Object.fromEntries(taken.map((key) => [key, fresh[key]])), budgets: fresh.budgets }
  const budgets = isDeepStrictEqual(running.budgets, fresh.budgets) ? [] : ['budgets']
  return { config: Object.freeze(config), changed: [...names(taken), ...budgets], waiting: names(waiting) }
}
