// What the walker of fields has in common with the program: where things stand in its memory.
import { SHARED, hashOf, moduleOf, named, type Constants } from './walker-layout.js'
import type { WalkerFile } from './walker-module.js'

/** The fields that are read of an object: `true`, or those of the object that stands there. */
export interface Fields {
  readonly [name: string]: true | Fields
}

const WORD_BYTES = 4

/**
 * Of a field, in 32-bit words: what it is, and the addresses where it begins and ends; or a number, a double. A text that is the same as
 * that of the line before has the same number.
 */
export const FIELD = { kind: 0, from: 1, to: 2, number: 2, text: 3 } as const
export const FIELD_WORDS = 4
/** Fields of all objects together, and one that is none. */
export const MAX_FIELDS = 128
/** Kinds of fields. 0: it is not there. */
export const KIND = {
  /** An integer from 0 to 10^15 - 1. */
  number: 1,
  /** Printable ASCII without escapes, with its quotes. */
  text: 2,
  /** Of which fields are wanted. */
  object: 3,
  /** What JSON.parse is to make a value of. */
  other: 4,
} as const

/** What a search for lines comes to, in 32-bit words: how many lines it went through, and what it found of the last one. */
export const REPORT = { lines: 0, found: 1, from: 2, to: 3 } as const
const REPORT_WORDS = 4
export const FOUND = {
  nothing: 0,
  /** Its fields. */
  fields: 1,
  /** It may be wanted: because every line is, or for what stands further in. Another engine decides. */
  unsure: 2,
  /** More than this by the number of a reason: it is left to another engine. */
  left: 3,
} as const

/** Pieces of a line's beginning; each has a kind and a length, bytes both. */
export const PIECE = {
  end: 0,
  text: 1,
  any: 2,
  digits: 3,
  /** A text behind which another must stand, if the line is to count. */
  textOfTwo: 4,
} as const
/** Room for all that a first look is told of a kind. */
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
 * The numbers that the walker assigns to fields, by path, such as `payload.type`. The fields of an object follow the object.
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

/** The module that walker/ imports as `./generated`. */
export const generatedModule = (): string => moduleOf(FIELD_CONSTANTS)
