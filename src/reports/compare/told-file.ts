// Reads a file of usage in one of the known formats.
import { readCcusage } from './ccusage.js'
import { readConsoleCsv } from './console-csv.js'
import type { ReadTold, ToldFile } from './told.js'

const READERS: readonly ReadTold[] = [readCcusage, readConsoleCsv]

/**
 * @param label returns the `model` label of a raw name
 * @throws Error with a message of one line for an unknown format
 */
export function readTold(bytes: Uint8Array, label: (rawModel: string) => string): ToldFile {
  const text = textOf(bytes)
  for (const read of READERS) {
    const file = read(text, label)
    if (file === undefined) continue
    if (file.told.length === 0) throw new Error('it tells of no day')
    return file
  }
  throw new Error('neither what `ccusage daily --json` prints, nor the CSV of costs or tokens that Anthropic exports')
}

/** Decodes UTF-8, or UTF-16 as shells on Windows write it when they redirect output. */
function textOf(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes)
}
