// Reads tasks on the main thread, one at a time, and yields to the event loop in between.
import type { Batch } from '../core/ledger/batch.js'
import type { Source } from '../sources/source.js'
import { IN_PLACE_CHUNK_BYTES, createReadBuffer, parseSteps, type ReadBuffer } from '../worker/parse-file.js'
import type { ParseResult, ParseTask } from '../worker/protocol.js'
import { EventLoopBudget } from './event-loop-budget.js'

/** May be called several times for a task: a full batch is taken before the task is finished. */
export type OnResult = (task: ParseTask, result: ParseResult) => void

/** Resolves when the task has been read, or the signal was given. */
export type ReadInPlace = (task: ParseTask, onResult: OnResult) => Promise<void>

export function createInPlaceReader(sources: readonly Source[], signal: AbortSignal): ReadInPlace {
  /** Created when there is first something to read. */
  let buffer: ReadBuffer | undefined
  /** Settles with the last task so far and never rejects. There is one buffer, and several workers may fail at once. */
  let queue: Promise<void> = Promise.resolve()

  async function read(task: ParseTask, onResult: OnResult): Promise<void> {
    if (signal.aborted) return
    buffer ??= createReadBuffer(IN_PLACE_CHUNK_BYTES, sources)
    const onBatch = (batch: Batch): void => onResult(task, { batch, outcomes: [] })
    const result = await new EventLoopBudget().walk(untilAborted(parseSteps(task, buffer, onBatch), signal))
    if (result !== undefined) onResult(task, result)
  }

  return async (task, onResult) => {
    const done = queue.then(() => read(task, onResult))
    queue = done.catch(() => undefined)
    await done
  }
}

/** Yields the same steps, and stops at the signal. */
function* untilAborted<T>(steps: Generator<undefined, T>, signal: AbortSignal): Generator<undefined, T | undefined> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    yield
    // Closes the file that was being read.
    if (signal.aborted) return void steps.return(undefined as T)
  }
}
