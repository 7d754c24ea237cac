// Random numbers determined by a seed: the same seed and the same calls give the same numbers on every machine.
import type { Random } from '../sources/demo-writer.js'

/** 2^32 divided by the golden ratio: the steps return to no state before all have been visited. */
const GOLDEN = 0x9e3779b9
const DIGITS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** @param name what the numbers are for: each name has its own sequence */
export function createRandom(seed: number, name: string): Random {
  let state = mixed(seed + GOLDEN)
  for (const character of name) state = mixed(state ^ character.codePointAt(0)!)
  const unit = (): number => {
    state = (state + GOLDEN) >>> 0
    return mixed(state) / 2 ** 32
  }
  const between = (least: number, most: number): number => least + Math.floor(unit() * (most - least + 1))
  const pick = <T>(from: readonly T[]): T => from[between(0, from.length - 1)]!
  const hex = (count: number): string => Array.from({ length: count }, () => between(0, 15).toString(16)).join('')
  return {
    unit,
    chance: (probability) => unit() < probability,
    between,
    around: (middle) => Math.max(1, Math.round(middle * Math.exp((unit() + unit() + unit() - 1.5) * 1.4))),
    pick,
    letters: (count) => Array.from({ length: count }, () => DIGITS[between(0, DIGITS.length - 1)]).join(''),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`,
  }
}

/** Spreads each bit over all 32 (the finalizer of MurmurHash3). */
function mixed(value: number): number {
  let bits = value
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
