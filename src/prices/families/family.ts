// What the models of one maker have in common: how their names are written, and what a price file may leave out.
import type { TokenType } from '../../core/schema.js'
import type { NameFamily } from '../../core/pricing/models.js'

/** The classes of tokens whose rate a price file may leave out. */
export type OptionalRate = Exclude<TokenType, 'input' | 'output'>

/** No discount and no surcharge for what no price was published. */
export const AS_INPUT = { cache_read: 1, cache_write_5m: 1, cache_write_1h: 1 } as const

export interface ModelFamily extends NameFamily {
  /** What a rate that is left out is, as a multiple of `input`. */
  readonly missingRates: Readonly<Record<OptionalRate, number>>
}
