// A parser of the Prometheus text format with just enough features to check a scrape. It throws on what it does not know.

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** All samples of an exposition in text format 0.0.4. Throws on a line that is neither a sample nor a comment. */
export function samples(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseSample)
}

/** Sum over the series of a metric whose labels include `labels`; 0 if there are none. */
export function sumOf(all: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number {
  return all
    .filter(
      (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )
    .reduce((sum, sample) => sum + sample.value, 0)
}

export function labelValues(all: readonly Sample[], name: string, label: string): string[] {
  const values = all.filter((sample) => sample.name === name).map((sample) => sample.labels[label] ?? '')
  return [...new Set(values)].sort()
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/g

function parseSample(line: string): Sample {
  const [, name, labels = '', value] = SAMPLE.exec(line) ?? []
  if (name === undefined || value === undefined) throw new Error(`not a sample: ${line}`)
  if (labels.replace(LABEL, '') !== '') throw new Error(`not labels: ${line}`)
  const pairs = [...labels.matchAll(LABEL)].map(([, key = '', text = '']) => [key, unescape(text)] as const)
  return { name, labels: Object.fromEntries(pairs), value: parseValue(value, line) }
}

function parseValue(value: string, line: string): number {
  if (value === 'NaN') return NaN
  const number = Number(value.replace('Inf', 'Infinity'))
  if (Number.isNaN(number)) throw new Error(`not a value: ${line}`)
  return number
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
}
