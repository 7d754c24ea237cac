// Reads a file of usage in one of the known formats.
import { readCcusage } from './ccusage.js'
import { readConsoleCsv } from './console-csv.js'
import type { ReadTold, ToldFile } from './told.js'

const READERS: readonly ReadTold[] = [readCcusage, readConsoleCsv]

/** The accepted formats, for messages. */
export const ACCEPTED =
  'expected the output of `ccusage daily --json`, or the CSV of costs or tokens that the Anthropic Console exports'

/** @throws Error with a message of one line if the format is unknown, or a value is invalid */
export function readTold(bytes: Uint8Array): ToldFile {
  const text = textOf(bytes)
  if (text.trim() === '') throw new Error('the file is empty')
  for (const read of READERS) {
    const file = read(text)
    if (file === undefined) continue
    if (file.told.length === 0) throw new Error('the file contains no usage')
    return file
  }
  throw new Error('unknown format')
}

/** Decodes UTF-8, or UTF-16 as shells on Windows write it when they redirect output. */
function textOf(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes)
}
