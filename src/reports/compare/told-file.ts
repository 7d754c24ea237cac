// Files that tell what was used, in the forms that are known.
import { readCcusage } from './ccusage.js'
import { readConsoleCsv } from './console-csv.js'
import type { ReadTold, ToldFile } from './told.js'

const READERS: readonly ReadTold[] = [readCcusage, readConsoleCsv]

/** @param label of a model as the file calls it @throws Error of one line */
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

/** A shell on Windows writes what programs print as UTF-16. */
function textOf(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes)
}
