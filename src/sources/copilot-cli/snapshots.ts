// Groups the snapshots of a file into epochs (other-agents 5.3). A resumed session either continues its counts, or
// restarts them, which begins a new epoch for each of its models.
import { MAX_SAVED } from '../../core/cursor.js'
import { KeyHash } from '../../core/ledger/hash.js'
import { isTuple, restored } from '../saved.js'

/** The facts about one model in a snapshot that determine its epoch. */
export interface Told {
  readonly requests: number
  /** Start of the session, as logged. */
  readonly start: number | string
}

interface Epoch extends Told {
  /** From 0 on. */
  readonly number: number
}

/**
 * Texts that only need to be compared are kept as 48-bit hashes in ten characters, because a log has hundreds of them.
 */
const CODE_LENGTH = 10
const hash = new KeyHash()

/** Maximum numbers kept, the most recent ones. A session has a few models, and about one exit per hour. */
const MOST_SEEN = 4_096
const MOST_EPOCHS = 1_024

type Saved = readonly [
  session: string,
  /** The codes, concatenated. */
  seen: string,
  epochs: readonly (readonly [code: string, requests: number, start: number | string, epoch: number])[],
]

function isSaved(value: unknown): value is Saved {
  return isTuple(value, 'string', 'string', 'object') && Array.isArray(value[2]) && value[2].every(isSavedEpoch)
}

function isSavedEpoch(value: unknown): boolean {
  return (
    isTuple(value, 'string', 'number', 'number', 'number') || isTuple(value, 'string', 'number', 'string', 'number')
  )
}

export class Snapshots {
  /** The session of the next lines; a file may contain several. */
  session: string
  /** Codes of the shutdowns read so far. */
  readonly #seen = new Set<string>()
  /** By the code of a session and model. */
  readonly #epochs = new Map<string, Epoch>()

  constructor(session: string) {
    this.session = session
  }

  static restored(saved: string | undefined): Snapshots | undefined {
    if (saved === undefined) return undefined
    const [session, seen, epochs] = restored(saved, isSaved)
    const snapshots = new Snapshots(session)
    for (let at = 0; at < seen.length; at += CODE_LENGTH) snapshots.#seen.add(seen.slice(at, at + CODE_LENGTH))
    for (const [code, requests, start, number] of epochs) snapshots.#epochs.set(code, { requests, start, number })
    return snapshots
  }

  /** Undefined if the state exceeds MAX_SAVED; the file is then read from its start. */
  save(): string | undefined {
    const epochs = [...this.#epochs].map(
      ([code, { requests, start, number }]) => [code, requests, start, number] as const,
    )
    const saved: Saved = [this.session, [...this.#seen].join(''), epochs]
    const json = JSON.stringify(saved)
    return json.length <= MAX_SAVED ? json : undefined
  }

  /** Whether this shutdown was read before; records it. @param id if empty, returns false and records nothing */
  hasSeen(id: string): boolean {
    if (id === '') return false
    const code = codeOf(id)
    const seen = this.#seen.has(code)
    this.#seen.add(code)
    forgetFirst(this.#seen, MOST_SEEN)
    return seen
  }

  /** Must be called once for each model of each snapshot, in the order of the snapshots. */
  epochOf(model: string, told: Told): number {
    const code = codeOf(this.session, model)
    const before = this.#epochs.get(code)
    const restarted = before !== undefined && (told.start !== before.start || told.requests < before.requests)
    const number = before === undefined ? 0 : before.number + (restarted ? 1 : 0)
    this.#epochs.delete(code)
    this.#epochs.set(code, { ...told, number })
    forgetFirst(this.#epochs, MOST_EPOCHS)
    return number
  }
}

function codeOf(...texts: readonly string[]): string {
  hash.start(0)
  for (const text of texts) hash.text(text)
  hash.finish()
  return ((hash.high >>> 16) * 2 ** 32 + hash.low).toString(36).padStart(CODE_LENGTH, '0')
}

function forgetFirst(known: Set<string> | Map<string, Epoch>, most: number): void {
  if (known.size > most) known.delete(known.keys().next().value!)
}
