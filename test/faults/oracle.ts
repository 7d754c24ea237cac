// What an exporter can know and may show, whatever happens to its machine. The oracle tracks which responses were written,
// which of them each state directory certainly holds, and what was shown. From these follows what a scrape must contain, and
// which usage may be missing because its only record is gone.
import { sumOf, type Sample } from '../support/exposition.js'
import type { Response } from './logs.js'
import { actual, amountOf, both, isUsage, keyOf, labelsOf, seriesOf, sums, union } from './sets.js'

/** Directories that hold a state: the one in use, the one moved away, and the copy of an earlier time. */
export type Home = 'state' | 'away' | 'copy'

export interface Oracle {
  wrote(responses: readonly Response[]): void
  /** Responses that a state directory certainly holds. */
  holds(home: Home): ReadonlySet<Response>
  /** A directory was replaced, or copied to. */
  became(home: Home, held: ReadonlySet<Response>): void
  /** The state in use was removed or replaced under a running exporter; it certainly holds `held` now. */
  disturbed(held: ReadonlySet<Response>): void
  /** The state in use was restored, and does not show that it is older than what was shown. */
  returned(held: ReadonlySet<Response>): void
  /** Whether the state in use was removed or replaced and the exporter may not have noticed it yet. */
  unnoticed(): boolean
  /** An exporter became ready. */
  began(begin: Beginning): void
  /** @param traceless not even the note that the state is older than what was shown could be written */
  ended(how?: { readonly traceless: boolean }): void
  /** Returns what is wrong with a scrape of a ready exporter. */
  wrong(all: readonly Sample[]): string | undefined
  /** Returns what is missing in the first scrape, in which new series may be 0. */
  missingAtFirst(all: readonly Sample[]): string | undefined
  /** Returns what is missing of the responses in the logs so far. If nothing is, they count as known. */
  missing(all: readonly Sample[], present: ReadonlySet<Response>): string | undefined
  /** Returns what is wrong with the output of a successful `once`. */
  wrongOnce(all: readonly Sample[], present: ReadonlySet<Response>): string | undefined
}

export interface Beginning {
  /** Access of the exporter to its state. */
  readonly access: 'full' | 'read-only' | 'none'
  /** Responses in the logs. */
  readonly present: ReadonlySet<Response>
  /** Whether the state may be older than what was shown. */
  readonly afterFault: boolean
}

const STORE_UP = 'agent_usage_exporter_store_up'

interface Run {
  known: ReadonlySet<Response>
  readonly access: Beginning['access']
  readonly afterFault: boolean
  /** Series whose first response was written while this exporter was ready. */
  readonly born: Set<string>
  /** The state in use was removed or replaced and nothing was counted since, so that no commit can have noticed it. */
  unnoticed: boolean
  /** Whether the state in use may have lost everything it held before this run. */
  disturbed: boolean
}

/** Whether a sample includes a series. Some samples cover a whole project, a model, or everything. */
function counts({ labels: { project, model } }: Sample, series: string): boolean {
  return (
    (project === undefined || series.startsWith(`${project} `)) && (model === undefined || series.endsWith(` ${model}`))
  )
}

