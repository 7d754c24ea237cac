// What the exporter must show for homes of GitHub Copilot CLI (other-agents 5).
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from './objects.js'
import type { Sums } from './sums.js'
import {
  count,
  logFiles,
  object,
  string,
  tally,
  type LogFile,
  type Prices,
  type Tokens,
  type UsageRecord,
} from './tally.js'
import { timestampMs } from './timestamp.js'

const PRICES: Prices = {
  'gpt-5-mini': [0.25, 2, 0.025, 0.25],
  'claude-haiku-4-5': [1, 5, 0.1, 1.25],
  'claude-opus-4-6': [5, 25, 0.5, 6.25],
  // Factor of input. Output of long prompts cost 1.5 times as much. Applies until May 2026.
  'claude-sonnet-4-5': [3, 15, 0.3, 3.75, { above: 200_000, times: 2 }],
}

export function copilotCliReference(homes: readonly string[]): Sums {
  const files = homes.flatMap((home) => {
    const sessions = join(home, 'session-state')
    return logFiles(existsSync(sessions) ? sessions : home, (parts) =>
      parts.length === 1 ? parts[0]!.endsWith('.jsonl') : parts.at(-1) === 'events.jsonl',
    )
  })
  return tally(files.flatMap(recordsOf), PRICES, true)
}

interface Shutdown {
  readonly session: string
  readonly line: JsonObject
}

function recordsOf({ path, parts, objects }: LogFile): UsageRecord[] {
  const folder = parts.length === 1 ? parts[0]!.slice(0, -'.jsonl'.length) : parts.at(-2)!
  const begins = objects.filter(({ type }) => type === 'session.start' || type === 'session.resume')
  const cwd = begins.map(({ data }) => string(object(object(data).context).cwd)).find((each) => each !== '')
  const shutdowns = objects
    .map((line, index): Shutdown => {
      const started = objects.slice(0, index).filter(({ type }) => type === 'session.start')
      const ids = started.map(({ data }) => string(object(data).sessionId)).filter((id) => id !== '')
      return { session: ids.at(-1) ?? folder, line }
    })
    .filter(({ line }) => line.type === 'session.shutdown')
    .filter(({ line }, index, all) => index === all.findIndex((other) => other.line.id === line.id))
  return shutdowns.flatMap(({ session, line }, index) =>
    Object.entries(object(object(line.data).modelMetrics)).map(([model, told]) => {
      const metrics = object(told)
      const before = shutdowns.slice(0, index + 1).filter((other) => other.session === session)
      return {
        key: JSON.stringify([session, model, epochAtEnd(before, model)]),
        model: labelOf(model),
        tokens: tokensOf(metrics),
        requests: requestsOf(metrics),
        loggedNanos: billedNanos(metrics),
        timeMs: timestampMs(line.timestamp) ?? Infinity,
        project: cwd ?? 'unknown',
        path,
      }
    }),
  )
}

/** Number of times that a model's counter had restarted by the last of these shutdowns. */
function epochAtEnd(shutdowns: readonly Shutdown[], model: string): number {
  const told = shutdowns
    .map(({ line }) => object(line.data))
    .filter((data) => model in object(data.modelMetrics))
    .map((data) => ({
      start: data.sessionStartTime,
      requests: requestsOf(object(object(data.modelMetrics)[model])),
    }))
  return told.filter((one, index) => {
    const before = told[index - 1]
    return before !== undefined && (before.start !== one.start || one.requests < before.requests)
  }).length
}

/** A cost above 10,000 dollars for a request, or above 100,000 for a session, is not plausible; then the bill is ignored. */
function billedNanos(metrics: JsonObject): number {
  const nanos = Math.round(count(metrics.totalNanoAiu) / 100)
  return nanos > Math.min(requestsOf(metrics) * 10_000, 100_000) * 1e9 ? 0 : nanos
}

function requestsOf(metrics: JsonObject): number {
  return count(object(metrics.requests).count) || 1
}

function tokensOf({ tokenDetails, usage }: JsonObject): Tokens {
  const detail = (type: string): number => count(object(object(tokenDetails)[type]).tokenCount)
  const billed = {
    input: detail('input'),
    output: detail('output'),
    cacheRead: detail('cache_read'),
    cacheWrite: detail('cache_write'),
  }
  if (Object.values(billed).some((tokens) => tokens > 0)) return billed
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = object(usage)
  const cacheRead = count(cacheReadTokens)
  const cacheWrite = count(cacheWriteTokens)
  return {
    input: Math.max(0, count(inputTokens) - cacheRead - cacheWrite),
    output: count(outputTokens),
    cacheRead,
    cacheWrite,
  }
}

function labelOf(model: string): string {
  const name = model.replace(/-1m-internal$/, '').replace(/-1m$/, '')
  return name.startsWith('claude-') ? name.split('.').join('-') : name
}
