// The registry: every source, one line each.
import { claudeCode } from './claude-code/claude-code.js'
import type { Source } from './source.js'

export const SOURCES: readonly Source[] = [claudeCode]

export function sourceOf(agent: string): Source {
  const source = SOURCES.find((candidate) => candidate.agent === agent)
  if (source === undefined) throw new Error(`no source for the agent "${agent}"`)
  return source
}
