// Numbers sessions, so that a report can name them without their ids.
import type { State } from '../state.js'
import { visitResponses } from '../totals/responses.js'

/**
 * Numbers of sessions, by the number of a session's name among the strings. 1 is the session with the earliest
 * response. The numbers do not depend on the selection, but change when older logs are found.
 * @param nowMs milliseconds since the epoch
 */
export function sessionNumbers(state: Pick<State, 'ledger' | 'totals'>, nowMs: number): ReadonlyMap<number, number> {
  const first = new Map<number, number>()
  visitResponses(state, nowMs, ({ session, timeMs }) => {
    const time = Number.isNaN(timeMs) ? Infinity : timeMs
    if (!((first.get(session) ?? Number.NaN) <= time)) first.set(session, time)
  })
  const nameOf = (session: number): string => state.ledger.strings.get(session)
  const sessions = [...first]
    .map(([session, time]) => ({ session, time, name: nameOf(session) }))
    .sort((a, b) => (a.time === b.time ? (a.name < b.name ? -1 : 1) : a.time - b.time))
  return new Map(sessions.map(({ session }, index) => [session, index + 1]))
}
