// How Qwen Code counts tokens (other-agents 3.3): the prompt includes cache reads, and thoughts are included in the
// output or separate from it, depending on the service.
import { tokenCount, type TokenCounts } from '../../core/schema.js'
import { text, type Fields } from '../json.js'

/** Integers of at least 0. */
export interface Counts {
  readonly prompt: number
  readonly output: number
  readonly cached: number
  readonly thoughts: number
  readonly total: number
  /** For a service that is known to count thoughts separately. */
  readonly thoughtsApart: boolean
}

/** Services whose output does not include thoughts, by `auth_type`. */
const THOUGHTS_APART: readonly string[] = ['gemini', 'vertex-ai']

export function ofTelemetry(event: Fields): Counts {
  return {
    prompt: tokenCount(event.input_token_count),
    output: tokenCount(event.output_token_count),
    cached: tokenCount(event.cached_content_token_count),
    thoughts: tokenCount(event.thoughts_token_count),
    total: tokenCount(event.total_token_count),
    thoughtsApart: THOUGHTS_APART.includes(text(event.auth_type)),
  }
}

export function ofAssistant(usage: Fields): Counts {
  return {
    prompt: tokenCount(usage.promptTokenCount),
    output: tokenCount(usage.candidatesTokenCount),
    cached: tokenCount(usage.cachedContentTokenCount),
    thoughts: tokenCount(usage.thoughtsTokenCount),
    total: tokenCount(usage.totalTokenCount),
    thoughtsApart: false,
  }
}

/** Undefined if there are none. */
export function tokensOf({ prompt, output, cached, thoughts, total, thoughtsApart }: Counts): TokenCounts | undefined {
  // The sum shows where the thoughts are counted; only without a sum does the service decide.
  const apart = total === 0 ? thoughtsApart : total === prompt + output + thoughts
  const tokens = {
    input: Math.max(0, prompt - cached),
    output: output + (apart ? thoughts : 0),
    cacheRead: cached,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
  }
  return tokens.input + tokens.output + tokens.cacheRead > 0 ? tokens : undefined
}
