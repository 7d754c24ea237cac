// The current service tier, which Oh My Pi logs when it changes. There is one for each family of models; that of
// OpenAI's changes the price of a response.
import { fields } from '../json.js'
import { tierModifier } from '../service-tier.js'

/**
 * Bits of MODIFIER. Before there were families, one tier applied to all of them, or `openai-only`, which is its
 * priority tier.
 */
export function openAiTier(serviceTier: unknown): number {
  const tier = fields(serviceTier)?.openai ?? serviceTier
  return tierModifier(tier === 'openai-only' ? 'priority' : tier)
}

/** Whether requests to it name a tier of OpenAI's. */
export function takesTier(provider: string): boolean {
  return /^openai(?:-|$)/.test(provider)
}
