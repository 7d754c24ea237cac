// The service tier that was asked of OpenAI (codex-logs 5.4); which one served, no log says.
import { MODIFIER } from '../core/ledger/modifiers.js'

const TIERS = new Map<unknown, number>([
  ['priority', MODIFIER.priority],
  // Its name until July 2026.
  ['fast', MODIFIER.priority],
  ['flex', MODIFIER.flex],
  ['ultrafast', MODIFIER.ultrafast],
])

/** Bits of MODIFIER; none for the default, and for what is not known. */
export function tierModifier(tier: unknown): number {
  return TIERS.get(tier) ?? 0
}
