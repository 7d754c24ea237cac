// Writes the text of a day: a line for each value of each series at each step. Most lines differ from the previous one
// in a few digits of their time, so lines are copied and their times overwritten, which takes about 20 ns per line.
import type { PastSeries } from '../../metrics/past-counters.js'
import { headingText, numberText, seriesText } from '../text-format.js'

export type BackfillFormat = 'openmetrics' | 'victoriametrics'

export interface TextOptions {
  readonly format: BackfillFormat
  /** Milliseconds; a multiple of 1000. */
  readonly stepMs: number
  /** The target labels, which a scrape adds to those of the series. */
  readonly target: Readonly<Record<string, string>>
}

/** Must use the bytes before it returns: they are overwritten afterwards. */
export type Write = (bytes: Uint8Array) => void

export interface DayText {
  /** Writes the current window of the series: the steps from `from` to `until`, which is exclusive. */
  write(from: number, until: number, write: Write): void
  /** Maximum number of bytes for all steps from the birth of each series to `lastStep`. */
  estimate(lastStep: number): number
  /** Values written so far. */
  readonly samples: number
}

/** Longer than any line: labels have at most 200 characters (label.ts). */
const BUFFER_BYTES = 1 << 18
/** Reserved for the decimal point and the decimals of a value. */
const FRACTION_BYTES = 10

/** Number of digits of a time, which is constant from 2001 to 2286. */
const TIME_DIGITS = { openmetrics: 10, victoriametrics: 13 } as const

export function createDayText(series: readonly PastSeries[], { format, stepMs, target }: TextOptions): DayText {
  const digits = TIME_DIGITS[format]
  const prefixes = series.map(({ definition, labels }) =>
    Buffer.from(`${seriesText(definition.name, { ...labels, ...target })} `),
  )
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES)
  let used = 0
  let samples = 0

  function writeRun(prefix: Uint8Array, value: number, times: Uint8Array, write: Write): void {
    const text = numberText(value)
    const timeAt = prefix.length + text.length + 1
    const length = timeAt + digits + 1
    for (let at = 0; at < times.length;) {
      const lines = Math.min(Math.floor((BUFFER_BYTES - used) / length), (times.length - at) / digits)
      if (lines === 0) {
        flush(write)
        continue
      }
      buffer.set(prefix, used)
      buffer.write(text, used + prefix.length, 'latin1')
      buffer[used + timeAt - 1] = SPACE
      buffer[used + length - 1] = LINE_FEED
      for (let done = 1; done < lines; done *= 2)
        buffer.copyWithin(used + done * length, used, used + Math.min(done, lines - done) * length)
      for (let line = 0; line < lines; line += 1, used += length)
        for (let digit = 0; digit < digits; digit += 1) buffer[used + timeAt + digit] = times[at++]!
      samples += lines
    }
  }

  function flush(write: Write): void {
    if (used > 0) write(buffer.subarray(0, used))
    used = 0
  }

  function writeText(text: string, write: Write): void {
    flush(write)
    write(Buffer.from(text))
  }

  return {
    get samples() {
      return samples
    },
    write(from, until, write) {
      const unitMs = format === 'openmetrics' ? 1000 : 1
      const times = Buffer.from(
        Array.from({ length: until - from }, (_, step) => `${((from + step) * stepMs) / unitMs}`).join(''),
      )
      let family = ''
      for (const [index, one] of series.entries()) {
        if (one.birth >= until) continue
        const { name, type, help } = one.definition
        if (name !== family)
          writeText(headingText({ name, type, help }, format === 'openmetrics' ? format : 'text'), write)
        family = name
        one.runs((value, first, end) => {
          writeRun(prefixes[index]!, value, times.subarray((first - from) * digits, (end - from) * digits), write)
        })
      }
      if (format === 'openmetrics') writeText('# EOF\n', write)
      flush(write)
    },
    estimate: (lastStep) =>
      series.reduce((sum, { birth, shown }, index) => {
        const value = numberText(Math.floor(shown)).length + (Number.isInteger(shown) ? 0 : FRACTION_BYTES)
        return sum + (lastStep + 1 - birth) * (prefixes[index]!.length + value + digits + 2)
      }, 0),
  }
}

const SPACE = 0x20
const LINE_FEED = 0x0a
