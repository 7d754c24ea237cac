// A case of the Codex table: the files of a home, and one line of text per model in the notation of the table.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Path below the home → content. */
export type HomeFiles = Readonly<Record<string, string | Buffer>>

export interface Case {
  readonly number: number
  readonly title: string
  /** Variants of the case. Each must give the result it expects. */
  readonly homes: readonly Home[]
}

export interface Home {
  readonly name?: string
  readonly files: HomeFiles
  readonly expect: Expected
}

export interface Expected {
  /** model → `requests; input/output/cache_read[/write]; USD`; empty: no series. */
  readonly models: Readonly<Record<string, string>>
  readonly projects?: readonly string[]
  /** Tokens by model. */
  readonly unpriced?: Readonly<Record<string, number>>
  /** Lines that could not be parsed in full. */
  readonly malformed?: number
  /** Responses that no line reports. They are noted and count nothing. */
  readonly unlogged?: number
}

export const AS_1 = { 'gpt-5.4': '1; 200/100/800; 0.0022' }
export const AS_3 = { 'gpt-5.4': '2; 500/150/2000; 0.004' }
export const AS_12 = { ...AS_1, 'gpt-5.5': '1; 300/50/1200; 0.0036' }
export const NOTHING = {}

/** Expected lines in the format of `comparable`. */
export function full(models: Expected['models']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(models).map(([model, text]) => {
      const [requests, counts = '', usd] = text.split('; ')
      const [input, output, read, write = 0] = counts.split('/')
      return [model, `${requests}; ${input}/${output}/${write}/0/${read}; ${usd}; 0 searches`]
    }),
  )
}

/** A home with one rollout. */
export function alone(content: string | Buffer, models: Expected['models'], more: Omit<Expected, 'models'> = {}): Home {
  return { files: { [path(1)]: content }, expect: { models, ...more } }
}

/** Two homes: the rollouts in the given order of path and age, and in the reverse order. */
export function bothOrders(contents: readonly string[], expect: Expected): Home[] {
  const files = (all: readonly string[]): HomeFiles =>
    Object.fromEntries(all.map((content, index) => [path(index + 1), content]))
  return [
    { name: 'in order', files: files(contents), expect },
    { name: 'the other way round', files: files([...contents].reverse()), expect },
  ]
}

/** Path of the n-th rollout. The thread id in its name need not be the one in its header. */
export function path(n: number, directory = 'sessions/2026/11/01'): string {
  return `${directory}/rollout-2026-11-01T11-00-0${n}-00000000-0000-7000-8000-00000000000${n}.jsonl`
}

/** Writes the files in the given order, each one second newer than the one before. */
export function settle(home: string, files: HomeFiles): string {
  for (const [index, [name, content]] of Object.entries(files).entries()) {
    const target = join(home, name)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, content)
    utimesSync(target, 1_800_000_000 + index, 1_800_000_000 + index)
  }
  return home
}
