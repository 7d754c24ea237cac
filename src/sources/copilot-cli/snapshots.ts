// Which snapshots of a file belong together (other-agents 5.3). A resumed session goes on counting, or begins anew: then a new
// epoch begins for each of its models.
import { MAX_SAVED } from '../../core/cursor.js'
import { KeyHash } from '../../core/ledger/hash.js'
import { isTuple, restored } from '../saved.js'

/** What a snapshot tells of one model, as far as it decides. */
export interface Told {
  readonly requests: number
  /** When the session began, as the log has it. */
  readonly start: number | string
}

interface Epoch extends Told {
  /** From 0 on. */
  readonly number: number
}

/** Texts that only have to be told apart are kept as codes of ten characters, of 48 bits: a log has hundreds of them. */
const CODE_LENGTH = 10
const hash = new KeyHash()

/** The older ones are forgotten. A session has some models, and an exit in an hour. */
const MOST_SEEN = 4_096
const MOST_EPOCHS = 1_024

type Saved = readonly [
  session: string,
  /** One behind the other. */
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
  /** To which what follows belongs: a file may join several. */
  session: string
  /** Codes of the shutdowns that were read. */
  readonly #seen = new Set<string>()
  /** By the code of session and model. */
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

  /** undefined: too much to save; the file is then read from its start. */
  save(): string | undefined {
    const epochs = [...this.#epochs].map(
      ([code, { requests, start, number }]) => [code, requests, start, number] as const,
    )
    const saved: Saved = [this.session, [...this.#seen].join(''), epochs]
    const json = JSON.stringify(saved)
    return json.length <= MAX_SAVED ? json : undefined
  }

  /** Whether a shutdown was read before; from now on it was. @param id empty: nobody can tell */
  hasSeen(id: string): boolean {
    if (id === '') return false
    const code = codeOf(id)
    const seen = this.#seen.has(code)
    this.#seen.add(code)
    forgetFirst(this.#seen, MOST_SEEN)
    return seen
  }

  /** To be asked once for each model of a snapshot, in their order. */
  epochOf(model: string, told: Told): number {
    const code = codeOf(this.session, model)
    const before = this.#epochs.get(code)
    const isAnew = before !== undefined && (told.start !== before.start || told.requests < before.requests)
    const number = before === undefined ? 0 : before.number + (isAnew ? 1 : 0)
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
