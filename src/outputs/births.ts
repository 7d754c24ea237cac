// Births at zero: a series that appears while someone scrapes is shown at 0 until a scrape has seen it, so that
// increase() misses nothing. What was seen is stored before any value is shown: a restart must not show 0 again.
import type { Series } from '../core/totals/series.js'

/** As stored with each series. */
export const BIRTH = { unseen: 0, seen: 1, shown: 2 } as const

export interface BirthsOptions {
  readonly series: Series
  /** Number of finished commits, including those that the disk refused: a full disk must not keep new series at 0. */
  readonly commits: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number
  /** How long a series stays at 0 after it was first seen. */
  readonly holdMs: () => number
}

export interface Births {
  /**
   * The series that are shown at 0 now. A series that has left them never returns, whatever the clock or the hold,
   * because a decrease would be taken for a reset.
   */
  unborn(): ReadonlySet<number>
  /**
   * Notes that series were seen at 0. Returns whether that is new, which must be stored before their values are shown.
   */
  saw(rows: Iterable<number>): boolean
  /** Series that exist before anyone watches are shown at their value at once. */
  showAll(): void
}

export function createBirths({ series, commits, monotonic, holdMs }: BirthsOptions): Births {
  /** Series seen at 0 that have not shown their value yet: when they were seen, and after how many commits. */
  const seen = new Map<number, { readonly atMs: number; readonly commits: number }>()

  function isUnborn(row: number, latestMs: number): boolean {
    if (series.birth(row) !== BIRTH.seen) return series.birth(row) === BIRTH.unseen
    const sight = seen.get(row)
    // Seen before a restart.
    if (sight === undefined) return false
    if (sight.commits === commits() || sight.atMs > latestMs) return true
    seen.delete(row)
    return false
  }

  return {
    unborn() {
      const latestMs = monotonic() - holdMs()
      const rows = new Set<number>()
      for (let row = 0; row < series.count; row += 1) if (isUnborn(row, latestMs)) rows.add(row)
      return rows
    },
    saw(rows) {
      let news = false
      for (const row of rows) {
        if (series.birth(row) !== BIRTH.unseen) continue
        series.setBirth(row, BIRTH.seen)
        seen.set(row, { atMs: monotonic(), commits: commits() })
        news = true
      }
      return news
    },
    showAll() {
      for (let row = 0; row < series.count; row += 1) series.setBirth(row, BIRTH.shown)
    },
  }
}
