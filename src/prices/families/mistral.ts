// Mistral: an exact name, optionally after a provider's path.
import { AS_INPUT, type ModelFamily } from './family.js'
import { ANY_PATH } from './hosts.js'

export const mistral: ModelFamily = {
  has: (canonical) => /^(?:mistral|devstral|codestral)-/.test(canonical),
  steps: [ANY_PATH],
  missingRates: AS_INPUT,
}
