// MiniMax: an exact name, before it a provider's path. Its own spelling is `MiniMax-M2`.
import { AS_INPUT, type ModelFamily } from './family.js'
import { ANY_PATH } from './hosts.js'

export const minimax: ModelFamily = {
  has: (canonical) => canonical.startsWith('minimax-'),
  steps: [ANY_PATH],
  missingRates: AS_INPUT,
}
