// The families of models, in the order in which they are tried. A new family is a file here and an entry in the list.
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

/** The family of a model in the price table. */
export function familyOf(model: string): ModelFamily {
  return FAMILIES.find((family) => family.has(model))!
}

/**
 * Adds a last family for all other models, which only a user's price file can contain. It has the steps and the missing
 * rates of Claude, because price files have relied on both from the start.
 */
export function withOthers(families: readonly ModelFamily[]): readonly ModelFamily[] {
  return [...families, { ...claude, has: (model) => !families.some((family) => family.has(model)) }]
}
