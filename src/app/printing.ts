// Prints long output no faster than its reader takes it.
import { print } from './output-file.js'

/** Approximate number of UTF-16 units per write. */
const CHUNK = 65_536

/**
 * Prints the texts. Ends without an error if the reader stops reading, as `head` does.
 * @throws other errors of the write
 */
export async function printAll(texts: Iterable<string>): Promise<void> {
  // The write reports the same error.
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
