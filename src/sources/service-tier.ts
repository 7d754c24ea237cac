// The service tier that was requested from OpenAI (codex-logs 5.4); no log states which one served the request.
import { MODIFIER } from '../core/ledger/modifiers.js'

const TIERS = new Map<unknown, number>([
  ['priority', MODIFIER.priority],
  // Its name until July 2026.
  ['fast', MODIFIER.priority],
  ['flex', MODIFIER.flex],
  ['ultrafast', MODIFIER.ultrafast],
])

/** Bits of MODIFIER; none for the default and for unknown tiers. */
export function tierModifier(tier: unknown): number {
  return TIERS.get(tier) ?? 0
}
