// Lines of a session as pi writes them, with fields that a test can set.

type Fields = Readonly<Record<string, unknown>>

export const header = (cwd = '/w/app'): object => ({
  type: 'session',
  version: 3,
  id: '019e5cb2-3ec0-771b-a925-ac20ab03a99e',
  timestamp: '2026-07-01T00:00:00.000Z',
  cwd,
})

export const modelChange = (modelId: string): object => ({
  type: 'model_change',
  id: 'c3688b5b',
  timestamp: '2026-07-01T00:00:00.500Z',
  provider: 'anthropic',
  modelId,
})

/** The usage of case P1. */
export const USAGE = {
  input: 10,
  output: 160,
  cacheRead: 1000,
  cacheWrite: 300,
  cacheWrite1h: 100,
  reasoning: 50,
  totalTokens: 1470,
}

/** The model's answer of case P1, with the given fields replaced. */
export const answer = (entry: Fields = {}, message: Fields = {}): object => ({
  type: 'message',
  id: 'a',
  timestamp: '2026-07-01T00:00:01.000Z',
  ...entry,
  message: {
    role: 'assistant',
    model: 'claude-opus-4-5',
    responseId: 'r1',
    timestamp: 1_782_864_000_000,
    usage: USAGE,
    ...message,
  },
})

export const summary = (type: 'compaction' | 'branch_summary', usage: Fields, more: Fields = {}): object => ({
  type,
  id: 'd',
  timestamp: '2026-07-01T00:01:00.000Z',
  summary: 'what was done',
  usage,
  ...more,
})

export function content(...lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}
