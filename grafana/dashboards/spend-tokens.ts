// Of the Spend board: tokens, what the cache does for the price, and requests.
import type { Section } from './board.js'
import { ALL_OTHERS, ESTIMATE, HALF, QUARTER, THIRD, USD, lines, number, stacks } from './panels.js'
import {
  INSTANCE,
  REQUESTS_A_MINUTE,
  USAGE,
  cacheShare,
  paidForWrites,
  pricePerThousand,
  savedByReads,
  top,
} from './queries.js'

export const cache: Section = {
  title: 'Tokens and the cache',
  panels: [
    number(
      {
        title: 'Prompt tokens from the cache',
        description: 'Share of the prompt tokens of the time range that were read from the cache.',
        ...QUARTER,
        unit: 'percentunit',
        decimals: 1,
        noValue: 'no usage',
      },
      cacheShare('$__range'),
    ),
    number(
      {
        title: 'Saved by the cache',
        description:
          'What the tokens read from the cache in the time range would have cost more as plain input, less ' +
          'what writing the cache cost above plain input. At the prices in force now.',
        ...QUARTER,
        ...USD,
        noValue: 'no usage',
      },
      `${savedByReads('$__range')}\n- ${paidForWrites('$__range')}`,
    ),
    number(
      {
        title: 'Tokens',
        description: 'Tokens of the time range, of all classes.',
        ...QUARTER,
        unit: 'short',
        decimals: 1,
        noValue: 'not yet',
      },
      `sum(increase(agent_usage_tokens_total{${USAGE}}[$__range]))`,
    ),
    number(
      {
        title: 'Tokens without a price',
        description:
          'Tokens counted so far of models that the price table does not know. They cost nothing here, so ' +
          'every amount is too low; --prices.file can name their prices.',
        ...QUARTER,
        unit: 'short',
        noValue: 'none',
        thresholds: [
          [null, 'text'],
          [1, 'orange'],
        ],
      },
      `sum(agent_usage_unpriced_tokens_total{${INSTANCE},model=~"$model"})`,
    ),
    stacks(
      {
        title: 'Tokens a minute, by class',
        description: 'The classes do not overlap: a prompt is input, cache reads and cache writes.',
        ...THIRD,
        unit: 'short',
      },
      {
        expr: `sum by (token_type) (rate(agent_usage_tokens_total{${USAGE}}[$__rate_interval])) * 60`,
        legend: '{{token_type}}',
      },
    ),
    lines(
      {
        title: 'Cache share of prompts',
        description: 'Share of the prompt tokens of the hour before that were read from the cache.',
        ...THIRD,
        unit: 'percentunit',
      },
      { expr: cacheShare('1h') },
    ).max(1),
    lines(
      {
        title: 'What the cache saves',
        description:
          'US dollars within the hour before: saved by reading from the cache, and paid on top for writing it. ' +
          'At the prices in force now.',
        ...THIRD,
        unit: 'currencyUSD',
      },
      { expr: savedByReads('1h'), legend: 'saved by reads' },
      { expr: paidForWrites('1h'), legend: 'paid for writes' },
    ),
  ],
}

export const requests: Section = {
  title: 'Requests',
  panels: [
    stacks(
      {
        title: 'Requests a minute, by model',
        description:
          'Model responses, each counted once however often the logs repeat it: of the six models that cost the most in ' +
          'the time range, and of all others together.',
        ...HALF,
        unit: 'short',
      },
      { expr: REQUESTS_A_MINUTE.others, legend: ALL_OTHERS },
      { expr: REQUESTS_A_MINUTE.top, legend: '{{model}}' },
    ),
    lines(
      {
        title: 'Price of a thousand requests',
        description:
          'Of the hour before, by model: the six that cost the most in the time range. It rises as sessions grow long: each request sends the whole ' +
          `conversation again. ${ESTIMATE}`,
        ...HALF,
        unit: 'currencyUSD',
      },
      { expr: `${pricePerThousand('1h', 'model')}\nand on (model)\n${top('model')}`, legend: '{{model}}' },
    ),
    lines(
      {
        title: 'Web searches',
        description: 'Billed web searches within the hour before, on top of the tokens.',
        ...HALF,
        unit: 'short',
      },
      { expr: `sum(increase(agent_usage_web_search_requests_total{${USAGE}}[1h]))` },
    ),
    lines(
      {
        title: 'Cost told by the logs',
        description:
          'US dollars within the hour before, by model: the part of the cost that is not from the price table, because ' +
          'the model has no price or the log tells what was billed. Of all projects.',
        ...HALF,
        unit: 'currencyUSD',
        noValue: 'none',
      },
      {
        expr: `sum by (model) (increase(agent_usage_logged_cost_usd_total{${INSTANCE},agent=~"$agent",model=~"$model"}[1h]))`,
        legend: '{{model}}',
      },
    ),
  ],
}
