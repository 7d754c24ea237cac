// The text of a line without the long strings that its source does not read, such as instructions: parsing them would take most of
// the time that the line takes.

/** Shorter lines are parsed as they are: looking for the strings would take as long. */
const LONG_LINE_BYTES = 2_048
const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Answers undefined where there is none of them. In what it answers they are empty; the rest is as it was.
 * @param unread what stands in front of the strings, up to and with their opening quotes: no string holds that, since a quote in one
 * has a backslash
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

/** Where the strings lie, without their quotes. One that does not end reaches up to the end of the line. */
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
