// Cases 45, 47, 52: bytes and spellings (codex-logs 8). Cases of files that change are in live.test.ts.
import { A, C, K, M, O, START, d, estimate, rollout, stamped, t1, x, y, R, S } from '../../support/rollout.js'
import { AS_1, AS_3, NOTHING, alone, path, type Case } from './case.js'

const [header, context, first, second] = rollout(M(A), C(t1), K(x, x), K(y, d)).split('\n') as [
  string,
  string,
  string,
  string,
]
const repeat = rollout(K(y, estimate(9))).trimEnd()

/** A byte order mark, CRLF, a blank line, a torn line, two objects on one line. */
const dirty = Buffer.concat([
  Buffer.from([0xef, 0xbb, 0xbf]),
  Buffer.from(`${header}\r\n\n${context}\r\n{bad\n${first}\n${second}${repeat}\n`),
])

/** A line without usage that lost its line feed, followed by one with usage. */
const joint = rollout(M(A), C(t1), K(x, x), O).trimEnd() + rollout(K(y, d))

/** The pointer that stands for a file that Git LFS has not fetched. */
const stub = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 123456\n`

const quoting = rollout(
  M(A, { base_instructions: { text: JSON.stringify(K(x, x)) } }),
  S(t1),
  C(t1),
  { type: 'response_item', payload: { type: 'function_call_output', output: rollout(K(x, x)) } },
  { type: 'event_msg', payload: { type: 'agent_message', message: JSON.stringify(R('a', A, t1, x)) } },
  { type: 'response_item', payload: { ...O.payload, quoted: { type: 'event_msg', payload: K(x, x).payload } } },
)

/** Spaces after `:` and `,`, and keys in another order. */
const spaced = stamped(START, [M(A), C(t1), K(x, x)])
  .map((line) => JSON.stringify(reversed(line), null, 1).replaceAll(/\n\s*/g, ' ') + '\n')
  .join('')

function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, reversed(each)]),
  )
}

export const filesCases: readonly Case[] = [
  {
    number: 45,
    title: 'good lines count between damaged ones',
    homes: [
      alone(dirty, AS_3, { malformed: 1 }),
      { name: 'with a lost line feed', ...alone(joint, AS_3) },
      { files: { [path(1)]: stub, [path(2)]: rollout(M(A), C(t1), K(x, x)) }, expect: { models: AS_1, malformed: 3 } },
    ],
  },
  { number: 47, title: 'lines quoted inside other lines count nothing', homes: [alone(quoting, NOTHING)] },
  { number: 52, title: 'spaces and another order of keys change nothing', homes: [alone(spaced, AS_1)] },
]
