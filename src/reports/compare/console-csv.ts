// Reads CSV exports of costs and of tokens from Anthropic's Console. Their columns are not documented; the ones read
// here are common to the exports published in 2025 and 2026.
import { NANOS_PER_USD } from '../../core/pricing/nano-dollars.js'
import type { Amount, Told } from '../../core/report/comparison.js'
import { readCsv, type Row } from './csv.js'
import type { ReadTold } from './told.js'

const DAY = 'usage_date_utc'
const COST = 'cost_usd'
const LIST_PRICE = 'list_price_usd'
const TOKENS: readonly (readonly [column: string, amount: Amount])[] = [
  ['usage_input_tokens_no_cache', 'input'],
  ['usage_input_tokens_cache_write_5m', 'cacheWrite5m'],
  ['usage_input_tokens_cache_write_1h', 'cacheWrite1h'],
  ['usage_input_tokens_cache_read', 'cacheRead'],
  ['usage_output_tokens', 'output'],
  ['web_search_count', 'webSearches'],
]
/** The cost of each row is rounded to cents. */
const HALF_A_CENT = NANOS_PER_USD / 200

export const readConsoleCsv: ReadTold = (text) => {
  if (!text.slice(0, 1000).includes(DAY)) return undefined
  const { columns, rows } = readCsv(text)
  const has = (column: string): boolean => columns.includes(column)
  const told = [DAY, 'model', COST].every(has)
    ? rows.map(costOf)
    : [DAY, 'model_version', 'usage_output_tokens'].every(has)
      ? rows.map(tokensOf)
      : undefined
  if (told === undefined)
    throw new Error(`CSV without the columns model and ${COST}, or model_version and usage_output_tokens`)
  return { told, agents: [], timeZone: 'UTC' }
}

function costOf(row: Row, index: number): Told {
  const list = row.get(LIST_PRICE) ?? ''
  return {
    day: dayOf(row, index),
    model: apiName(row.get('model')!),
    amounts: { nanos: nanosIn(row, COST, index) },
    listNanos: list === '' ? undefined : nanosIn(row, LIST_PRICE, index),
    roundingNanos: HALF_A_CENT,
  }
}

function tokensOf(row: Row, index: number): Told {
  const amounts = TOKENS.filter(([column]) => row.has(column)).map(
    ([column, amount]) => [amount, row.get(column) === '' ? 0 : numberIn(row, column, index)] as const,
  )
  return {
    day: dayOf(row, index),
    model: row.get('model_version')!,
    amounts: Object.fromEntries(amounts),
    roundingNanos: 0,
  }
}

/** `Name 3.5 Sonnet 2024-10-22` → `name-3.5-sonnet` */
function apiName(name: string): string {
  return name
    .replace(/ \d{4}-\d\d-\d\d$/, '')
    .toLowerCase()
    .replaceAll(' ', '-')
}

/** Accepts a date, or a date with a time. */
function dayOf(row: Row, index: number): string {
  const day = /^\d{4}-\d\d-\d\d/.exec(row.get(DAY)!)?.[0]
  if (day === undefined) throw wrongCell(row, DAY, index, 'a date such as 2026-11-22')
  return day
}

const nanosIn = (row: Row, column: string, index: number): number =>
  Math.round(numberIn(row, column, index) * NANOS_PER_USD)

function numberIn(row: Row, column: string, index: number): number {
  const text = row.get(column)!
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) throw wrongCell(row, column, index, 'a number')
  return Number(text)
}

/** @param index index of the row, from 0, without the heading */
function wrongCell(row: Row, column: string, index: number, expected: string): Error {
  const found = JSON.stringify(row.get(column)!.slice(0, 80))
  return new Error(`row ${index + 1} below the heading: ${column}: expected ${expected}, found ${found}`)
}
