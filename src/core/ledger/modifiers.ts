// The modifiers of a response's price that a log may state: named bits in the flags of the row. The price table
// determines their effect.

export interface Modifier {
  readonly name: string
  /** Bit in the flags of a row. It is stored and never changes. 16 to 64 and from 2^16 on are other flags. */
  readonly bit: number
  /**
   * Whose line states it: the winner's if it is part of the usage, otherwise the first one's, because an agent copies
   * lines with a new time and the settings of the copy (codex-logs 4.4).
   */
  readonly of: 'winner' | 'first'
}

// In the order in which their factors are multiplied.
const LIST = [
  { name: 'us', bit: 2, of: 'winner' },
  { name: 'fast', bit: 4, of: 'winner' },
  { name: 'batch', bit: 1, of: 'winner' },
  { name: 'refused', bit: 8, of: 'winner' },
  { name: 'priority', bit: 128, of: 'first' },
  { name: 'flex', bit: 256, of: 'first' },
  { name: 'ultrafast', bit: 512, of: 'first' },
  // No log states it: some platforms write the region into the model's name.
  { name: 'regional', bit: 1024, of: 'winner' },
  // The logged cost is the billed amount, and takes precedence over the price table (details.ts).
  { name: 'billed', bit: 2048, of: 'winner' },
] as const satisfies readonly Modifier[]

export type ModifierName = (typeof LIST)[number]['name']

/** Modifiers that have a rule instead of a factor. */
const RULES = ['refused', 'billed'] as const satisfies readonly ModifierName[]

export type FactorName = Exclude<ModifierName, (typeof RULES)[number]>

export const MODIFIERS: readonly (Modifier & { readonly name: ModifierName })[] = LIST

/** Modifiers that have a factor. */
export const FACTOR_NAMES: readonly FactorName[] = MODIFIERS.map(({ name }) => name).filter(
  (name): name is FactorName => !RULES.some((rule) => rule === name),
)

/** The bits by name. */
export const MODIFIER = Object.fromEntries(MODIFIERS.map(({ name, bit }) => [name, bit])) as Readonly<
  Record<ModifierName, number>
>

export const WINNER_MODIFIERS = bitsOf('winner')
export const FIRST_MODIFIERS = bitsOf('first')
export const ALL_MODIFIERS = WINNER_MODIFIERS | FIRST_MODIFIERS

function bitsOf(line: Modifier['of']): number {
  return MODIFIERS.reduce((bits, { bit, of }) => (of === line ? bits | bit : bits), 0)
}
