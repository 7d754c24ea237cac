// The state of a rollout that its next line depends on (codex-logs 4.5). It is saved between two reads of a file.
import { fields } from '../json.js'
import { isTuple } from '../saved.js'
import { NOTHING, type Counts } from './counts.js'
import type { Header } from './header.js'

export interface Thread extends Header {
  /** Whether a header was read; without one, the file's name determines the thread. */
  readonly headed: boolean
  /** The thread that the current lines belong to: that of the last header, which may be a copy of a parent's. */
  lineage: string
  /** A parent's header was copied, and the parent's version logs records. */
  parentHasRecords: boolean
  /** Id of the current turn; empty until there is one with an id. */
  turn: string
  /** Model of the last `turn_context`. */
  model: string
  /** Models of recent turns, newest last. */
  turnModels: readonly (readonly [turn: string, model: string])[]
  /** Bits of MODIFIER: the service tier. */
  tier: number
  /** The running total of the last count that had one. */
  total: Counts | undefined
  // Since the running total last changed:
  /** A record of this thread was read. */
  recorded: boolean
  aborted: boolean
  /** The model before the first `turn_context`. */
  modelBefore: string | undefined
  /** The model has produced output in this turn. */
  spoken: boolean
}

/**
 * Has every field from the start, because objects that gain and lose fields are slow.
 * @param header undefined until one is read
 */
export function begunThread(header: Header | undefined, id: string): Thread {
  return {
    id: header?.id ?? id,
    derived: header?.derived ?? false,
    hasRecords: header?.hasRecords ?? false,
    paginated: header?.paginated ?? false,
    headed: header !== undefined,
    lineage: header?.id ?? id,
    parentHasRecords: false,
    turn: '',
    model: '',
    turnModels: [],
    tier: 0,
    total: undefined,
    recorded: false,
    aborted: false,
    modelBefore: undefined,
    spoken: false,
  }
}

/** Whether a saved value has all fields of a thread. */
export function isThread(value: unknown): value is Thread {
  const thread = fields(value)
  if (thread === undefined) return false
  const { total = NOTHING, modelBefore = '', turnModels } = thread
  const isLike = Object.entries(begunThread(undefined, '')).every(
    ([field, like]) => like === undefined || typeof thread[field] === typeof like,
  )
  if (!isLike || typeof modelBefore !== 'string' || !isTuple(total, ...NOTHING.map((count) => typeof count)))
    return false
  return Array.isArray(turnModels) && turnModels.every((each) => isTuple(each, 'string', 'string'))
}

/** Maximum number of turns kept. A record may belong to an earlier turn, if two processes write to one file. */
const MOST_TURNS = 8

export function withTurnModel({ turnModels }: Thread, turn: string, model: string): Thread['turnModels'] {
  const last = turnModels.at(-1)
  if (last !== undefined && last[0] === turn && last[1] === model) return turnModels
  return [...turnModels.filter(([known]) => known !== turn), [turn, model] as const].slice(-MOST_TURNS)
}

/** The model of a recent turn; undefined if the turn is unknown. */
export function modelOfTurn({ turnModels }: Thread, turn: string): string | undefined {
  return turnModels.find(([known]) => known === turn)?.[1]
}

/** Whether a turn was copied into a derived rollout, that is, it is older than the thread (codex-logs 3.1). */
export function isInherited(thread: Thread, turn: string): boolean {
  return thread.derived && createdMs(turn) < createdMs(thread.id)
}

const UUID_7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The time in a UUID of version 7, in milliseconds since the epoch; NaN for any other id. */
function createdMs(id: string): number {
  const [, high, low] = UUID_7.exec(id) ?? []
  return high === undefined ? Number.NaN : Number.parseInt(high + low!, 16)
}
