// The properties that one vendor's models share: the spelling of names, and the rates that a price file may leave out.
import type { TokenType } from '../../core/schema.js'
import type { NameFamily } from '../../core/pricing/models.js'

/** Token classes whose rate a price file may leave out. */
export type OptionalRate = Exclude<TokenType, 'input' | 'output'>

/** No discount and no surcharge if no price was published. */
export const AS_INPUT = { cache_read: 1, cache_write_5m: 1, cache_write_1h: 1 } as const

export interface ModelFamily extends NameFamily {
  /** Missing rates, as multiples of `input`. */
  readonly missingRates: Readonly<Record<OptionalRate, number>>
}
