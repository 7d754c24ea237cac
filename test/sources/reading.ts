// Reads lines as a worker does, through the source's own reader, and returns the outcome.
import { expect } from 'vitest'
import { BatchBuilder, type Batch } from '../../src/core/ledger/batch.js'
import { Ledger } from '../../src/core/ledger/ledger.js'
import { StringTable } from '../../src/core/tables/strings.js'
import { COLUMN, DOUBLE_COLUMN, TOKENS, type TokenType } from '../../src/core/schema.js'
import type { SkipReason } from '../../src/core/ledger/skip.js'
import type { Decoder } from '../../src/decode/decoder.js'
import { createV8Decoder } from '../../src/decode/v8.js'
import type { Source, Transcript } from '../../src/sources/source.js'
import { FileSink } from '../../src/worker/file-sink.js'

export interface FileRead {
  readonly batch: Batch
  readonly skipped: readonly SkipReason[]
  readonly cwd: string | undefined
  /** The state that the reader saved after the last complete line. */
  readonly saved: string | undefined
}

/** Offset of a part of a file, and the state saved there. */
interface Beginning {
  readonly offset?: number
  readonly saved?: string | undefined
}

/** The decoders of sources that have an engine of their own. */
const own = new Map<Source, Decoder>()

/** Reads a file, or a part of one, with the v8 engine and the source's own, and expects the same from both. */
export function readTranscript(
  source: Source,
  transcript: Transcript,
  content: string | Buffer,
  beginning: Beginning = {},
): FileRead {
  const read = readBy(createV8Decoder(source), source, transcript, content, beginning)
  if (source.engine === undefined) return read
  const engine = own.get(source) ?? source.engine(createV8Decoder(source))
  own.set(source, engine)
  const other = readBy(engine, source, transcript, content, beginning)
  expect({ ...other, batch: countedOf(other.batch) }).toEqual({ ...read, batch: countedOf(read.batch) })
  return read
}

function readBy(
  decoder: Decoder,
  source: Source,
  transcript: Transcript,
  content: string | Buffer,
  { offset = 0, saved: before }: Beginning,
): FileRead {
  const batch = new BatchBuilder()
  const sink = new FileSink(source, transcript, batch)
  const reader = source.open(transcript, sink, before)
  const given = Buffer.from(content as string)
  const bytes = decoder.allocate(given.length)
  given.copy(bytes)
  const wholeEnd = bytes.lastIndexOf(0x0a) + 1
  decoder.decode(bytes, 0, wholeEnd, offset, { reader, sink })
  const saved = reader.save?.()
  if (wholeEnd < bytes.length) decoder.decodeTorn(bytes, wholeEnd, bytes.length, offset + wholeEnd, { reader, sink })
  return { batch: batch.finish(), skipped: skippedBy(sink), cwd: sink.firstCwd, saved }
}

export function skippedBy({ skipped }: Pick<FileSink, 'skipped'>): SkipReason[] {
  return Object.entries(skipped).flatMap(([reason, lines]) => new Array<SkipReason>(lines).fill(reason as SkipReason))
}

export type Counted = Readonly<Record<TokenType, number>> & {
  readonly key: string
  readonly model: string
  readonly place: string
  readonly time: number
  readonly flags: number
  readonly searches: number
  readonly requests: number
  readonly costNanos: number
}

/** The responses of these batches after joining, ordered by key. */
export function countedOf(...batches: readonly Batch[]): Counted[] {
  const ledger = new Ledger(new StringTable())
  for (const batch of batches) ledger.join(batch, () => undefined)
  ledger.settleAliases()
  const counted: Counted[] = []
  for (let entry = 0; entry < ledger.count; entry += 1) {
    if (ledger.canonical(entry) !== entry) continue
    const view = ledger.counted(entry)
    const word = (column: number): number => view.words[view.base + column]!
    const tokens = Object.fromEntries(TOKENS.map(({ name, type }) => [type, word(COLUMN[name])]))
    counted.push({
      ...(tokens as Record<TokenType, number>),
      key: `${word(COLUMN.keyHigh)}:${word(COLUMN.keyLow)}`,
      model: ledger.strings.get(word(COLUMN.model)),
      place: ledger.strings.get(word(COLUMN.session)),
      time: view.doubles[view.base / 2 + DOUBLE_COLUMN.time]!,
      flags: word(COLUMN.flags),
      searches: ledger.searchesOf(entry, view),
      ...ledger.detailOf(entry),
    })
  }
  return counted.sort((a, b) => (a.key < b.key ? -1 : 1))
}