export function createOracle(): Oracle {
  const written = new Set<Response>()
  const homes = new Map<Home, ReadonlySet<Response>>()
  const floors = new Map<string, { readonly sample: Sample; readonly value: number }>()
  const shownSeries = new Set<string>()
  let run: Run | undefined

  const holds = (home: Home): ReadonlySet<Response> => homes.get(home) ?? new Set()

  /** Lowers the floors of usage that is no longer recorded anywhere. */
  function lower(known: ReadonlySet<Response>): void {
    const most = sums(known)
    const lost = new Set<string>()
    for (const [key, { sample, value }] of floors) {
      const its = amountOf(sample)
      const still = its === undefined ? value : (most.get(its) ?? 0)
      if (value <= still && (its === undefined || most.has(its))) continue
      lost.add(labelsOf(sample))
      if (most.has(its!)) floors.set(key, { sample, value: still })
      else floors.delete(key)
    }
    for (const [key, { sample }] of floors) {
      if (amountOf(sample) !== undefined) continue
      const falls = [...lost].some((series) => counts(sample, series))
      if (falls) floors.delete(key)
    }
  }

  /** Drops the floors of series that are not stored; they may be born again. */
  function forget(stored: ReadonlySet<string>): void {
    for (const [key, { sample }] of floors) {
      const kept = [...stored].some((series) => counts(sample, series))
      if (!kept) floors.delete(key)
    }
  }

  function fallen(all: readonly Sample[]): string | undefined {
    const now = new Map(all.filter(isUsage).map((sample) => [keyOf(sample), sample.value]))
    for (const [key, { value }] of floors) {
      const is = now.get(key)
      if (is === undefined) return `${key} is gone, which was ${value}`
      if (is < value) return `${key} fell from ${value} to ${is}`
    }
    return undefined
  }

  function tooMuch(all: readonly Sample[]): string | undefined {
    const most = sums(written)
    const over = [...actual(all)].find(([key, value]) => value > (most.get(key) ?? 0))
    return over && `${over[0]} is ${over[1]}, of ${most.get(over[0]) ?? 0} that were written`
  }

  /** Rejects series that were born while the exporter was scraped but not shown at 0 first. */
  function bornLarge(all: readonly Sample[]): string | undefined {
    const news = all.filter(
      (sample) => isUsage(sample) && 'project' in sample.labels && !shownSeries.has(labelsOf(sample)),
    )
    for (const sample of news) shownSeries.add(labelsOf(sample))
    const wrong = news.find((sample) => run?.born.has(labelsOf(sample)) === true && !run.afterFault && sample.value > 0)
    return wrong && `${keyOf(wrong)} was never seen at 0, and is ${wrong.value} at first`
  }

  function less(all: readonly Sample[], least: ReadonlySet<Response>, butAtZero: boolean): string | undefined {
    const is = actual(all)
    const missing = [...sums(least)].find(
      ([key, value]) => (is.get(key) ?? -1) < value && !(butAtZero && is.get(key) === 0),
    )
    return (
      missing && `${missing[0]} is ${is.get(missing[0]) ?? 'not there'}, of at least ${missing[1]} that must be known`
    )
  }

  return {
    wrote(responses) {
      const before = new Set([...written].map(seriesOf))
      for (const one of responses) {
        written.add(one)
        if (!before.has(seriesOf(one))) run?.born.add(seriesOf(one))
      }
    },
    holds,
    became: (home, held) => void homes.set(home, held),
    disturbed(held) {
      homes.set('state', run === undefined ? held : both(held, run.known))
      if (run === undefined) return
      run.unnoticed = true
      run.disturbed = true
    },
    returned(held) {
      homes.set('state', held)
      forget(new Set([...held].map(seriesOf)))
    },
    unnoticed: () => run?.unnoticed === true,
    began({ access, present, afterFault }) {
      const known = union(access === 'none' ? new Set() : holds('state'), present)
      lower(known)
      run = { known, access, afterFault, born: new Set(), unnoticed: false, disturbed: false }
    },
    ended({ traceless } = { traceless: false }) {
      if (run !== undefined && (traceless || run.access !== 'full')) {
        // This exporter could leave no trace, so a series that only it has shown is new to the next one.
        const stored = new Set([...holds('state')].map(seriesOf))
        forget(stored)
      }
      run = undefined
    },
    wrong(all) {
      const wrong = fallen(all) ?? tooMuch(all) ?? bornLarge(all)
      for (const sample of all.filter(isUsage)) floors.set(keyOf(sample), { sample, value: sample.value })
      return wrong
    },
    missingAtFirst: (all) => less(all, run!.known, true),
    missing(all, present) {
      const known = union(run!.known, present)
      const missing = less(all, known, false)
      if (missing !== undefined) return missing
      if (known.size > run!.known.size) run!.unnoticed = false
      run!.known = known
      // store_up says that the state directory has everything, unless the exporter may not have noticed its loss yet.
      const stored = sumOf(all, STORE_UP) === 1 && !run!.unnoticed
      if (stored) homes.set('state', run!.disturbed ? known : union(holds('state'), known))
      return undefined
    },
    wrongOnce(all, present) {
      const known = union(holds('state'), present)
      const wrong = less(all, known, false) ?? tooMuch(all)
      if (wrong === undefined && sumOf(all, STORE_UP) === 1) homes.set('state', known)
      return wrong
    },
  }
}
