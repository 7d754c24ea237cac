// The families of models, in the order in which they are asked. A new one is a file here and its place before `others`.
import type { NameRules } from '../../core/pricing/models.js'
import { claude } from './claude.js'
import type { ModelFamily } from './family.js'
import { withoutAccount } from './hosts.js'

/**
 * Models of no family, which only a user's price file has. Their names are taken apart as Claude's are, and cache rates that
 * the file leaves out have Claude's ratios: price files have relied on both from the start.
 */
const others: ModelFamily = { ...claude, has: () => true }

const FAMILIES: readonly ModelFamily[] = [claude, others]

export const NAMES: NameRules = { families: FAMILIES, shown: withoutAccount }

export function familyOf(model: string): ModelFamily {
  return FAMILIES.find((family) => family.has(model)) ?? others
}
