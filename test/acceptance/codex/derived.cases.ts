// Cases 17-31: forks, sub-agents, reverts and records (codex-logs 8). Copied lines carry the time at which they were copied.
import {
  A,
  B,
  C,
  D,
  K,
  M,
  O,
  R,
  S,
  U,
  compacted,
  d,
  rollout,
  rolloutFrom,
  t1,
  t2,
  tb,
  td,
  tier,
  x,
  y,
  type Line,
} from '../../support/rollout.js'
import { AS_1, AS_3, alone, bothOrders, type Case } from './case.js'

const NEW = { cli_version: '0.159.0' }
const SPAWNED = { parent_thread_id: A, source: { subagent: { thread_spawn: { parent_thread_id: A, depth: 1 } } } }
const LATER = '2026-11-01T11:00:02.000Z'
const LATEST = '2026-11-01T12:00:02.000Z'

const COPIED = [M(A), S(t1), C(t1), O, K(x, x)]
const parent = rollout(...COPIED)
const fork = (id: string, turn: string, at: string): string =>
  rolloutFrom(at, M(id, { forked_from_id: A }), ...COPIED, S(turn), K(x, x), C(turn), U, O, K(y, d))
const child = (...lines: readonly Line[]): string => rolloutFrom(LATER, ...lines)

const RECORDED = [M(A, NEW), S(t1), C(t1), R('a', A, t1, x), K(x, x)]
const SAID = [M(A, NEW), S(t1), C(t1), O, R('a', A, t1, x), K(x, x)]

const TWICE = [...SAID.slice(1), K([2000, 1600, 200], x)]
const spawned = (past: readonly Line[]): string =>
  child(
    M(B, { ...NEW, ...SPAWNED }),
    ...past.filter(({ type }) => type !== 'token_usage_record'),
    S(tb),
    C(tb),
    O,
    R('b', B, tb, d, y),
    K(y, d),
  )

