// A report and the options that it was requested with.
import type { Dimension } from '../core/report/dimensions.js'
import type { Report } from '../core/report/report.js'
import type { SeriesLabels } from '../core/schema.js'
import type { Calendar } from '../metrics/calendar.js'

export interface Asked {
  readonly by: readonly Dimension[]
  /** First and last day, in the form 2026-11-22; undefined for no limit. */
  readonly since: string | undefined
  readonly until: string | undefined
  readonly calendar: Calendar
  readonly report: Report
  readonly labels: (series: number) => SeriesLabels
}
