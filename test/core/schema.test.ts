// The positions of the schema do not overlap, and every function over token types covers all of them.
import { describe, expect, it } from 'vitest'
import {
  COLUMN,
  DOUBLE_COLUMN,
  MEASURE,
  MEASURES,
  MEASURE_NUMBERS,
  SERIES_DOUBLE,
  SERIES_LABEL,
  SERIES_WORD,
  SERIES_WORDS,
  TOKENS,
  USAGE_WORDS,
  bookTokens,
  compareTokens,
  copyTokens,
  promptTokens,
  readTokens,
  tokenSum,
  weightedSum,
  writeTokens,
} from '../../src/core/schema.js'
import { NO_TOKENS } from './pricing/made-prices.js'

const BASE = USAGE_WORDS
/** A different number for each token type. */
const counts = Object.fromEntries(TOKENS.map(({ name }, index) => [name, 10 ** index])) as typeof NO_TOKENS
const sum = Object.values(counts).reduce((total, count) => total + count, 0)

function rowOf(tokens: typeof NO_TOKENS): Uint32Array {
  const words = new Uint32Array(3 * USAGE_WORDS).fill(7)
  for (const { name } of TOKENS) words[BASE + COLUMN[name]] = tokens[name]
  return words
}

describe('positions', () => {
  const halves = (doubles: Readonly<Record<string, number>>): number[] =>
    Object.values(doubles).flatMap((double) => [2 * double, 2 * double + 1])

  it.each([
    ['a usage row', USAGE_WORDS, [...Object.values(COLUMN), ...halves(DOUBLE_COLUMN)]],
    [
      'a series',
      SERIES_WORDS,
      [...halves(MEASURE), ...halves(SERIES_DOUBLE), ...Object.values(SERIES_LABEL), ...Object.values(SERIES_WORD)],
    ],
  ])('in %s are distinct and within its width', (_, width, words) => {
    expect(new Set(words).size).toBe(words.length)
    expect(Math.max(...words)).toBeLessThan(width)
    expect(width % 2).toBe(0)
  })

  it('of measures fit an array of measures', () => {
    expect(Math.max(...MEASURE_NUMBERS)).toBe(MEASURES - 1)
  })
})

describe('every token type', () => {
  it('is added to the sum', () => {
    expect(tokenSum(rowOf(counts), BASE)).toBe(sum)
  })

  it('is written, read and copied without touching other words', () => {
    const words = new Uint32Array(3 * USAGE_WORDS).fill(7)
    writeTokens(counts, words, BASE)
    expect(words).toEqual(rowOf(counts))
    const read = { ...NO_TOKENS }
    readTokens(words, BASE, read)
    expect(read).toEqual(counts)
    const copy = new Uint32Array(3 * USAGE_WORDS).fill(7)
    copyTokens(words, BASE, copy, BASE)
    expect(copy).toEqual(words)
  })

  it('is booked as its measure', () => {
    const measures = new Float64Array(2 + MEASURES).fill(1)
    expect(bookTokens(rowOf(counts), BASE, measures, 2)).toBe(sum)
    const expected = new Float64Array(2 + MEASURES).fill(1)
    for (const { name } of TOKENS) expected[2 + MEASURE[name]]! += counts[name]
    expect(measures).toEqual(expected)
  })

  it('has a weight of its own', () => {
    const weights = Float64Array.from([0, ...TOKENS.map((_, index) => index + 2)])
    expect(weightedSum(counts, weights, 1)).toBe(
      TOKENS.reduce((total, { name }, index) => total + counts[name] * (index + 2), 0),
    )
  })

  it('except output is part of the prompt', () => {
    expect(promptTokens(counts)).toBe(sum - counts.output)
  })

  it('is compared when output and sum are equal', () => {
    for (const one of TOKENS) {
      for (const other of TOKENS) {
        if (one === other || one.name === 'output' || other.name === 'output') continue
        const a = rowOf({ ...counts, [one.name]: counts[one.name] + 1 })
        const b = rowOf({ ...counts, [other.name]: counts[other.name] + 1 })
        expect(compareTokens(a, BASE, b, BASE)).not.toBe(0)
      }
    }
    expect(compareTokens(rowOf(counts), BASE, rowOf(counts), BASE)).toBe(0)
  })
})
