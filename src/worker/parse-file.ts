// Runs parse tasks: reads their files one after the other. A stateless function of the task, except for the buffer and
// engines, which are reused. Pauses after each chunk on request, so that the main thread can run it without blocking
// for long.
import { BatchBuilder, type Batch } from '../core/ledger/batch.js'
import type { Backend, Decoder } from '../decode/decoder.js'
import { createDecoder } from '../decode/engines.js'
import { findSource, type Source } from '../sources/source.js'
import { ContentError, FileReading, type FileBuffer } from './file-reading.js'
import type { FileOutcome, FileTask, ParseResult, ParseTask } from './protocol.js'

/** Bytes that a worker reads at a time. */
export const WORKER_CHUNK_BYTES = 512 * 1024
/** Bytes that the main thread reads at a time: the slowest engine decodes them in about a millisecond. */
export const IN_PLACE_CHUNK_BYTES = 256 * 1024

/** The memory and engines that a thread reuses; the batch is that of the previous task. */
export interface ReadBuffer extends FileBuffer {
  readonly chunkBytes: number
  readonly sources: readonly Source[]
  /** Engines created so far, one for each source and backend. */
  readonly engines: Map<string, Decoder>
  /** The engine for which `bytes` was allocated. */
  engine?: Decoder
}

/** @param sources the sources whose tasks it will be used for */
export function createReadBuffer(chunkBytes: number, sources: readonly Source[]): ReadBuffer {
  return { bytes: Buffer.alloc(0), batch: new BatchBuilder(), chunkBytes, sources, engines: new Map() }
}

/** Takes a full batch, which is valid until this returns; the result contains what came after it. */
export type GiveBatch = (batch: Batch) => void

/**
 * Runs a task to its end. The batch is valid until the buffer is used for another task.
 * @param give if absent, the result contains everything
 */
export function parseFiles(task: ParseTask, buffer: ReadBuffer, give?: GiveBatch): ParseResult {
  const reading = new TaskReading(task, buffer, give)
  while (reading.step());
  return reading.result()
}

/** Runs a task, pausing after each chunk read. */
export function* parseSteps(task: ParseTask, buffer: ReadBuffer, give?: GiveBatch): Generator<undefined, ParseResult> {
  const reading = new TaskReading(task, buffer, give)
  try {
    while (reading.step()) yield
    return reading.result()
  } finally {
    reading.stop()
  }
}

class TaskReading {
  readonly #files: readonly FileTask[]
  readonly #buffer: ReadBuffer
  readonly #give: GiveBatch | undefined
  readonly #source: Source
  readonly #decoder: Decoder
  readonly #outcomes: FileOutcome[] = []
  #file: FileReading | undefined

  constructor({ agent, backend, files }: ParseTask, buffer: ReadBuffer, give: GiveBatch | undefined) {
    this.#files = files
    this.#buffer = buffer
    this.#give = give
    this.#source = findSource(buffer.sources, agent)
    this.#decoder = decoderFor(this.#source, backend, buffer)
    buffer.batch.clear()
  }

  /** Reads a chunk of the current file. Returns false if there was none. */
  step(): boolean {
    const task = this.#files[this.#outcomes.length]
    if (task === undefined) return false
    try {
      this.#file ??= new FileReading(task, this.#source, this.#decoder, this.#buffer)
      if (!this.#file.readChunk()) this.#outcomes.push(this.#file.finish())
    } catch (error) {
      this.#outcomes.push(failure(error))
    }
    if (this.#files[this.#outcomes.length] !== task) this.stop()
    this.#giveWhenFull()
    return true
  }

  /** Not inside the `try`: an error here is not the file's fault. */
  #giveWhenFull(): void {
    const { batch } = this.#buffer
    if (this.#give === undefined || !batch.full) return
    this.#give(batch.finish())
    batch.clear()
  }

  /** Releases the current file. */
  stop(): void {
    this.#file?.close()
    this.#file = undefined
    const { bytes, chunkBytes } = this.#buffer
    if (bytes.length > chunkBytes) this.#buffer.bytes = this.#decoder.allocate(chunkBytes)
  }

  result(): ParseResult {
    return { batch: this.#buffer.batch.finish(), outcomes: this.#outcomes }
  }
}

function failure(error: unknown): FileOutcome {
  if (error instanceof ContentError) return { kind: 'failed', message: error.message, stat: error.stat }
  const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT'
  return isGone ? { kind: 'gone' } : { kind: 'failed', message: String(error) }
}

/** If agents alternate, their engines are kept, and only the memory for the bytes is created anew. */
function decoderFor(source: Source, backend: Backend, buffer: ReadBuffer): Decoder {
  const name = `${backend} ${source.agent}`
  const decoder = buffer.engines.get(name) ?? createDecoder(backend, source)
  buffer.engines.set(name, decoder)
  if (buffer.engine !== decoder) buffer.bytes = decoder.allocate(buffer.chunkBytes)
  buffer.engine = decoder
  return decoder
}
