// Names the groups of a report: for each dimension, the name of a response's group.
import type { Dimension } from '../core/report/dimensions.js'
import type { GroupName } from '../core/report/groups.js'
import { sessionNumbers } from '../core/report/session-numbers.js'
import type { State } from '../core/state.js'
import type { CountedResponse } from '../core/totals/responses.js'
import { createPeriodFinder, type Calendar } from '../metrics/calendar.js'

type NameOf = (response: Readonly<CountedResponse>) => GroupName

/** @param nowMs milliseconds since the epoch */
export function groupName(dimension: Dimension, state: State, calendar: Calendar, nowMs: number): NameOf {
  const { series } = state.totals
  switch (dimension) {
    case 'day':
    case 'week':
    case 'month': {
      const periodOf = createPeriodFinder(dimension, calendar)
      // The name of a month is the date without the day.
      const end = dimension === 'month' ? -3 : undefined
      return ({ timeMs }) => (Number.isNaN(timeMs) ? null : periodOf(timeMs).date.slice(0, end))
    }
    case 'agent':
    case 'project':
    case 'model': {
      const names = Array.from({ length: series.count }, (_, row) => series.labels(row)[dimension])
      return (response) => names[response.series]!
    }
    case 'session': {
      const numbers = sessionNumbers(state, nowMs)
      return ({ session }) => numbers.get(session)!
    }
  }
}
