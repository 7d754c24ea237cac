// What the log tells a person of passes: where they look, what they will read, what came of them. No line per record,
// never a line's content, and each trouble once.
import type { Booked } from './core/totals.js'
import type { PassReport } from './ingest/pass.js'
import type { Plan } from './ingest/plan.js'
import type { Log } from './log.js'

export interface PassLog {
  /** Where a pass looks; said at the start and when it changes. */
  readonly rooted: (roots: PassReport['roots']) => void
  /** What the first pass will read. */
  readonly first: (plan: Plan, how: { readonly decoder: string; readonly workers: number }) => void
  readonly passed: (report: PassReport, responses: number) => void
  /** What booking could not do as one would wish. `maxSeries`: the bound, if it was met. */
  readonly booked: (outcome: Booked, maxSeries: number | undefined) => void
  /** Says something at most once for each key. */
  readonly warnOnce: (key: string, fields: object, message: string) => void
}

/** After so many different troubles, one more line helps nobody. */
const MOST_WARNINGS = 1_000

export function createPassLog(log: Log): PassLog {
  let knownRoots = new Map<string, string | undefined>()
  let passes = 0
  const warned = new Set<string>()
  function warnOnce(key: string, fields: object, message: string): void {
    if (warned.has(key) || warned.size >= MOST_WARNINGS) return
    warned.add(key)
    log.warn(fields, message)
  }
  return {
    rooted(roots) {
      for (const { source, wanted, path } of roots) {
        if (knownRoots.has(wanted) && knownRoots.get(wanted) === path) continue
        if (path === undefined) log.info({ agent: source.agent, path: wanted }, 'no logs here')
        else log.info({ agent: source.agent, path }, 'reading logs')
      }
      if (knownRoots.size === 0 && roots.every(({ path }) => path === undefined)) {
        log.warn({}, 'no logs found; name the directory that holds projects/ with --claude.config-dir, or wait: it may appear later')
      }
      knownRoots = new Map(roots.map(({ wanted, path }) => [wanted, path]))
    },
    first({ found, unchanged, bytes }, { decoder, workers }) {
      log.info({ files: found, toRead: found - unchanged, bytes, decoder, workers }, 'first pass')
    },
    passed(report, responses) {
      const fields = {
        files: report.files,
        cached: report.unchanged,
        parsed: report.files - report.unchanged,
        bytes: report.bytes,
        ms: Math.round(report.milliseconds * 10) / 10,
        hitRate: report.files === 0 ? 1 : Math.round((report.unchanged / report.files) * 1000) / 1000,
        workers: report.workers,
        responses,
      }
      passes += 1
      // A pass that found nothing to read says nothing new; one a minute would bury what does.
      if (report.files === report.unchanged && passes > 1) log.debug(fields, 'pass')
      else log.info(fields, 'pass')
    },
    booked({ unpriced, fastWithoutPrice }, maxSeries) {
      for (const model of unpriced) warnOnce(`unpriced ${model}`, { model }, 'no price for this model: its tokens count, its cost is 0; see --prices.file')
      for (const model of fastWithoutPrice) warnOnce(`fast ${model}`, { model }, 'no fast-mode price for this model: priced at its standard rate')
      if (maxSeries !== undefined) warnOnce('folded', { maxSeries }, 'more projects and models than --metrics.max-series: new ones share project="other", and new models model="other"')
    },
    warnOnce,
  }
}
