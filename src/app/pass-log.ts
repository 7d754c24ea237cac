// Logs each pass for people: roots, planned work, outcome. No line per record, never the content of a line, each
// problem once, and at most one line a minute while all goes well.
import type { Booked } from '../core/totals/totals.js'
import { denialOf, remedyOf } from './denial.js'
import type { PassReport } from '../ingest/pass-report.js'
import type { Plan } from '../ingest/plan.js'
import type { FoundRoots, Overlap } from '../ingest/roots.js'
import type { Log } from '../process/log.js'
import { createWarnings } from '../process/warnings.js'
import type { Source } from '../sources/source.js'
import { NO_ZSTD } from '../worker/zstd.js'
import type { Access, RootAccess } from './access.js'

export interface PassLog {
  /** The roots of a pass; logged at the start and when they change. */
  readonly rooted: (found: FoundRoots) => void
  /** The work planned for the first pass. */
  readonly first: (plan: Plan, how: { readonly decoder: string; readonly workers: number }) => void
  readonly passed: (report: PassReport, responses: number) => void
  /** The result of a full pass for each root. `counted`: the agent had logs at some time; agents delete old ones. */
  readonly accessed: (roots: readonly RootAccess[], counted: (agent: string) => boolean) => void
  /** A path exists but cannot be checked or read. */
  readonly denied: (kind: 'scan' | 'read', path: string, reason: string) => void
  /** Problems of booking, such as models without a price. `maxSeries`: the limit on series, if it was reached. */
  readonly booked: (outcome: Booked, maxSeries: number | undefined) => void
  readonly workerFailed: (error: unknown) => void
  readonly watchFailed: (error: unknown) => void
}

