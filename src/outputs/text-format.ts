// Prometheus' text format and OpenMetrics: how names, labels and numbers are written, and a whole exposition, written
// in slices that yield to the event loop every few milliseconds.
import { setImmediate } from 'node:timers/promises'

export type Format = 'text' | 'openmetrics'

export const CONTENT_TYPE: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/** All samples of one metric at one moment. */
export interface Family {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly values: readonly number[]
  /** Name and labels of each value, as `seriesText` writes them. Called while writing, not at that moment. */
  readonly seriesAt: (index: number) => string
}

/** Samples written in one go, in less than a millisecond. */
const SLICE = 500
/** After this many milliseconds of writing, other work gets its turn. */
const TURN_MS = 4

/** @param name name of the sample */
export function seriesText(name: string, labels: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapedValue(String(value))}"`)
  // Joining makes one string in memory; concatenation would make a tree of strings that stays.
  return pairs.length === 0 ? name : [name, '{', pairs.join(','), '}'].join('')
}

/**
 * The name in HELP and TYPE. In OpenMetrics, the name of a counter lacks the `_total` that its samples have in both
 * formats.
 */
const familyName = (name: string, type: string, format: Format): string =>
  format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name

/** The lines before the samples of a metric. */
export function headingText({ name, type, help }: Pick<Family, 'name' | 'type' | 'help'>, format: Format): string {
  const heading = familyName(name, type, format)
  return `# HELP ${heading} ${escaped(help)}\n# TYPE ${heading} ${type}\n`
}

export async function writeAll(families: readonly Family[], format: Format): Promise<Buffer> {
  const slices: Buffer[] = []
  let text = ''
  let samples = 0
  let began = performance.now()
  for (const { name, type, help, values, seriesAt } of families) {
    // The text format has an empty line between two metrics, as the client libraries print it.
    if (format === 'text' && (text !== '' || slices.length > 0)) text += '\n'
    text += headingText({ name, type, help }, format)
    for (let index = 0; index < values.length; index += 1) {
      text += `${seriesAt(index)} ${numberText(values[index]!)}\n`
      samples += 1
      if (samples % SLICE > 0) continue
      slices.push(Buffer.from(text))
      text = ''
      if (performance.now() - began < TURN_MS) continue
      await setImmediate()
      began = performance.now()
    }
  }
  if (format === 'openmetrics') text += '# EOF\n'
  return Buffer.concat([...slices, Buffer.from(text)])
}

export function numberText(value: number): string {
  if (Number.isFinite(value)) return `${value}`
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
const escapedValue = (text: string): string => escaped(text).replaceAll('"', '\\"')
