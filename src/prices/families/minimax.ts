// MiniMax: an exact name, optionally after a provider's path. The vendor's own spelling is `MiniMax-M2`.
import { AS_INPUT, type ModelFamily } from './family.js'
import { ANY_PATH } from './hosts.js'

export const minimax: ModelFamily = {
  has: (canonical) => canonical.startsWith('minimax-'),
  steps: [ANY_PATH],
  missingRates: AS_INPUT,
}
