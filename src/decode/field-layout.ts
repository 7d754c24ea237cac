// The constants that the field walker shares with the program: the layout of its memory.
import { SHARED, hashOf, moduleOf, named, type Constants } from './walker-layout.js'
import type { WalkerFile } from './walker-module.js'

/** The wanted fields of an object: `true`, or the wanted fields of an object there. */
export interface Fields {
  readonly [name: string]: true | Fields
}

const WORD_BYTES = 4

/**
 * A field; indices of 32-bit words: its kind, and the addresses where it begins and ends, or a number as a double.
 * `text` is a number that is the same for a text equal to the previous line's.
 */
export const FIELD = { kind: 0, from: 1, to: 2, number: 2, text: 3 } as const
export const FIELD_WORDS = 4
/** Maximum number of fields of all objects together, including an unused one. */
export const MAX_FIELDS = 128
/** Kinds of fields; 0 if the field is absent. */
export const KIND = {
  /** An integer from 0 to 10^15 - 1. */
  number: 1,
  /** Printable ASCII without escapes, with its quotes. */
  text: 2,
  /** An object with wanted fields. */
  object: 3,
  /** Any other value, for JSON.parse. */
  other: 4,
} as const

/**
 * The result of `seek`; indices of 32-bit words: the number of lines scanned, and the finding for the last one with its
 * range.
 */
export const REPORT = { lines: 0, found: 1, from: 2, to: 3 } as const
const REPORT_WORDS = 4
export const FOUND = {
  nothing: 0,
  /** Its fields have been read. */
  fields: 1,
  /** It may be wanted, because every line is, or because of a text further in. Another engine decides. */
  unsure: 2,
  /** It is left to another engine; the index of the reason is added to this number. */
  left: 3,
} as const

/** Kinds of pieces of a line's beginning. A piece has a kind and a length, one byte each. */
export const PIECE = {
  end: 0,
  text: 1,
  any: 2,
  digits: 3,
  /** A text that another text must follow, if the line is to count. */
  textOfTwo: 4,
} as const
/** Size of each of the two tables of a first look. */
export const FIRST_LOOK_BYTES = 1_024

export const FIELD_CONSTANTS: Constants = {
  usize: {
    ...SHARED.usize,
    ...named('FIELD', FIELD, WORD_BYTES),
    FIELD_BYTES: FIELD_WORDS * WORD_BYTES,
    MAX_FIELDS,
    ...named('REPORT', REPORT, WORD_BYTES),
    REPORT_BYTES: REPORT_WORDS * WORD_BYTES,
    FIRST_LOOK_BYTES,
  },
  u8: named('PIECE', PIECE),
  u32: {
    ...SHARED.u32,
    ...named('KIND', KIND),
    ...named('FOUND', FOUND),
    ...named('LOOK', { unknown: 0, passed: 1, counts: 2, unsure: 3 }),
  },
  u64: {},
}

/**
 * The numbers that the walker assigns to fields, by path, such as `payload.type`. The fields of an object follow the
 * object.
 */
export function fieldNumbers(fields: Fields): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>()
  function visit(all: Fields, path: string): void {
    for (const [name, below] of Object.entries(all)) {
      numbers.set(path + name, numbers.size + 1)
      if (below !== true) visit(below, `${path}${name}.`)
    }
  }
  visit(fields, '')
  return numbers
}

/** The walker that only reads fields. */
export const FIELD_WALKER: WalkerFile = { file: '#fields.wasm', layoutHash: () => hashOf(FIELD_CONSTANTS) }

/** The source text of the module that walker/ imports as `./generated`. */
export const generatedModule = (): string => moduleOf(FIELD_CONSTANTS)
