// A partly accepted push: the request without the metrics that a receiver rejects.

/** Field numbers of metrics.proto. */
const RESOURCE_METRICS = 1
const SCOPE_METRICS = 2
const METRIC = 2
const NAME = 1

/** @param bytes an uncompressed request */
export function partOf(bytes: Buffer, keeps: (metric: string) => boolean): Buffer {
  return rewritten(bytes, RESOURCE_METRICS, (resource) =>
    rewritten(resource, SCOPE_METRICS, (scope) =>
      rewritten(scope, METRIC, (metric) => (keeps(nameOf(metric)) ? metric : undefined)),
    ),
  )
}

function nameOf(metric: Buffer): string {
  let name = ''
  rewritten(metric, NAME, (text) => {
    name = text.toString()
    return text
  })
  return name
}

/** Replaces each length-delimited field with this number, or removes it if there is no replacement. */
function rewritten(message: Buffer, field: number, instead: (value: Buffer) => Buffer | undefined): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < message.length;) {
    const start = at
    const varint = (): number => {
      let value = 0
      for (let factor = 1; ; factor *= 128) {
        const byte = message[at++]!
        value += (byte & 0x7f) * factor
        if (byte < 0x80) return value
      }
    }
    const tag = varint()
    const type = tag & 7
    if (type === 2) {
      const length = varint()
      const value = message.subarray(at, (at += length))
      if (tag >> 3 === field) {
        const other = instead(value)
        if (other !== undefined) parts.push(Buffer.from(varintOf(tag)), Buffer.from(varintOf(other.length)), other)
        continue
      }
    } else if (type === 0) varint()
    else at += type === 1 ? 8 : 4
    parts.push(message.subarray(start, at))
  }
  return Buffer.concat(parts)
}

function varintOf(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varintOf(Math.floor(value / 128))]
}
