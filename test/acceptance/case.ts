// The form of an acceptance case: files in, one line of text per model out, in the notation of the table.
import type { Files } from '../support/tree.js'

export interface Case {
  readonly number: number
  readonly title: string
  /** Every one of them must give what it expects: other orders, other spellings, both halves of "in both". */
  readonly trees: readonly Tree[]
}

export interface Tree {
  readonly name?: string
  readonly files: Files
  readonly expect: Expected
  /** Turns the planted config directory into those given to the program; default: just that one. */
  readonly roots?: (configDir: string) => readonly string[]
}

export interface Expected {
  /** model → `requests; in/out/w5/w1h/read; USD` (short model names allowed); empty: no series at all. */
  readonly models: Readonly<Record<string, string>>
  /** Default 0. */
  readonly searches?: number
  readonly projects?: readonly string[]
  readonly unpriced?: Readonly<Record<string, number>>
  /** Lines of which something could not be parsed. */
  readonly malformed?: number
}

/** Both orders in which a scan can meet two files of one directory. */
export function bothOrders(first: string, second: string, expect: Expected): Tree[] {
  return [
    { name: 'first, then second', files: { '-w-app/A.jsonl': first, '-w-app/B.jsonl': second }, expect },
    { name: 'second, then first', files: { '-w-app/B.jsonl': first, '-w-app/A.jsonl': second }, expect },
  ]
}

/** All in one file of one session. */
export function inOneFile(
  content: string | Buffer,
  models: Expected['models'],
  more: Omit<Expected, 'models'> = {},
): Tree {
  return { files: { '-w-app/A.jsonl': content }, expect: { models, ...more } }
}
