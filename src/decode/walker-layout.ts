// What a walker has in common with the program. The build makes a module of it for AssemblyScript, so that no number is written
// twice, and a walker made from other numbers is told.
import { FALLBACK_REASONS } from '../core/ledger/fallback.js'
import { KeyHash } from '../core/ledger/hash.js'
import { COLUMN, DOUBLE_COLUMN, USAGE_WORDS } from '../core/schema.js'
import { MAX_CWD_LINE_BYTES, MAX_LINE_VALUES, MAX_READ_LINE_BYTES } from './decoder.js'

/** By AssemblyScript's types. */
export type Constants = Readonly<Record<'usize' | 'u8' | 'u32' | 'u64', Readonly<Record<string, number>>>>

/** `cacheRead` of `ROW` is ROW_CACHE_READ. */
export function named(
  prefix: string,
  values: Readonly<Record<string, number>>,
  unit = 1,
): Readonly<Record<string, number>> {
  const words = (name: string): string => name.replace(/([a-z])([A-Z0-9])/g, '$1_$2').toUpperCase()
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}_${words(name)}`, value * unit]))
}

/** What walker/ itself imports, whoever uses it. */
export const SHARED: Constants = {
  usize: { MAX_CWD_LINE_BYTES, MAX_READ_LINE_BYTES, MAX_LINE_VALUES },
  u8: {},
  u32: named('FALLBACK', Object.fromEntries(FALLBACK_REASONS.map((reason, number) => [reason, number]))),
  u64: {},
}

const WORD_BYTES = 4
const DOUBLE_BYTES = 8

/** Byte offsets in a usage row, for walkers that write rows. */
export const USAGE_ROW: Readonly<Record<string, number>> = {
  ROW_BYTES: USAGE_WORDS * WORD_BYTES,
  ...named('ROW', COLUMN, WORD_BYTES),
  ...named('ROW', DOUBLE_COLUMN, DOUBLE_BYTES),
}

/** The module that is imported as `./generated`. */
export function moduleOf(constants: Constants): string {
  return [...linesOf(constants), `export const LAYOUT: u32 = ${hashOf(constants)}`, ''].join('\n')
}

/** The number that a walker built from these constants exports as LAYOUT. */
export function hashOf(constants: Constants): number {
  return new KeyHash().start(0).text(linesOf(constants).join('\n')).finish().low
}

function linesOf(constants: Constants): readonly string[] {
  return Object.entries(constants).flatMap(([type, values]) =>
    Object.entries(values).map(([name, value]) => `export const ${name}: ${type} = ${value}`),
  )
}
