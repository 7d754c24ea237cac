// Computes the costs of several spans of time, which may overlap, such as days, weeks and months, in one scan of the
// responses.
import { DAY_MS } from './period.js'
import type { Totals } from './totals.js'

/** Milliseconds since the epoch; `toMs` is exclusive. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** In nano-dollars, without responses that are ahead of the clock. */
export interface SpanCosts {
  /** By series. The span must begin and end where the given spans begin or end. */
  bySeries(span: Span): Float64Array
  total(span: Span): number
  /** Time of the earliest response, also outside the spans; Infinity if none has a time. */
  readonly firstMs: number
}

/** @param spans at least one that is not empty @param nowMs milliseconds since the epoch */
export function costsOfSpans(totals: Totals, spans: readonly Span[], nowMs: number): SpanCosts {
  const bounds = [...new Set(spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))].sort((a, b) => a - b)
  const [from, to] = [bounds[0]!, bounds.at(-1)!]
  // All responses between two successive bounds belong to the same spans.
  const cells = bounds.slice(1).map(() => new Float64Array(totals.series.count))
  const cellsByDay = cellsAtStarts(bounds)
  let firstMs = Infinity
  totals.visitCosts(-Infinity, nowMs, (time, series, nanos) => {
    if (time < firstMs) firstMs = time
    if (time < from || time >= to) return
    let cell = cellsByDay[Math.floor((time - from) / DAY_MS)]!
    while (time >= bounds[cell + 1]!) cell += 1
    const sums = cells[cell]!
    sums[series] = sums[series]! + nanos
  })
  const within = (span: Span): readonly Float64Array[] =>
    cells.slice(bounds.indexOf(span.fromMs), bounds.indexOf(span.toMs))
  return {
    bySeries(span) {
      const sums = new Float64Array(totals.series.count)
      for (const cell of within(span)) for (let row = 0; row < cell.length; row += 1) sums[row]! += cell[row]!
      return sums
    },
    total: (span) => within(span).reduce((all, cell) => all + cell.reduce((sum, nanos) => sum + nanos, 0), 0),
    firstMs,
  }
}

/** For each 24 hours from the first bound, the cell in which they begin, so that no response needs a search. */
function cellsAtStarts(bounds: readonly number[]): readonly number[] {
  const [from, to] = [bounds[0]!, bounds.at(-1)!]
  let cell = 0
  return Array.from({ length: Math.ceil((to - from) / DAY_MS) }, (_, day) => {
    while (from + day * DAY_MS >= bounds[cell + 1]!) cell += 1
    return cell
  })
}
