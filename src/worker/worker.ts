// A pool thread: one task in, one result out, its pages transferred rather than copied.
import { move, transferableSymbol, valueSymbol } from 'piscina'
import { batchBuffers } from '../core/batch.js'
import { WORKER_CHUNK_BYTES, createReadBuffer, parseFiles } from './parse-file.js'
import type { ParseTask } from './protocol.js'

const buffer = createReadBuffer(WORKER_CHUNK_BYTES)

export default function parse(task: ParseTask): unknown {
  const result = parseFiles(task, buffer)
  return move({ [transferableSymbol]: batchBuffers(result.batch), [valueSymbol]: result })
}
