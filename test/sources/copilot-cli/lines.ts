// Events as GitHub Copilot CLI writes them (other-agents 5.2).

export const START_MS = 1_782_860_000_000
export const AT = '2026-07-01T00:00:00.000Z'

/** Token counts; `input` excludes cached tokens. */
export type Told = readonly [input: number, output: number, write?: number, read?: number]

export interface Metrics {
  readonly count?: number | undefined
  readonly usage?: Told
  readonly details?: Told
  readonly nanoAiu?: number
}

export interface Shutdown {
  readonly at?: string
  readonly start?: number
  readonly more?: object
}

export function start(sessionId?: string, cwd = '/w/app'): object {
  return { type: 'session.start', id: `start-${sessionId}`, timestamp: AT, data: { sessionId, context: { cwd } } }
}

export const resume = { type: 'session.resume', id: 'resume', timestamp: AT, data: { context: { cwd: '/w/app' } } }

export function shutdown(
  id: string,
  models: Readonly<Record<string, Metrics>>,
  { at = AT, start: sessionStartTime = START_MS, more = {} }: Shutdown = {},
): object {
  const modelMetrics = Object.fromEntries(Object.entries(models).map(([model, told]) => [model, metrics(told)]))
  return { type: 'session.shutdown', id, timestamp: at, data: { sessionStartTime, modelMetrics, ...more } }
}

export function metrics({ count, usage, details, nanoAiu }: Metrics): object {
  return {
    requests: { count, cost: 0 },
    usage: usageOf(usage ?? details ?? [0, 0]),
    totalNanoAiu: nanoAiu,
    ...(details && { tokenDetails: detailsOf(details) }),
  }
}

function usageOf([input, outputTokens, cacheWriteTokens = 0, cacheReadTokens = 0]: Told): object {
  const inputTokens = input + cacheWriteTokens + cacheReadTokens
  return { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens: outputTokens }
}

function detailsOf(told: Told): object {
  const [input, output, cache_write, cache_read] = told.map((tokenCount) => ({ tokenCount }))
  return { input, output, ...(cache_write && { cache_write }), ...(cache_read && { cache_read }) }
}
