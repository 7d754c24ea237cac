// Sets of names to find: keys wanted of an object, or texts that matter as values. Looked up by length first, so that
// most unwanted names cost a single load.

/** A set of names, by its number. */
export type Names = i32
/** The meaning of a name, 1 to 255; 0 for every other name. */
export type Meaning = u32

/** Longest name, in bytes. */
export const LONGEST: i32 = 32
const MAX_SETS = 32
/** For each set and length, the address of the first entry, 16 bits; 0: none. */
const FIRST: usize = memory.data(MAX_SETS * (32 + 1) * 2, 2)
// An entry: the name, padded with zeros to LONGEST; a mask of ones for the name's bytes; its meaning; 16 bits for the
// next entry of that length.
const MASK: usize = 32
const MEANING: usize = 64
const NEXT: usize = 66
const ENTRY_BYTES = 80
const MAX_ENTRIES = 128
const ENTRIES: usize = memory.data(ENTRY_BYTES * MAX_ENTRIES, 16)
/** Address at which to write the bytes of the next name before it is added. */
export let nextName: usize = ENTRIES

export function meaningOf(names: Names, text: usize, length: i32): Meaning {
  if (length > LONGEST) return 0
  let entry = <usize>load<u16>(FIRST + (names * (LONGEST + 1) + length) * 2)
  while (entry != 0) {
    if (isNamed(text, entry, length)) return load<u8>(entry, MEANING)
    entry = load<u16>(entry, NEXT)
  }
  return 0
}

/** Whether the text equals an entry's name of the same length. May read up to 32 bytes. */
function isNamed(text: usize, entry: usize, length: i32): bool {
  let difference = v128.and(v128.xor(v128.load(text), v128.load(entry)), v128.load(entry, MASK))
  if (length > 16) {
    const rest = v128.xor(v128.load(text, 16), v128.load(entry, 16))
    difference = v128.or(difference, v128.and(rest, v128.load(entry, MASK + 16)))
  }
  return !v128.any_true(difference)
}

export function learn(names: Names, text: string, meaning: Meaning): void {
  if (text.length > LONGEST) unreachable()
  for (let i = 0; i < text.length; i += 1) store<u8>(nextName + i, <u8>text.charCodeAt(i))
  addName(names, text.length, meaning)
}

/** Adds the name at `nextName`, `length` bytes long. Traps if there is no room. */
export function addName(names: Names, length: i32, meaning: Meaning): void {
  const entry = nextName
  if (entry == ENTRIES + ENTRY_BYTES * MAX_ENTRIES || entry > 0xffff) unreachable()
  if (names >= MAX_SETS || length > LONGEST || meaning > 0xff) unreachable()
  memory.fill(entry + MASK, 0xff, length)
  store<u8>(entry, <u8>meaning, MEANING)
  const first = FIRST + (names * (LONGEST + 1) + length) * 2
  store<u16>(entry, load<u16>(first), NEXT)
  store<u16>(first, <u16>entry)
  nextName += ENTRY_BYTES
}
