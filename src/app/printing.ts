// Prints what may be long, no faster than it is read.
import { print } from './output-file.js'

/** About so many characters go out at once. */
const CHUNK = 65_536

/** Whoever reads may stop reading, as `head` does: then printing ends, and that is no error. */
export async function printAll(texts: Iterable<string>): Promise<void> {
  // The same error as that of the write.
  process.stdout.on('error', () => undefined)
  try {
    for (const chunk of inChunks(texts)) await print(chunk)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  }
}

function* inChunks(texts: Iterable<string>): Generator<string> {
  let chunk = ''
  for (const text of texts) {
    chunk += text
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}
