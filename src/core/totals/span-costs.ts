// What spans of time cost, such as days, weeks and months that overlap, from one look at the responses. Which times make a
// span is the caller's to say.
import { DAY_MS } from './period.js'
import type { Totals } from './totals.js'

/** Milliseconds since the epoch; `toMs` is excluded. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** Nano-dollars; of responses that are ahead of the clock, nothing. */
export interface SpanCosts {
  /** By series, of what lies between two times at which a span begins or ends. */
  bySeries(span: Span): Float64Array
  total(span: Span): number
  /** Time of the earliest response, in a span or not; Infinity when none has one. */
  readonly firstMs: number
}

/** @param spans at least one that is not empty */
export function costsOfSpans(totals: Totals, spans: readonly Span[], nowMs: number): SpanCosts {
  const bounds = [...new Set(spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))].sort((a, b) => a - b)
  const [from, to] = [bounds[0]!, bounds.at(-1)!]
  // Between two bounds that follow each other, all responses belong to the same spans.
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

/** For each 24 hours from the first bound on, the cell in which they begin: half a million responses need no search. */
function cellsAtStarts(bounds: readonly number[]): readonly number[] {
  const [from, to] = [bounds[0]!, bounds.at(-1)!]
  let cell = 0
  return Array.from({ length: Math.ceil((to - from) / DAY_MS) }, (_, day) => {
    while (from + day * DAY_MS >= bounds[cell + 1]!) cell += 1
    return cell
  })
}
