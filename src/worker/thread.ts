// A thread of the pool: takes tasks, posts their results, and leaves the rows in memory that both threads see.
import { parentPort } from 'node:worker_threads'
import type { Batch } from '../core/ledger/batch.js'
import type { Source } from '../sources/source.js'
import { inOutbox } from './outbox.js'
import { WORKER_CHUNK_BYTES, createReadBuffer, parseFiles } from './parse-file.js'
import type { Answer, ParseResult, Piece, ThreadTask } from './protocol.js'

/** @param sources the sources whose tasks the thread may get */
export function answerTasks(sources: readonly Source[]): void {
  const port = parentPort!
  const buffer = createReadBuffer(WORKER_CHUNK_BYTES, sources)
  /** Memory for full batches, with the size of the largest one so far. */
  let pieces = new SharedArrayBuffer(0)

  function run({ number, outbox, ...task }: ThreadTask): ParseResult {
    /** Waits until the batch was taken, because the next one uses the same memory. */
    function give(full: Batch): void {
      const left = inOutbox(full, pieces)
      pieces = left.memory
      const taken = new Int32Array(new SharedArrayBuffer(4))
      port.postMessage({ number, batch: left.batch, taken } satisfies Piece)
      Atomics.wait(taken, 0, 0)
    }
    const { batch, outcomes } = parseFiles(task, buffer, give)
    return { batch: inOutbox(batch, outbox).batch, outcomes }
  }

  function answer(task: ThreadTask): Answer {
    const { number } = task
    try {
      return { number, result: run(task) }
    } catch (error) {
      return { number, error }
    }
  }

  port.on('message', (task: ThreadTask) => port.postMessage(answer(task)))
}
