// Moonshot: an exact name, optionally after a provider's path (other-agents 4.2).
import { AS_INPUT, type ModelFamily } from './family.js'
import { ANY_PATH } from './hosts.js'

export const moonshot: ModelFamily = {
  has: (canonical) => canonical.startsWith('kimi-'),
  steps: [ANY_PATH],
  missingRates: AS_INPUT,
}
