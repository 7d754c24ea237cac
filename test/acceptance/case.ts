// An acceptance case: the files of a config directory, and one line of text per model in the notation of the table.
import type { Files } from '../support/tree.js'

export interface Case {
  readonly number: number
  readonly title: string
  /** Variants of the case: other file orders, other spellings. Each must give the result it expects. */
  readonly trees: readonly Tree[]
}

export interface Tree {
  readonly name?: string
  readonly files: Files
  readonly expect: Expected
  /** Maps the written config directory to the directories given to the program; default: that one directory. */
  readonly roots?: (configDir: string) => readonly string[]
}

export interface Expected {
  /** model → `requests; in/out/w5/w1h/read; USD` (short model names allowed); empty: no series. */
  readonly models: Readonly<Record<string, string>>
  /** Web searches of each model; default 0. */
  readonly searches?: number
  readonly projects?: readonly string[]
  readonly unpriced?: Readonly<Record<string, number>>
  /** Lines that could not be parsed in full. */
  readonly malformed?: number
}

/** Two trees: a scan meets the two files of one directory in either order. */
export function bothOrders(first: string, second: string, expect: Expected): Tree[] {
  return [
    { name: 'first, then second', files: { '-w-app/A.jsonl': first, '-w-app/B.jsonl': second }, expect },
    { name: 'second, then first', files: { '-w-app/B.jsonl': first, '-w-app/A.jsonl': second }, expect },
  ]
}

/** A tree of one file of one session. */
export function inOneFile(
  content: string | Buffer,
  models: Expected['models'],
  more: Omit<Expected, 'models'> = {},
): Tree {
  return { files: { '-w-app/A.jsonl': content }, expect: { models, ...more } }
}
