// Removes long strings that a source does not read, such as instructions, from a line before it is parsed. Otherwise
// they would take most of the parsing time.

/** Shorter lines are parsed unchanged, because the search for the strings would take as long. */
const LONG_LINE_BYTES = 2_048
const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Returns the line's text with these strings emptied, or undefined if the line is short or has none of them.
 * @param unread the text before each string, including its opening quote. It cannot occur inside a string, where quotes
 * are escaped.
 */
export function withoutUnread(bytes: Buffer, from: number, to: number, unread: readonly Buffer[]): string | undefined {
  if (unread.length === 0 || to - from < LONG_LINE_BYTES) return undefined
  const line = bytes.subarray(from, to)
  const strings = unread.flatMap((before) => stringsBehind(line, before)).sort((a, b) => a.start - b.start)
  if (strings.length === 0) return undefined
  let text = ''
  let at = 0
  for (const { start, end } of strings) {
    text += line.toString('utf8', at, start)
    at = end
  }
  return text + line.toString('utf8', at)
}

/** The ranges of the strings, without quotes. An unterminated string ends with the line. */
function stringsBehind(line: Buffer, before: Buffer): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (let at = line.indexOf(before); at >= 0; at = line.indexOf(before, at)) {
    const start = at + before.length
    at = stringEnd(line, start)
    found.push({ start, end: at })
  }
  return found
}

function stringEnd(line: Buffer, start: number): number {
  for (let at = start; ; at += 1) {
    at = line.indexOf(QUOTE, at)
    if (at < 0) return line.length
    let backslashes = 0
    while (at - backslashes > start && line[at - backslashes - 1] === BACKSLASH) backslashes += 1
    if (backslashes % 2 === 0) return at
  }
}
