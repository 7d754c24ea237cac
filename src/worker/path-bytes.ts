// File names that are no UTF-8: outside of Windows a name is bytes. In our paths, a byte that belongs to no character is one
// of U+EF80 to U+EFFF (as in MirBSD's OPTU-16), so that a path is text like any other, and can be stored. A name that holds
// such a character itself is spelled byte by byte as well.
const BYTE_CHARACTERS = 0xef00
const SPELLED = /[\uef80-\uefff]/
/** Node shows U+FFFD for what it cannot decode. */
const SUSPECT = /[\ufffd\uef80-\uefff]/
const isBytes = process.platform !== 'win32'

/** What the system knows a path by. */
export function nativePath(path: string): string | Buffer {
  if (!isBytes || !SPELLED.test(path)) return path
  return Buffer.concat(
    Array.from(path, (character) =>
      SPELLED.test(character) ? Buffer.from([character.charCodeAt(0) & 0xff]) : Buffer.from(character),
    ),
  )
}

/** A name, or a path, of the system's as one of ours. */
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

/** Whether a name as Node tells it may be another in truth. */
export function isSuspect(name: string): boolean {
  return isBytes && SUSPECT.test(name)
}

/** The character that the bytes from there on begin with, if that is none which would be taken for a byte. */
function characterAt(bytes: Buffer, at: number): string | undefined {
  for (let length = 1; length <= 4; length += 1) {
    const part = bytes.subarray(at, at + length)
    const text = part.toString()
    if (Buffer.from(text).equals(part)) return SPELLED.test(text) ? undefined : text
  }
  return undefined
}
