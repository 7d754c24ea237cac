// A pool thread: one task in, one result out. Its pages are copied, not transferred: that costs a millisecond for 50,000
// responses, and loading the pool's library into each thread, which alone can mark what is to be transferred, twenty.
import { WORKER_CHUNK_BYTES, createReadBuffer, parseFiles } from './parse-file.js'
import type { ParseResult, ParseTask } from './protocol.js'

const buffer = createReadBuffer(WORKER_CHUNK_BYTES)

export default function parse(task: ParseTask): ParseResult {
  return parseFiles(task, buffer)
}
