// Compares texts of printable ASCII without escapes, given by address and length in bytes.

/** Whether two texts are equal. May read up to 15 bytes beyond them. */
export function isSameText(a: usize, aLength: u32, b: usize, bLength: u32): bool {
  if (aLength != bLength) return false
  for (let done: u32 = 0; done < aLength; done += 16) {
    const differing = i8x16.bitmask(i8x16.ne(v128.load(a + done), v128.load(b + done)))
    const left = aLength - done
    if ((differing & (left < 16 ? (1 << left) - 1 : -1)) != 0) return false
  }
  return true
}
