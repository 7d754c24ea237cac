// The hash of core/ledger/hash.ts over bytes of this memory; the results are equal for ASCII text. Call `start`, then
// the parts, then `finish`, which returns the low half in the lower 32 bits and the high half in the upper ones.

let low: u32 = 0
let high: u32 = 0

export function ofText(tag: u32, from: usize, length: u32): u64 {
  start(tag)
  text(from, length)
  return finish()
}

export function start(tag: u32): void {
  low = tag * 0x9e3779b1
  high = tag * 0x85ebca77
}

/** Continues an unfinished hash. */
export function resume(fromLow: u32, fromHigh: u32): void {
  low = fromLow
  high = fromHigh
}

export function text(from: usize, length: u32): void {
  let lo = low
  let hi = high
  for (const to = from + length; from < to; from += 1) {
    const unit = <u32>load<u8>(from)
    lo = (rotl<u32>(lo, 5) ^ unit) * 0x9e3779b1
    hi = (rotl<u32>(hi, 13) ^ unit) * 0x85ebca77
  }
  low = lo
  high = hi
  word(length)
}

export function number(part: u64): void {
  word(<u32>part)
  word(<u32>(part >> 32))
}

function word(part: u32): void {
  low = (rotl<u32>(low, 5) ^ part) * 0xc2b2ae3d
  high = (rotl<u32>(high, 13) ^ part) * 0x27d4eb2f
}

export function finish(): u64 {
  low = stir(low ^ rotl<u32>(high, 16))
  high = stir(high ^ (low * 0x9e3779b1))
  return (low | high) == 0 ? (<u64>1) << 32 : ((<u64>high) << 32) | low
}

function stir(h: u32): u32 {
  h = (h ^ (h >> 16)) * 0x85ebca6b
  h = (h ^ (h >> 13)) * 0xc2b2ae35
  return h ^ (h >> 16)
}
