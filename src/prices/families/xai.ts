// xAI: an exact name, optionally after a provider's path.
import { AS_INPUT, type ModelFamily } from './family.js'
import { ANY_PATH } from './hosts.js'

export const xai: ModelFamily = {
  has: (canonical) => canonical.startsWith('grok-'),
  steps: [ANY_PATH],
  missingRates: AS_INPUT,
}