export const derivedCases: readonly Case[] = [
  {
    number: 17,
    title: 'the copied past of a fork counts once',
    homes: bothOrders([parent, fork(B, tb, LATER)], { models: AS_3 }),
  },
  {
    number: 18,
    title: 'a fork whose parent is missing counts its copied past',
    homes: [alone(fork(B, tb, LATER), AS_3)],
  },
  {
    number: 19,
    title: 'two forks count a response each and their common past once',
    homes: bothOrders([parent, fork(B, tb, LATER), fork(D, td, LATEST)], {
      models: { 'gpt-5.4': '3; 800/200/3200; 0.0058' },
    }),
  },
  {
    number: 20,
    title: 'a copied response has the project and the tier of the original',
    homes: bothOrders(
      [
        rollout(M(A, { cwd: '/w/first' }), tier(null), S(t1), C(t1), O, K(x, x)),
        child(
          M(B, { forked_from_id: A, cwd: '/w/fork' }),
          tier('priority'),
          M(A, { cwd: '/w/first' }),
          ...COPIED.slice(1),
        ),
      ],
      { models: AS_1, projects: ['first'] },
    ),
  },
  {
    number: 21,
    title: 'the total of a sub-agent starts at 0',
    homes: bothOrders([parent, child(M(B, SPAWNED), S(tb), C(tb, 'gpt-5.4-mini'), U, O, K(d, d))], {
      models: { ...AS_1, 'gpt-5.4-mini': '1; 300/50/1200; 0.00054' },
    }),
  },
  {
    number: 22,
    title: 'a total inherited from another thread counts nothing',
    homes: [
      alone(
        child(
          M(B, { ...SPAWNED, history_mode: 'paginated' }),
          K([900_000, 800_000, 5000], [90_000, 80_000, 500]),
          S(tb),
          C(tb),
          U,
          O,
          K([901_500, 801_200, 5050], d),
        ),
        { 'gpt-5.4': '1; 300/50/1200; 0.0018' },
      ),
      {
        name: 'after a user message',
        ...alone(
          child(
            M(B, SPAWNED),
            S(tb),
            C(tb),
            U,
            { type: 'event_msg', payload: { type: 'item_completed', item: { type: 'UserMessage' } } },
            { type: 'response_item', payload: { type: 'function_call_output', output: 'x' } },
            K([900_000, 800_000, 5000], [90_000, 80_000, 500]),
            O,
            K([901_500, 801_200, 5050], d),
          ),
          { 'gpt-5.4': '1; 300/50/1200; 0.0018' },
        ),
      },
    ],
  },
  { number: 23, title: 'a record and its token count are one response', homes: [alone(rollout(...RECORDED), AS_1)] },
  {
    number: 24,
    title: 'a record without a token count is a response',
    homes: [alone(rollout(...RECORDED, R('b', A, t1, d, y)), AS_3)],
  },
  {
    number: 25,
    title: 'a token count without a record is a response',
    homes: [alone(rollout(...RECORDED, K(y, d)), AS_3)],
  },
  {
    number: 26,
    title: 'two records with one token count are two responses',
    homes: [
      alone(rollout(M(A, NEW), S(t1), C(t1), R('a', A, t1, x), R('b', A, t1, d, y), K(y, d)), AS_3),
      {
        name: 'with repeated counts',
        ...alone(rollout(...RECORDED, R('b', A, t1, d, y), K(x, x), K(y, d)), AS_3),
      },
    ],
  },
  {
    number: 27,
    title: 'the copy of a record in a compaction counts once',
    homes: [
      alone(rollout(...RECORDED, compacted(R('a', A, t1, x))), AS_1),
      { name: 'the copy alone, in its turn', ...alone(rollout(M(A, NEW), C(t1), compacted(R('a', A, t1, x))), AS_1) },
      {
        name: 'the copy alone, without a turn',
        ...alone(
          rollout(M(A, NEW), compacted(R('a', A, t1, x))),
          { unknown: '1; 200/100/800; 0' },
          { unpriced: { unknown: 1100 } },
        ),
      },
    ],
  },
  {
    number: 28,
    title: 'records copied by a fork count once',
    homes: bothOrders(
      [
        rollout(...SAID),
        child(M(B, { ...NEW, forked_from_id: A }), ...SAID, S(tb), C(tb), O, R('b', B, tb, d, y), K(y, d)),
      ],
      { models: AS_3 },
    ),
  },
  {
    number: 29,
    title: 'token counts that a forked sub-agent copied without their records count once',
    homes: [
      ...bothOrders([rollout(...SAID), spawned(SAID)], { models: AS_3 }),
      // The copies lack the parent's header and hold more than one count.
      ...bothOrders([rollout(...SAID, R('c', A, t1, x), K([2000, 1600, 200], x)), spawned(TWICE)], {
        models: { 'gpt-5.4': '3; 700/250/2800; 0.0062' },
      }),
    ],
  },
  {
    number: 30,
    title: 'token counts that a sub-agent of an older version copied from records count once',
    homes: bothOrders(
      [rollout(...SAID), child(M(B, SPAWNED), M(A, NEW), S(t1), C(t1), O, K(x, x), S(tb), C(tb), O, K(y, d))],
      { models: AS_3 },
    ),
  },
  {
    number: 31,
    title: 'a revert that continues in another file counts once',
    homes: [
      {
        files: {
          [`sessions/2026/11/01/rollout-2026-11-01T11-00-00-${A}.jsonl`]: rollout(...SAID),
          [`sessions/2026/11/01/rollout-2026-11-01T11-00-00-${A}_${B}.jsonl`]: child(
            M(A, { ...NEW, history_base: { rollout_id: A } }),
            S(t2),
            C(t2),
            R('b', A, t2, d, y),
            K(y, d),
          ),
        },
        expect: { models: AS_3 },
      },
    ],
  },
]