export interface PassLogOptions {
  readonly log: Log
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Minimum time between two summaries. */
const SUMMARY_MS = 60_000
/** Longer model names are cut. */
const NAME_LENGTH = 100

export function createPassLog({ log, now }: PassLogOptions): PassLog {
  let knownRoots = new Map<string, string | undefined>()
  const knownAccess = new Map<string, Access>()
  const knownOverlaps = new Set<string>()
  let passes = 0
  const sum = { passes: 0, parsed: 0, bytes: 0, ms: 0 }
  let summedAtMs = 0
  const warnings = createWarnings(log)
  /** Owners for whose logs the remedy has been logged, while some files are still unread. */
  const remedied = new Set<number>()

  /** Two agents' logs in one directory are a mistake; one directory under two names often is not. */
  function sayOverlap({ reader, other }: Overlap): void {
    const key = [reader, other].map(({ source, wanted }) => `${source.agent} ${wanted}`).join('\n')
    if (knownOverlaps.has(key)) return
    knownOverlaps.add(key)
    const [path, agent] = [reader.path, reader.source.agent]
    const where = reader.path === other.path ? {} : { inside: other.path }
    if (reader.source === other.source)
      log.info({ agent, path, ...where }, 'directories overlap: files in both are read once')
    else
      log.warn(
        { agent, path, ...where, other: other.source.agent },
        'directories of two agents overlap: only this agent reads the files in both',
      )
  }

  return {
    rooted({ roots, overlaps }) {
      const none = roots.every(({ path, unreachable }) => path === undefined && unreachable === undefined)
      for (const { source, named, wanted, path, unreachable } of roots) {
        if (knownRoots.has(wanted) && knownRoots.get(wanted) === path) continue
        if (path !== undefined) log.info({ agent: source.agent, path }, 'reading logs')
        // A warning explains why a path cannot be reached. If nothing at all is found, a single line says so.
        else if (unreachable === undefined && (named || !none))
          log[named && !none ? 'warn' : 'info']({ agent: source.agent, path: wanted }, 'no logs found here')
      }
      if (knownRoots.size === 0 && none) {
        const sources = [...new Set(roots.map(({ source }) => source))]
        const paths = roots.map(({ wanted }) => wanted)
        log.warn({ paths }, `no logs found; set ${howToName(sources)}, or wait until logs appear`)
      }
      knownRoots = new Map(roots.map(({ wanted, path }) => [wanted, path]))
      for (const overlap of overlaps) sayOverlap(overlap)
    },
    first({ found, unchanged, bytes }, { decoder, workers }) {
      log.info({ files: found, toRead: found - unchanged, bytes, decoder, workers }, 'first pass')
    },
    passed(report, responses) {
      const ms = round(report.milliseconds, 10)
      const parsed = report.files - report.unchanged
      const fields = {
        files: report.files,
        cached: report.unchanged,
        parsed,
        bytes: report.bytes,
        ms,
        hitRate: report.files === 0 ? 1 : round(report.unchanged / report.files, 1000),
        workers: report.workers,
        responses,
        ...(report.unread.files.size > 0 && { unreadable: report.unread.files.size }),
      }
      passes += 1
      if (passes === 1) {
        log.info(fields, 'pass')
        summedAtMs = now()
        return
      }
      log.debug(fields, 'pass')
      if (report.bytes > 0) {
        sum.passes += 1
        sum.parsed += parsed
        sum.bytes += report.bytes
        sum.ms += ms
      }
      // No timer is needed: there is a pass every minute, or every sweep interval.
      if (sum.passes === 0 || now() < summedAtMs + SUMMARY_MS) return
      log.info({ ...sum, ms: round(sum.ms, 10), responses }, 'new log data read')
      Object.assign(sum, { passes: 0, parsed: 0, bytes: 0, ms: 0 })
      summedAtMs = now()
    },
    accessed(roots, counted) {
      for (const { agent, named, path, access } of roots) {
        const before = knownAccess.get(path)
        knownAccess.set(path, access)
        if (before === access) continue
        const wasUnread = before === 'partial' || before === 'unreadable' || before === 'unreachable'
        if (access === 'empty' && named && !counted(agent))
          log.warn({ agent, path }, 'no log files in this directory yet')
        else if (wasUnread && (access === 'read' || access === 'empty'))
          log.info({ agent, path }, 'all logs can be read again')
      }
      if (
        roots.every(
          ({ unreadFiles, unreadPlaces, access }) => unreadFiles + unreadPlaces === 0 && access !== 'unreachable',
        )
      )
        remedied.clear()
    },
    denied(kind, path, reason) {
      const denial = warnings.isNew(kind, path) ? denialOf(path, reason) : undefined
      if (denial === undefined || remedied.has(denial.owner)) {
        warnings.once(
          kind,
          // A reason that applies to all of them is logged once.
          reason.endsWith(NO_ZSTD) ? NO_ZSTD : path,
          { path, reason },
          kind === 'scan' ? 'cannot access this path' : 'cannot read this file',
        )
        return
      }
      remedied.add(denial.owner)
      warnings.said(kind, path)
      const { barrier, ...facts } = denial
      log.warn({ path, ...(barrier !== path && { barrier }), ...facts }, remedyOf(denial))
    },
    booked({ unpriced, withoutPrice }, maxSeries) {
      for (const model of unpriced)
        warnings.once(
          'unpriced',
          model,
          { model: cut(model) },
          'no price for this model: its tokens are counted, its cost is 0; see --prices.file',
        )
      for (const [modifier, models] of withoutPrice)
        for (const model of models)
          warnings.once(
            modifier,
            model,
            { model: cut(model) },
            `no ${modifier}-mode price for this model: priced at its standard rate`,
          )
      if (maxSeries !== undefined)
        warnings.once(
          'folded',
          '',
          { maxSeries },
          'more projects and models than --metrics.max-series: new ones share project="other", and new models model="other"',
        )
    },
    workerFailed: (error) => warnings.once('worker', '', { error }, 'a worker failed: continuing without it'),
    watchFailed: (error) =>
      warnings.once('watch', String(error), { error }, 'file watcher failed: the sweep finds changes'),
  }
}

const round = (value: number, to: number): number => Math.round(value * to) / to
const cut = (name: string): string => (name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH)}…` : name)

function howToName(sources: readonly Source[]): string {
  const [first, ...others] = sources.map(({ directories }) => directories)
  if (others.length === 0) return `--${first!.flag} to ${first!.hint}`
  return `the directory of an agent with ${sources.map(({ directories: { flag } }) => `--${flag}`).join(', ')}`
}
