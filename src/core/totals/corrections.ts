// Counts responses whose booked amounts differ from what the logs say now, because totals never fall.
import { Rows } from '../tables/rows.js'

/**
 * Why the booked amounts of a response differ from what the logs say now; the surplus stays. `model`, `project`: it
 * moved to another series. `smaller`: the better line has less of something. `copy`: it turned out to be a copy of
 * another booked response. `price`: it costs less than before.
 */
export const CORRECTION_REASONS = ['model', 'project', 'smaller', 'copy', 'price'] as const
export type CorrectionReason = (typeof CORRECTION_REASONS)[number]

export class Corrections {
  /** A row for each reason, in their order, once there is any correction. */
  readonly rows = new Rows(2)

  add(reason: CorrectionReason): void {
    while (this.rows.count < CORRECTION_REASONS.length) this.rows.append()
    const row = CORRECTION_REASONS.indexOf(reason)
    this.rows.setDouble(row, 0, this.rows.double(row, 0) + 1)
  }

  count(reason: CorrectionReason): number {
    const row = CORRECTION_REASONS.indexOf(reason)
    return row < this.rows.count ? this.rows.double(row, 0) : 0
  }
}
