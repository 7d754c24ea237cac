// The registry: every source, one line each.
import { claudeCode } from './claude-code/claude-code.js'
import { findSource, type Source } from './source.js'

export const SOURCES: readonly Source[] = [claudeCode]

export function sourceOf(agent: string): Source {
  return findSource(SOURCES, agent)
}
