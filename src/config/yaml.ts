// YAML in which every scalar stays the text it was, so that a file and a flag can go through the same parsers, and a
// user called `no` or a version 1.10 is not turned into something else.
import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'

/** Maps, lists and texts; what is left blank is ''. @throws Error of one line: what is wrong, and where in the text */
export function parseYaml(text: string): unknown {
  // Loaded only here: start-up without a file should not pay for it.
  const yaml = createRequire(import.meta.url)('yaml') as typeof Yaml
  const document = yaml.parseDocument(text, { schema: 'failsafe', logLevel: 'error' })
  const problem = document.errors[0]
  if (problem !== undefined) throw new Error(firstLine(problem.message), { cause: problem })
  try {
    return (document.toJS() as unknown) ?? ''
  } catch (error) {
    throw new Error(firstLine((error as Error).message), { cause: error })
  }
}

export const firstLine = (text: string): string => text.split('\n', 1)[0]!.replace(/:$/, '')

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
