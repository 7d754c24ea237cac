// Files that state usage, in each known format.
import { readCcusage } from './ccusage.js'
import { readConsoleCsv } from './console-csv.js'
import type { ReadTold, ToldFile } from './told.js'

const READERS: readonly ReadTold[] = [readCcusage, readConsoleCsv]

/** For messages: what a file may contain. */
export const ACCEPTED =
  'expected the output of `ccusage daily --json`, or the CSV of costs or tokens that the Anthropic Console exports'

/** @throws Error of one line that says what is wrong */
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

/** A shell on Windows writes what programs print as UTF-16. */
function textOf(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes)
}
