// Numbers for sessions, which may be shown where their ids may not.
import type { State } from '../state.js'
import { visitResponses } from '../totals/responses.js'

/**
 * The number of each session, by the number of its name among the strings: 1 for the one whose first response is the
 * earliest of all. It does not depend on what is selected; it changes when logs turn up that are older.
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
