// Cases 37-43: long prompts, tiers, days and names (codex-logs 8).
import { A, B, C, K, M, rollout, rolloutFrom, t1, tier, x, type Line, type Vector } from '../../support/rollout.js'
import { AS_1, alone, type Case, type Expected, type Home } from './case.js'

const one = (model: string, counts: Vector, at?: string, ...before: readonly Line[]): string => {
  const lines = [M(A), ...before, C(t1, model), K(counts, counts)]
  return at === undefined ? rollout(...lines) : rolloutFrom(at, ...lines)
}
const shows = (name: string, content: string, models: Expected['models'], unpriced?: Expected['unpriced']): Home => ({
  name,
  ...alone(content, models, unpriced && { unpriced }),
})
const costs = (name: string, model: string, usd: string, ...before: readonly Line[]): Home =>
  shows(name, one(model, x, undefined, ...before), { [model]: `1; 200/100/800; ${usd}` })
const onDay = (model: string, day: string, counts: Vector, text: string): Home =>
  shows(`${model} on ${day}`, one(model, counts, `${day}T10:00:00.000Z`), { [model]: text })
const unpriced = (model: string): Home =>
  shows(model, one(model, x), { [model]: '1; 200/100/800; 0' }, { [model]: 1100 })

const JUST_LONG: Vector = [272_001, 200_000, 1000]

export const pricingCases: readonly Case[] = [
  {
    number: 37,
    title: 'a long prompt raises the price of its own response only',
    homes: [
      shows('272,000', one('gpt-5.4', [272_000, 200_000, 1000]), { 'gpt-5.4': '1; 72000/1000/200000; 0.245' }),
      shows('272,001', one('gpt-5.4', JUST_LONG), { 'gpt-5.4': '1; 72001/1000/200000; 0.482505' }),
      shows(
        'and a short one',
        rollout(M(A), C(t1), K(JUST_LONG, JUST_LONG), K([472_001, 380_000, 1500], [200_000, 180_000, 500])),
        { 'gpt-5.4': '2; 92001/1500/380000; 0.585005' },
      ),
    ],
  },
  {
    number: 38,
    title: 'a response has the price of its thread’s tier',
    homes: [
      costs('priority', 'gpt-5.5', '0.011', tier('priority')),
      costs('fast', 'gpt-5.5', '0.011', tier('fast')),
      costs('default', 'gpt-5.5', '0.0044', tier('default')),
      costs('null', 'gpt-5.5', '0.0044', tier(null)),
      costs('flex', 'gpt-5.5', '0.0022', tier('flex')),
      costs('of another thread', 'gpt-5.5', '0.0044', tier('priority', { thread_id: B })),
      costs('of this thread by its id', 'gpt-5.5', '0.011', tier('priority', { thread_id: A })),
      costs('no longer', 'gpt-5.5', '0.0044', tier('priority'), tier(null)),
    ],
  },
  {
    number: 39,
    title: 'the tier ultrafast costs its own rate, or the standard rate where the model has none',
    homes: [
      costs('gpt-6.1-sol', 'gpt-6.1-sol', '0.00888', tier('ultrafast')),
      costs('gpt-6.2-sol', 'gpt-6.2-sol', '0.00444', tier('ultrafast')),
      // The program logs that this model has no price for the tier.
      costs('gpt-5.5', 'gpt-5.5', '0.0044', tier('ultrafast')),
      costs('not asked for', 'gpt-6.2-sol', '0.00148'),
    ],
  },
  {
    number: 40,
    title: 'a response has the price of its own day',
    homes: [
      onDay('gpt-5.6-sol', '2026-08-20', [100_000, 0, 0], '1; 100000/0/0; 0.5'),
      onDay('gpt-5.6-sol', '2026-08-21', [100_000, 0, 0], '1; 100000/0/0; 0.4'),
      onDay('gpt-5.6-luna', '2026-07-29', x, '1; 200/100/800; 0.00088'),
      onDay('gpt-5.6-luna', '2026-11-01', x, '1; 200/100/800; 0.000176'),
    ],
  },
  {
    number: 41,
    title: 'spellings of one model have one label and one price',
    homes: ['openai/gpt-5.4', 'GPT-5.4', 'gpt-5.4-2026-03-05'].map((name) => shows(name, one(name, x), AS_1)),
  },
  {
    number: 42,
    title: 'models without a price are counted and cost nothing',
    homes: ['foo-1', 'gpt-5.3-codex-spark', 'gpt-5.45'].map(unpriced),
  },
  {
    number: 43,
    title: 'an alias has the price of the model it named on that day',
    homes: [
      onDay('codex-auto-review', '2026-07-01', x, '1; 200/100/800; 0.0022'),
      onDay('codex-auto-review', '2026-11-01', x, '1; 200/100/800; 0.000176'),
    ],
  },
]
