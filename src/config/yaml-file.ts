// Reads a YAML file as maps, lists and strings, with the line of each value. Bad syntax is an error that names the
// line.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'
import { ConfigError, firstLine } from './config-error.js'

/** Steps from the top of the file to a value: keys of maps, indices of lists. */
export type Path = readonly (string | number)[]

export interface YamlFile {
  /** Maps, lists and text: nothing is converted to a number or a date, and a blank value is ''. */
  readonly content: unknown
  /**
   * The error to throw for a value: file, path, reason, and the line and column of the value or of its missing place.
   */
  readonly refuse: (path: Path, reason: string) => ConfigError
}

/** Loads the library, only if there is a file to read, so that a start without one is not delayed. */
export const loadYaml = (): typeof Yaml => createRequire(import.meta.url)('#yaml') as typeof Yaml

/** @throws ConfigError, and what readFileSync throws */
export function readYaml(file: string): YamlFile {
  const text = readFileSync(file, 'utf8')
  const yaml = loadYaml()
  const lineCounter = new yaml.LineCounter()
  // The failsafe schema keeps every scalar as text, so that a file and a flag go through the same parsers.
  const document = yaml.parseDocument(text, { schema: 'failsafe', logLevel: 'error', lineCounter })
  const problem = document.errors[0]
  if (problem !== undefined) {
    const hint = problem.code === 'BAD_ALIAS' ? `; ${QUOTES}` : ''
    throw new ConfigError(`${file}: ${firstLine(problem.message)}${hint}`)
  }

  /** Empty if the value is not in the file. */
  function at(node: unknown): string {
    const start = yaml.isNode(node) ? node.range?.[0] : undefined
    if (start === undefined) return ''
    const { line, col } = lineCounter.linePos(start)
    return ` at line ${line}, column ${col}`
  }
  yaml.visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined)
        throw new ConfigError(`${file}: *${alias.source}: ${QUOTES}${at(alias)}`)
    },
  })
  return {
    content: toPlain(document, file) ?? '',
    refuse(path, reason) {
      const around = path.map((_, index) => at(document.getIn(path.slice(0, index + 1), true)))
      const name = path
        .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
        .join('')
        .slice(1)
      return new ConfigError(`${file}: ${name}: ${reason}${around.filter(Boolean).at(-1) ?? ''}`)
    },
  }
}

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const QUOTES = 'a value that begins with * needs quotes'

function toPlain(document: Yaml.Document, file: string): unknown {
  try {
    return document.toJS() as unknown
  } catch (error) {
    throw new ConfigError(`${file}: ${firstLine((error as Error).message)}`, { cause: error })
  }
}
