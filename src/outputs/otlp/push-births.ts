// Births at zero for pushes: a series is sent at 0 until a receiver has accepted a push that contained it. Series are
// only ever appended, so one number, kept in the state, says which have been accepted.
import type { Series } from '../../core/totals/series.js'

export interface PushBirthsOptions {
  readonly state: { pushed: number | undefined; readonly totals: { readonly series: Series } }
  readonly commit: () => void
  /** Number of finished commits, including those that the disk refused. */
  readonly commits: () => number
}

export interface PushBirths {
  /** Everything before the first push is history, not spend: its series begin at their value. */
  readonly showAll: () => void
  /** A push begins: which series it may show. */
  readonly begin: () => { readonly isUnborn: (row: number) => boolean; readonly acknowledged: () => void }
  /** Whether there are series that the next push would show at 0. */
  readonly pending: () => boolean
}

export function createPushBirths({ state, commit, commits }: PushBirthsOptions): PushBirths {
  const { series } = state.totals
  /**
   * Rows below this show their value. It follows `state.pushed` only once that is stored: a restart must not show 0
   * again.
   */
  let shown = state.pushed ?? 0
  let storedAfter = -1

  function catchUp(): void {
    if (storedAfter !== commits()) shown = state.pushed ?? 0
  }
  function raise(pushed: number): void {
    if (pushed === state.pushed) return
    catchUp()
    state.pushed = pushed
    storedAfter = commits()
    commit()
  }

  return {
    showAll() {
      // At once, even before it is stored: history that rises from 0 to its value would look like spend.
      shown = state.pushed = series.count
      commit()
    },
    begin() {
      catchUp()
      const limit = shown
      const seen = series.count
      return { isUnborn: (row) => row >= limit, acknowledged: () => raise(seen) }
    },
    pending() {
      catchUp()
      return shown < series.count
    },
  }
}
