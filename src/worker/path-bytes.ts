// File names that are not UTF-8: outside of Windows, a name is bytes. In our paths, a byte that belongs to no character
// becomes one of U+EF80 to U+EFFF (as in MirBSD's OPTU-16), so that a path is ordinary text and can be stored. A name
// that itself contains such a character is also spelled byte by byte.
const BYTE_CHARACTERS = 0xef00
const SPELLED = /[\uef80-\uefff]/
/** Node returns U+FFFD for what it cannot decode. */
const SUSPECT = /[\ufffd\uef80-\uefff]/
const isBytes = process.platform !== 'win32'

/** The path as the system knows it. */
export function nativePath(path: string): string | Buffer {
  if (!isBytes || !SPELLED.test(path)) return path
  return Buffer.concat(
    Array.from(path, (character) =>
      SPELLED.test(character) ? Buffer.from([character.charCodeAt(0) & 0xff]) : Buffer.from(character),
    ),
  )
}

/** Converts a name, or a path, of the system to ours. */
export function pathOf(bytes: Buffer): string {
  const text = bytes.toString()
  if (!SUSPECT.test(text)) return text
  let path = ''
  for (let at = 0; at < bytes.length;) {
    const character = characterAt(bytes, at)
    path += character ?? String.fromCharCode(BYTE_CHARACTERS + bytes[at]!)
    at += character === undefined ? 1 : Buffer.byteLength(character)
  }
  return path
}

/** Whether the true name may differ from what Node returns. */
export function isSuspect(name: string): boolean {
  return isBytes && SUSPECT.test(name)
}

/** The character that the bytes from there on begin with, unless it could be taken for an escaped byte. */
function characterAt(bytes: Buffer, at: number): string | undefined {
  for (let length = 1; length <= 4; length += 1) {
    const part = bytes.subarray(at, at + length)
    const text = part.toString()
    if (Buffer.from(text).equals(part)) return SPELLED.test(text) ? undefined : text
  }
  return undefined
}
