// Decides which changed settings apply while the program runs, and which wait for a restart.
import { isDeepStrictEqual } from 'node:util'
import type { Config } from './config-values.js'
import { allSettings, valueIn } from './all-settings.js'

export interface Reloaded {
  /** `running` with the values of `fresh` that can change without a restart. */
  readonly config: Config
  /** YAML keys of the settings that changed and apply. */
  readonly changed: readonly string[]
  /** YAML keys of the settings that changed and need a restart. */
  readonly waiting: readonly string[]
}

export function reloaded(running: Config, fresh: Config): Reloaded {
  const differing = [...allSettings].filter(([key]) => !isDeepStrictEqual(valueIn(running, key), valueIn(fresh, key)))
  const taken = differing.filter(([, { reloadable }]) => reloadable)
  const waiting = differing.filter(([, { reloadable }]) => !reloadable)
  const names = (of: typeof differing): readonly string[] => of.map(([, { name }]) => name)
  const values = Object.fromEntries(taken.map(([key]) => [key, valueIn(fresh, key)]))
  const config = { ...running, ...values, budgets: fresh.budgets }
  const budgets = isDeepStrictEqual(running.budgets, fresh.budgets) ? [] : ['budgets']
  return { config: Object.freeze(config), changed: [...names(taken), ...budgets], waiting: names(waiting) }
}
