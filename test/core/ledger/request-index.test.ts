// Requests and the entries that carry them: a multimap that keeps each pair once.
import { describe, expect, it } from 'vitest'
import { RequestIndex } from '../../../src/core/ledger/request-index.js'

describe('the request index', () => {
  it('reports whether a pair is new, and finds all entries of a request', () => {
    const links = new RequestIndex()
    expect([links.add(1, 2, 7), links.add(1, 2, 8), links.add(1, 2, 7), links.add(1, 3, 7)]).toEqual([
      true,
      true,
      false,
      true,
    ])
    expect([...links.entries(1, 2)].sort()).toEqual([7, 8])
    expect(links.entries(1, 3)).toEqual([7])
    expect(links.entries(2, 1)).toEqual([])
  })

  it('keeps each pair once with several requests per entry and lookups in between', () => {
    const links = new RequestIndex()
    const pairs = Array.from({ length: 1_000 }, (_, number) => [number % 7, number % 5, number * 3] as const)
    const others = pairs.map(([low, high, entry]) => [low + 10, high, entry] as const)
    for (const pair of [...pairs, ...others]) {
      expect(links.add(...pair)).toBe(true)
      expect(links.entries(pair[0], pair[1])).toContain(pair[2])
    }
    for (const pair of [...others, ...pairs]) expect(links.add(...pair)).toBe(false)
    expect(links.rows.count).toBe(2_000)
  })

  it('finds each of 2,000 requests with colliding low halves, also after loading', () => {
    const links = new RequestIndex()
    for (let number = 0; number < 2_000; number += 1) links.add(number % 100, number, number)
    const loaded = new RequestIndex()
    for (const [row, bytes] of links.rows.changes()) loaded.rows.load(row, bytes)
    loaded.reindex()
    for (const each of [links, loaded]) {
      for (let number = 0; number < 2_000; number += 1) expect(each.entries(number % 100, number)).toEqual([number])
      expect(each.entries(100, 0)).toEqual([])
      expect(each.add(0, 0, 0)).toBe(false)
      expect(each.add(0, 0, 1)).toBe(true)
    }
  })
})
