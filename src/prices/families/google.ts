// Google: an exact name, optionally after a path of the API or a provider, such as `models/` or `google/`
// (other-agents 2.3).
import { AS_INPUT, type ModelFamily } from './family.js'
import { ANY_PATH } from './hosts.js'

export const google: ModelFamily = {
  has: (canonical) => canonical.startsWith('gemini-'),
  steps: [ANY_PATH],
  missingRates: AS_INPUT,
}
