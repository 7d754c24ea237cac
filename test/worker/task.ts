// Parse tasks over real files, and their results without what varies between runs.
import type { Backend } from '../../src/decode/decoder.js'
import type { FileOutcome, FileTask, ParseResult, ParseTask } from '../../src/worker/protocol.js'
import { countedOf } from '../sources/reading.js'

export function fileTask(path: string, more: Partial<FileTask> = {}): FileTask {
  return {
    path,
    project: '-w-app',
    session: 'S',
    subagent: false,
    wantsCwd: true,
    from: 0,
    fingerprint: { low: 0, high: 0 },
    ...more,
  }
}

export function taskOf(...files: readonly (string | FileTask)[]): ParseTask {
  return {
    agent: 'claude-code',
    backend,
    files: files.map((file) => (typeof file === 'string' ? fileTask(file) : file)),
  }
}

const backend = (process.env.AUE_BACKEND ?? 'wasm') as Backend

type Read = Extract<FileOutcome, { kind: 'read' }>

/** The outcome of one file; throws if it was not read. */
export function read({ outcomes }: ParseResult, index = 0): Read {
  const outcome = outcomes[index]
  if (outcome?.kind !== 'read') throw new Error(`not read: ${JSON.stringify(outcome)}`)
  return outcome
}

/** A result without its duration. */
export function comparable({ batch, outcomes }: ParseResult): unknown {
  return {
    counted: countedOf(batch),
    records: batch.duplicates + batch.entries.count,
    outcomes: outcomes.map((outcome) => (outcome.kind === 'read' ? { ...outcome, seconds: 0 } : outcome)),
  }
}
