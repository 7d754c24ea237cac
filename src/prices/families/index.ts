// The families of models, in the order in which they are asked. A new one is a file here and its place in the list.
import type { NameRules } from '../../core/pricing/models.js'
import { claude } from './claude.js'
import { google } from './google.js'
import { minimax } from './minimax.js'
import { mistral } from './mistral.js'
import { moonshot } from './moonshot.js'
import { openai } from './openai.js'
import { xai } from './xai.js'
import type { ModelFamily } from './family.js'
import { withoutAccount } from './hosts.js'

const FAMILIES = withOthers([claude, ...openai, google, moonshot, xai, mistral, minimax])

export const NAMES: NameRules = { families: FAMILIES, shown: withoutAccount }

/** The family of a model of the price table. */
export function familyOf(model: string): ModelFamily {
  return FAMILIES.find((family) => family.has(model))!
}

/**
 * With one behind them for the models that none of them has, which only a user's price file names. Their names are taken
 * apart as Claude's are, and cache rates that the file leaves out have Claude's ratios: price files have relied on both from
 * the start.
 */
export function withOthers(families: readonly ModelFamily[]): readonly ModelFamily[] {
  return [...families, { ...claude, has: (model) => !families.some((family) => family.has(model)) }]
}
