// A pool thread: one task in, one result out, its rows in memory that both threads see.
import { inOutbox } from './outbox.js'
import { WORKER_CHUNK_BYTES, createReadBuffer, parseFiles } from './parse-file.js'
import type { ParseResult, ThreadTask } from './protocol.js'

const buffer = createReadBuffer(WORKER_CHUNK_BYTES)

export default function parse({ outbox, ...task }: ThreadTask): ParseResult {
  const { batch, outcomes } = parseFiles(task, buffer)
  return { batch: inOutbox(batch, outbox), outcomes }
}
