// The form of a case of the Codex table: files of a home in, one line of text per model out, in the notation of the table.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Path below the home → content. */
export type HomeFiles = Readonly<Record<string, string | Buffer>>

export interface Case {
  readonly number: number
  readonly title: string
  /** Every one of them must give what it expects. */
  readonly homes: readonly Home[]
}

export interface Home {
  readonly name?: string
  readonly files: HomeFiles
  readonly expect: Expected
}

export interface Expected {
  /** model → `requests; input/output/cache_read[/write]; USD`; empty: no series at all. */
  readonly models: Readonly<Record<string, string>>
  readonly projects?: readonly string[]
  /** Tokens by model. */
  readonly unpriced?: Readonly<Record<string, number>>
  /** Lines of which something could not be parsed. */
  readonly malformed?: number
  /** Responses that no line tells and that count for nothing. */
  readonly unlogged?: number
}

export const AS_1 = { 'gpt-5.4': '1; 200/100/800; 0.0022' }
export const AS_3 = { 'gpt-5.4': '2; 500/150/2000; 0.004' }
export const AS_12 = { ...AS_1, 'gpt-5.5': '1; 300/50/1200; 0.0036' }
export const NOTHING = {}

/** As `comparable` writes it. */
export function full(models: Expected['models']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(models).map(([model, text]) => {
      const [requests, counts = '', usd] = text.split('; ')
      const [input, output, read, write = 0] = counts.split('/')
      return [model, `${requests}; ${input}/${output}/${write}/0/${read}; ${usd}; 0 searches`]
    }),
  )
}

/** In one file. */
export function alone(content: string | Buffer, models: Expected['models'], more: Omit<Expected, 'models'> = {}): Home {
  return { files: { [path(1)]: content }, expect: { models, ...more } }
}

/** Of two files, or more, each is once the first by path and by age, and once the last. */
export function bothOrders(contents: readonly string[], expect: Expected): Home[] {
  const files = (all: readonly string[]): HomeFiles =>
    Object.fromEntries(all.map((content, index) => [path(index + 1), content]))
  return [
    { name: 'in order', files: files(contents), expect },
    { name: 'the other way round', files: files([...contents].reverse()), expect },
  ]
}

/** Names of files tell nothing that their headers do not. */
export function path(n: number, directory = 'sessions/2026/11/01'): string {
  return `${directory}/rollout-2026-11-01T11-00-0${n}-00000000-0000-7000-8000-00000000000${n}.jsonl`
}

/** Writes the files, each a second older than the next by path. */
export function settle(home: string, files: HomeFiles): string {
  for (const [index, [name, content]] of Object.entries(files).entries()) {
    const target = join(home, name)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, content)
    utimesSync(target, 1_800_000_000 + index, 1_800_000_000 + index)
  }
  return home
}
