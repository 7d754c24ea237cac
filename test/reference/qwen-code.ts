// What the exporter must show for runtime directories of Qwen Code (other-agents 3).
import { join } from 'node:path'
import type { JsonObject } from './objects.js'
import type { Sums } from './sums.js'
import { count, logFiles, object, string, tally, type LogFile, type Tokens, type UsageRecord } from './tally.js'
import { timestampMs } from './timestamp.js'

export function qwenCodeReference(runtimes: readonly string[]): Sums {
  const files = runtimes.flatMap((runtime) =>
    logFiles(
      join(runtime, 'projects'),
      (parts) => parts.length > 1 && parts.at(-1)!.endsWith('.jsonl') && !parts.slice(1, -1).some(isCopy),
    ),
  )
  return tally(files.flatMap(recordsOf), {})
}

const isCopy = (directory: string): boolean => directory === 'subagents' || directory === 'usage'

function recordsOf({ path, parts, objects }: LogFile): UsageRecord[] {
  const calls = objects.map((line) => ({ line, event: object(object(line.systemPayload).uiEvent) }))
  const isCall = ({ line, event }: (typeof calls)[number]): boolean =>
    line.type === 'system' && event['event.name'] === 'qwen-code.api_response'
  const first = calls.findIndex((call) => isCall(call) && total(tokensOfEvent(call.event)) > 0)
  const cwd = objects.map((line) => string(line.cwd)).find((each) => each !== '')
  const common = { requests: 1, loggedNanos: 0, project: cwd ?? parts[0]!, path }
  return calls.flatMap((call, index): UsageRecord[] => {
    const { line, event } = call
    if (isCall(call)) {
      const at = string(event['event.timestamp'])
      const id = string(event.response_id)
      const key = id === '' ? ['record', string(line.uuid)] : ['response', id, at]
      return [record(key, event.model, tokensOfEvent(event), at, common)]
    }
    if (line.type !== 'assistant' || (first >= 0 && first < index)) return []
    const usage = object(line.usageMetadata)
    return [record(['record', string(line.uuid)], line.model, tokensOfAssistant(usage), string(line.timestamp), common)]
  })
}

function record(
  key: readonly string[],
  model: unknown,
  tokens: Tokens,
  at: string,
  common: Pick<UsageRecord, 'requests' | 'loggedNanos' | 'project' | 'path'>,
): UsageRecord {
  return { ...common, key: JSON.stringify(key), model: string(model), tokens, timeMs: timestampMs(at) ?? Infinity }
}

function tokensOfEvent(event: JsonObject): Tokens {
  const beside = ['gemini', 'vertex-ai'].includes(string(event.auth_type))
  return tokensOf(
    [
      event.input_token_count,
      event.output_token_count,
      event.cached_content_token_count,
      event.thoughts_token_count,
      event.total_token_count,
    ],
    beside,
  )
}

function tokensOfAssistant(usage: JsonObject): Tokens {
  return tokensOf(
    [
      usage.promptTokenCount,
      usage.candidatesTokenCount,
      usage.cachedContentTokenCount,
      usage.thoughtsTokenCount,
      usage.totalTokenCount,
    ],
    false,
  )
}

function tokensOf(told: readonly unknown[], besideUntold: boolean): Tokens {
  const [prompt = 0, output = 0, cached = 0, thoughts = 0, all = 0] = told.map(count)
  const beside = all > 0 ? all === prompt + output + thoughts : besideUntold
  return {
    input: Math.max(0, prompt - cached),
    output: beside ? output + thoughts : output,
    cacheRead: cached,
    cacheWrite: 0,
  }
}

function total({ input, output, cacheRead }: Tokens): number {
  return input + output + cacheRead
}
