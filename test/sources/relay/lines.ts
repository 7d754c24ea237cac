// Lines of the made-up agent, and a log and its fork with every kind of line.

const AT = '2026-11-01T10:00:00.000Z'

export const thread = (id: string, cwd = '/w/relay'): object => ({ relay: 'thread', thread: id, cwd })
export const model = (name: string, tier?: string): object => ({ relay: 'model', model: name, ...(tier && { tier }) })
export const usage = (turn: string, input: number, output: number, cached = 0, at = AT): object => ({
  relay: 'usage',
  turn,
  at,
  total: { in: input, out: output, cached },
})
export const calls = (...made: readonly (readonly [id: string, input: number, output: number])[]): object => ({
  relay: 'calls',
  calls: made.map(([id, input, output]) => ({ id, at: AT, in: input, out: output })),
})
export const snapshot = (id: string, requests: number, input: number, output: number): object => ({
  relay: 'snapshot',
  id,
  at: AT,
  requests,
  costNanos: requests * 1_000,
  in: input,
  out: output,
})

const PREFIX = [
  thread('t1'),
  usage('u0', 5, 1),
  model('big-1', 'priority'),
  usage('u1', 105, 11, 50),
  usage('u1', 105, 11, 50),
  model('small-1'),
  usage('u2', 305, 21, 250),
]

export const LOG = [
  ...PREFIX,
  calls(['c1', 10, 1], ['c2', 20, 2], ['c1', 10, 1]),
  snapshot('s1', 2, 100, 10),
  // The counter restarts.
  usage('u3', 40, 4),
  model('big-1'),
  snapshot('s1', 3, 150, 15),
  usage('u3', 90, 9),
]

/** Starts with copies that lost their tier and carry the time of copying. */
export const FORK = [
  thread('t2', '/w/fork'),
  ...PREFIX.map((line) => ({ ...line, tier: undefined, ...('at' in line && { at: '2026-11-02T10:00:00.000Z' }) })),
  usage('u4', 405, 31, 250),
]

export function content(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}
