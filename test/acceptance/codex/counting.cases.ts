// Cases 1-16, 32-36, 44, 48, 49: which token counts are responses, and which are not (codex-logs 8).
import {
  A,
  B,
  C,
  K,
  M,
  O,
  R,
  S,
  X,
  d,
  estimate,
  limits,
  rollout,
  t1,
  t2,
  tb,
  usage,
  x,
  y,
} from '../../support/rollout.js'
import { AS_1, AS_12, AS_3, NOTHING, alone, bothOrders, path, type Case } from './case.js'

const FIRST = [M(A), C(t1), K(x, x)]
const SWITCHED = [S(t2), C(t2, 'gpt-5.5'), K([3500, 2800, 190], d)]
/** Codex up to 0.92 writes no turn ids. */
const OLD = { cli_version: '0.92.0' }
const old = (id: string): string => rollout(M(id, OLD), C(), O, K(x, x))

export const countingCases: readonly Case[] = [
  { number: 1, title: 'a token count is one response', homes: [alone(rollout(...FIRST), AS_1)] },
  {
    number: 2,
    title: 'a repeated total and a count of rate limits are no response',
    homes: [alone(rollout(M(A), C(t1), limits(), K(x, x), C(t1), K(x, x), S(t2), K(x, x)), AS_1)],
  },
  { number: 3, title: 'a larger total is another response', homes: [alone(rollout(...FIRST, K(y, d)), AS_3)] },
  {
    number: 4,
    title: 'responses are counted from totals alone',
    homes: [alone(rollout(M(A), C(t1), K(x), K(y)), AS_3)],
  },
  {
    number: 5,
    title: 'responses are counted from last usages alone',
    homes: [alone(rollout(M(A), C(t1), K(null, x), K(null, d)), AS_3)],
  },
  {
    number: 6,
    title: 'an estimate after a compaction or a rollback counts nothing',
    homes: [alone(rollout(...FIRST, K(x, estimate(5000))), AS_1)],
  },
  {
    number: 7,
    title: 'a response hidden by an interruption is counted from the next total',
    homes: [
      alone(rollout(...FIRST, X, ...SWITCHED), {
        'gpt-5.4': '2; 400/140/1600; 0.0035',
        'gpt-5.5': '1; 300/50/1200; 0.0036',
      }),
    ],
  },
  {
    number: 8,
    title: 'a response that no line explains is noted and counts nothing',
    homes: [
      { name: 'no interruption', ...alone(rollout(...FIRST, ...SWITCHED), AS_12, { unlogged: 1 }) },
      {
        name: 'a paginated file',
        ...alone(rollout(M(A, { history_mode: 'paginated' }), C(t1), K(x, x), X, ...SWITCHED), AS_12, { unlogged: 1 }),
      },
    ],
  },
  {
    number: 9,
    title: 'a total that restarts when a thread is resumed loses no response',
    homes: [
      alone(
        rollout(
          ...FIRST,
          K(y, d),
          M(A),
          S(t2),
          C(t2),
          K([1200, 1000, 60], [1200, 1000, 60]),
          K([1300, 1050, 70], [100, 50, 10]),
        ),
        { 'gpt-5.4': '4; 750/220/3050; 0.0059375' },
      ),
    ],
  },
  {
    number: 10,
    title: 'a total that falls, without a last usage, is a response of its own',
    // The first count is that of the second response. No line explains the tokens before it.
    homes: [alone(rollout(M(A), C(t1), K(y, d), K(x)), AS_3, { unlogged: 1 })],
  },
  {
    number: 11,
    title: 'an exceeded context window counts nothing',
    homes: [alone(rollout(...FIRST, K(estimate(258_400), estimate(0)), K(d, d)), AS_3)],
  },
  {
    number: 12,
    title: 'each response has the model of its turn',
    homes: [alone(rollout(...FIRST, C(t2, 'gpt-5.5'), K(y, d)), AS_12)],
  },
  {
    number: 13,
    title: 'a repeated count in a turn of another model counts nothing',
    homes: [alone(rollout(...FIRST, S(t2), C(t2, 'gpt-5.5'), K(x, x)), AS_1)],
  },
  {
    number: 14,
    title: 'a response without a known model is counted as unknown',
    homes: [alone(rollout(M(A), K(x, x)), { unknown: '1; 200/100/800; 0' }, { unpriced: { unknown: 1100 } })],
  },
  {
    number: 15,
    title: 'a copy in the archive, without turn ids, counts once',
    homes: [
      {
        files: { [path(1)]: old(A), [path(1, 'archived_sessions')]: old(A) },
        expect: { models: AS_1 },
      },
    ],
  },
  {
    number: 16,
    title: 'two threads that begin alike, without turn ids, both count',
    homes: bothOrders([old(A), old(B)], { models: { 'gpt-5.4': '2; 400/200/1600; 0.0044' } }),
  },
  {
    number: 32,
    title: 'responses count separately when a gateway gives all of them one id',
    homes: [
      alone(
        rollout(
          M(A, { cli_version: '0.159.0' }),
          S(t1),
          C(t1),
          R('chatcmpl-1', A, t1, x),
          K(x, x),
          S(t2),
          C(t2),
          R('chatcmpl-1', A, t2, x, [2000, 1600, 200]),
          K([2000, 1600, 200], x),
        ),
        { 'gpt-5.4': '2; 400/200/1600; 0.0044' },
      ),
    ],
  },
  {
    number: 33,
    title: 'a record has the model of its own turn',
    homes: [alone(rollout(M(A, { cli_version: '0.159.0' }), C(t1), C(t2, 'gpt-5.5'), R('a', A, t1, x), K(x, x)), AS_1)],
  },
  {
    number: 34,
    title: 'cached input above the input is limited to the input',
    homes: [alone(rollout(M(A), C(t1), K([100, 150, 10], [100, 150, 10])), { 'gpt-5.4': '1; 0/10/100; 0.000175' })],
  },
  {
    number: 35,
    title: 'cache writes are subtracted from the input',
    homes: [
      alone(rollout(M(A), C(t1, 'gpt-5.6-sol'), K([1000, 700, 50, 200], [1000, 700, 50, 200])), {
        'gpt-5.6-sol': '1; 100/50/700/200; 0.00268',
      }),
    ],
  },
  {
    number: 36,
    title: 'reasoning tokens are part of the output',
    homes: [alone(rollout(M(A), C(t1), K([1000, 800, 100, 0, 60], [1000, 800, 100, 0, 60])), AS_1)],
  },
  {
    number: 44,
    title: 'empty counts and counts of 0 are no response',
    homes: [alone(rollout(M(A), C(t1), limits(), limits({}), K([0, 0, 0], [0, 0, 0])), NOTHING)],
  },
  {
    number: 48,
    title: 'a value that is not a positive number counts 0',
    homes: [
      alone(
        rollout(
          M(A),
          C(t1),
          K({ ...usage([0, 0, 0]), input_tokens: '12', output_tokens: -5 }, { input_tokens: 1e3, output_tokens: null }),
        ),
        { 'gpt-5.4': '1; 1000/0/0; 0.0025' },
      ),
    ],
  },
  {
    number: 49,
    title: 'two sessions joined into one file both count',
    homes: [alone(rollout(M(A), C(t1), K(x, x), M(B), C(tb), K(x, x)), { 'gpt-5.4': '2; 400/200/1600; 0.0044' })],
  },
]
