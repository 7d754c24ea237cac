// Lines of a chat as Gemini CLI writes them, with fields that a test can set.

type Fields = Readonly<Record<string, unknown>>

export const header = (kind = 'main'): object => ({
  sessionId: '94726cc3-4317-485b-8dc5-e8d60d540877',
  projectHash: '3ead4503bb5441c68e6e2c5eec373207210305f2d3a1cbbba1d4a0d6e5a4a2b1',
  startTime: '2026-07-01T00:00:00.000Z',
  lastUpdated: '2026-07-01T00:00:00.000Z',
  kind,
})

/** Token counts of a response. */
export type Counts = readonly [
  input: number,
  output: number,
  cached: number,
  thoughts: number,
  tool: number,
  total: number,
]

/** The model's answer of case G1, with the given counts and fields. */
export function answer(counts: Counts | null = [12_000, 18, 10_000, 40, 0, 12_058], more: Fields = {}): object {
  const [input, output, cached, thoughts, tool, total] = counts ?? []
  return {
    id: 'm1',
    timestamp: '2026-07-01T00:00:00.000Z',
    type: 'gemini',
    content: '',
    model: 'gemini-3-flash-preview',
    tokens: counts && { input, output, cached, thoughts, tool, total },
    ...more,
  }
}

export const set = (...messages: readonly object[]): object => ({
  $set: { messages, lastUpdated: '2026-07-01T00:01:00.000Z' },
})

/** A chat as versions up to 0.38 write it. */
export const legacy = (...messages: readonly object[]): string => JSON.stringify({ ...header(), messages }, null, 2)

export function content(...lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}
