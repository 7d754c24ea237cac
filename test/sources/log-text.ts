// Turns the objects of a log's lines into text.
import type { AgentCase } from './cases.js'

export function linesOf(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** A case whose files are given as objects, one per line, or as text. */
export interface LineCase extends Omit<AgentCase, 'files'> {
  readonly files: Readonly<Record<string, readonly object[] | string>>
}

export function inText(one: LineCase): AgentCase {
  const files = Object.entries(one.files).map(([path, content]) => [
    path,
    typeof content === 'string' ? content : linesOf(content),
  ])
  return { ...one, files: Object.fromEntries(files) as Record<string, string> }
}
