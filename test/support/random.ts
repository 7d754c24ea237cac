// Seeded random choices: the same seed gives the same result on every machine.

export interface Random {
  /** An integer from 0 to below − 1. */
  int(below: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  /** A random selection, in order. */
  some<T>(from: readonly T[], probability: number): T[]
  shuffled<T>(from: readonly T[]): T[]
  /** An id that this source has not returned before. */
  fresh(prefix: string): string
}

/** mulberry32: 32 bits of state, good enough for test cases. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  let given = 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (below: number) => Math.floor(next() * below)
  const chance = (probability: number) => next() < probability
  return {
    int,
    chance,
    pick: (from) => {
      if (from.length === 0) throw new Error('nothing to pick from')
      return from[int(from.length)]!
    },
    some: (from, probability) => from.filter(() => chance(probability)),
    shuffled: (from) => {
      const result = [...from]
      for (let i = result.length - 1; i > 0; i--) {
        const j = int(i + 1)
        ;[result[i], result[j]] = [result[j]!, result[i]!]
      }
      return result
    },
    fresh: (prefix) => `${prefix}${(++given).toString(36).padStart(6, '0')}`,
  }
}
