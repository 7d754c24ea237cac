// What the lines of a rollout so far say about the next one (codex-logs 4.5). It is saved between two readings of a file.
import { fields } from '../json.js'
import { isTuple } from '../saved.js'
import { NOTHING, type Counts } from './counts.js'
import type { Header } from './header.js'

export interface Thread extends Header {
  /** A header was read; without one, the file's name says whose thread it is. */
  readonly headed: boolean
  /** Whose lines these are: the thread of the last header, which may be a copy of a parent's. */
  lineage: string
  /** A parent's header was copied, and that parent logs records of its own. */
  parentHasRecords: boolean
  /** Empty while there was none with an id. */
  turn: string
  /** Of the last `turn_context`. */
  model: string
  /** Of the turns before, newest last. */
  turnModels: readonly (readonly [turn: string, model: string])[]
  /** Bits of MODIFIER: the service tier. */
  tier: number
  /** The running total of the last count that had one. */
  total: Counts | undefined
  // Since the running total last changed:
  /** There was a record of this thread. */
  recorded: boolean
  aborted: boolean
  /** The model before the first `turn_context`. */
  modelBefore: string | undefined
  /** The model has said something in this turn. */
  spoken: boolean
}

/**
 * Every field is there from the start: objects that gain and lose fields are slow.
 * @param header undefined while none was read
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

/** Of what was saved: whether it has all that a thread has. */
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

/** A record may be of a turn before, if two processes write to one file. */
const MOST_TURNS = 8

export function withTurnModel({ turnModels }: Thread, turn: string, model: string): Thread['turnModels'] {
  const last = turnModels.at(-1)
  if (last !== undefined && last[0] === turn && last[1] === model) return turnModels
  return [...turnModels.filter(([known]) => known !== turn), [turn, model] as const].slice(-MOST_TURNS)
}

/** The model of a turn that is remembered. */
export function modelOfTurn({ turnModels }: Thread, turn: string): string | undefined {
  return turnModels.find(([known]) => known === turn)?.[1]
}

/** Of a derived rollout: the turn is older than the thread, so it was copied (codex-logs 3.1). */
export function isInherited(thread: Thread, turn: string): boolean {
  return thread.derived && createdMs(turn) < createdMs(thread.id)
}

const UUID_7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The time in a UUID of version 7, in milliseconds; NaN for any other id. */
function createdMs(id: string): number {
  const [, high, low] = UUID_7.exec(id) ?? []
  return high === undefined ? Number.NaN : Number.parseInt(high + low!, 16)
}
