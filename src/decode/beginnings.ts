// What lines are, told by how they begin, as their agent writes them: most bytes of a log stand in lines that need not be
// looked through for that. A line that begins otherwise is any other line; nothing is guessed.

/** In a text, `?` stands for any byte but `"` and `\`, and `#` for digits. ASCII. */
export interface Beginnings {
  /** Lines that may count. */
  readonly counts: readonly string[]
  /**
   * Lines that tell nothing, unless a crash left another object on the same line. The texts of both lists begin alike, with what no
   * string in a line of JSON can hold: that other object is found by it.
   */
  readonly idle: readonly string[]
}

export const OTHER = 1
export const COUNTS = 2
export const IDLE = 3
export type Verdict = typeof OTHER | typeof COUNTS | typeof IDLE

const ASCII = 128
/** The states that are no place in a text: how they are numbered is what they mean. */
const FIRST = 4

export interface BeginningsReader {
  /** What the line in [from, to) is. */
  readonly tell: (bytes: Buffer, from: number, to: number) => Verdict
  /** With what each line begins whose verdict is not OTHER. */
  readonly start: Buffer
}

/** @throws RangeError for a text that begins another one of another kind, or that holds what is not ASCII */
export function readBeginnings({ counts, idle }: Beginnings): BeginningsReader {
  const rows: Uint16Array[] = Array.from({ length: FIRST + 1 }, newRow)
  for (const text of counts) add(text, COUNTS)
  for (const text of idle) add(text, IDLE)
  const next = new Uint16Array(rows.length * ASCII)
  for (const [state, row] of rows.entries()) next.set(row, state * ASCII)

  function newRow(): Uint16Array {
    return new Uint16Array(ASCII).fill(OTHER)
  }

  function add(text: string, verdict: Verdict): void {
    let state = FIRST
    for (let index = 0; index < text.length; index += 1) {
      const char = text[index]!
      const isLast = index === text.length - 1
      const bytes = bytesOf(char)
      const known = rows[state]![bytes[0]!]!
      if (known === OTHER) {
        const target = isLast ? verdict : rows.push(newRow()) - 1
        for (const byte of bytes) rows[state]![byte] = target
        if (char === '#') for (const byte of bytes) rows[target]![byte] = target
        state = target
      } else if ((known < FIRST || isLast) && !(isLast && known === verdict)) {
        throw new RangeError(`one beginning begins another: ${text}`)
      } else state = known
    }
  }

  return {
    tell(bytes, from, to) {
      let state = FIRST
      for (let at = from; at < to; at += 1) {
        const byte = bytes[at]!
        state = byte < ASCII ? next[state * ASCII + byte]! : OTHER
        if (state < FIRST) return state as Verdict
      }
      return OTHER
    },
    start: Buffer.from(/^[^?#]*/.exec(idle[0] ?? '')![0]),
  }
}

function bytesOf(char: string): readonly number[] {
  const code = char.charCodeAt(0)
  if (char === '#') return Array.from('0123456789', (digit) => digit.charCodeAt(0))
  if (char === '?')
    return Array.from({ length: ASCII }, (_, byte) => byte).filter((byte) => byte !== 0x22 && byte !== 0x5c)
  if (code >= ASCII) throw new RangeError(`not ASCII: ${char}`)
  return [code]
}
