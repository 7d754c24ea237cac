// Reads lines as a worker does, through the source's own reader, and shows what came of it.
import { BatchBuilder, type Batch } from '../../src/core/ledger/batch.js'
import { Ledger } from '../../src/core/ledger/ledger.js'
import { StringTable } from '../../src/core/tables/strings.js'
import { COLUMN, DOUBLE_COLUMN, TOKENS, type TokenType } from '../../src/core/schema.js'
import type { SkipReason } from '../../src/core/ledger/skip.js'
import { createV8Decoder } from '../../src/decode/v8.js'
import type { Source, Transcript } from '../../src/sources/source.js'

export interface FileRead {
  readonly batch: Batch
  readonly skipped: readonly SkipReason[]
  readonly cwds: readonly string[]
}

/** One transcript, or a part of it that begins at `offset`. */
export function readTranscript(source: Source, transcript: Transcript, content: string, offset = 0): FileRead {
  const batch = new BatchBuilder()
  const skipped: SkipReason[] = []
  const cwds: string[] = []
  const reader = source.open(transcript, batch, {
    skip: (reason) => skipped.push(reason),
    cwd: (path) => cwds.push(path),
  })
  const bytes = Buffer.from(content)
  createV8Decoder(source.prefilters).decode(bytes, 0, bytes.length, offset, reader)
  return { batch: batch.finish(), skipped, cwds }
}

export type Counted = Readonly<Record<TokenType, number>> & {
  readonly key: string
  readonly model: string
  readonly place: string
  readonly time: number
  readonly flags: number
  readonly searches: number
}

/** What these batches come to together, by key. */
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
    })
  }
  return counted.sort((a, b) => (a.key < b.key ? -1 : 1))
}
