// What the exporter must show for homes of Codex, written from the format page alone: slow, simple, everything in memory, and
// without code of src/.
import { labels } from '../projects.js'
import { projectModel, type Counted, type Totals } from '../reference.js'
import { isObject } from '../objects.js'
import { costOf, labelOf } from './prices.js'
import { responsesOf, type Told } from './responses.js'
import { contentOf, read, rollouts, type RolloutFile, type Session } from './rollouts.js'

export interface CodexReference {
  readonly responses: readonly Counted[]
  readonly perModel: ReadonlyMap<string, Totals>
  readonly perProjectModel: ReadonlyMap<string, Totals>
  readonly unpricedTokens: ReadonlyMap<string, number>
  readonly malformed: number
  readonly unexplained: number
}

export function codexReference(homes: readonly string[]): CodexReference {
  return evaluate(rollouts(homes).map((file) => ({ file, bytes: contentOf(file) })))
}

export interface Content {
  readonly file: RolloutFile
  readonly bytes: Buffer
}

/** The same for files in their states at any time; order and repetition do not matter. */
export function evaluate(files: readonly Content[]): CodexReference {
  const reads = files.map(({ file, bytes }) => read(file, bytes))
  const sessions = reads.flatMap((each) => each.sessions)
  const tales = sessions.map(responsesOf)
  const projects = projectsOf(sessions)
  const responses = joined(tales.flatMap((tale) => tale.told)).map((each) => ({
    ...each,
    nanos: costOf(each),
    project: projects.get(each.session.file.thread) ?? 'unknown',
  }))
  const label = labels(responses.map(({ project }) => project))
  const unpricedTokens = new Map<string, number>()
  for (const each of responses) {
    const tokens = each.input + each.output + each.cacheRead + each.cacheWrite
    const model = labelOf(each.model)
    if (each.nanos === undefined) unpricedTokens.set(model, (unpricedTokens.get(model) ?? 0) + tokens)
  }
  const grouped = (name: (response: (typeof responses)[number]) => string): Map<string, Totals> => {
    const groups = new Map<string, (typeof responses)[number][]>()
    for (const each of responses) groups.set(name(each), [...(groups.get(name(each)) ?? []), each])
    return new Map([...groups].map(([key, group]) => [key, totalOf(group)]))
  }
  return {
    responses: responses.map((each) => ({
      session: each.session.file.thread,
      project: label.get(each.project)!,
      model: labelOf(each.model),
      timestampMs: Number.isNaN(each.timeMs) ? undefined : each.timeMs,
      totals: totalOf([each]),
    })),
    perModel: grouped(({ model }) => labelOf(model)),
    perProjectModel: grouped(({ project, model }) => projectModel(label.get(project)!, labelOf(model))),
    unpricedTokens,
    malformed: reads.reduce((sum, each) => sum + each.malformed, 0),
    unexplained: tales.reduce((sum, each) => sum + each.unexplained, 0),
  }
}

/** The distinct responses in these files: the usage of the best copy, the time and place of the first. */
export function ledgerOf(files: readonly Content[]): Told[] {
  return joined(
    files.flatMap(({ file, bytes }) => read(file, bytes).sessions).flatMap((each) => responsesOf(each).told),
  )
}

function joined(all: readonly Told[]): Told[] {
  const byKey = new Map<string, Told[]>()
  for (const told of all) byKey.set(told.key, [...(byKey.get(told.key) ?? []), told])
  return [...byKey.values()].map((copies) => {
    const { tier, timeMs, session } = copies.reduce((a, b) => (b.timeMs < a.timeMs ? b : a))
    return { ...copies.reduce((a, b) => (betterThan(b, a) ? b : a)), tier, timeMs, session }
  })
}

/**
 * codex-logs 4.4, except that the earlier of two copies gives only time and place. Between copies that are otherwise equal, a
 * fixed order decides the usage (src/README.md, law 2).
 */
function betterThan(a: Told, b: Told): boolean {
  const rank = ({ model, input, cacheRead, cacheWrite, output }: Told): number[] => [
    model === '' ? 0 : 1,
    output,
    input + cacheRead + cacheWrite + output,
    input,
    cacheRead,
  ]
  const [left, right] = [rank(a), rank(b)]
  const at = left.findIndex((each, index) => each !== right[index])
  return at >= 0 ? left[at]! > right[at]! : a.model > b.model
}

/** Directory of each thread: that of the first header in its first file by path, else that of its first turn. */
function projectsOf(sessions: readonly Session[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const { file, header, lines } of [...sessions].sort((a, b) => (a.file.path < b.file.path ? -1 : 1))) {
    const turns = lines.filter(({ type }) => type === 'turn_context').map(({ payload }) => payload)
    const cwd = [header, ...turns]
      .map((each) => (isObject(each) ? each.cwd : ''))
      .find((each) => typeof each === 'string' && each !== '')
    if (!found.has(file.thread) && typeof cwd === 'string') found.set(file.thread, cwd)
  }
  return found
}

function totalOf(group: readonly (Told & { readonly nanos: bigint | undefined })[]): Totals {
  const sum = (of: (each: Told) => number): number => group.reduce((all, each) => all + of(each), 0)
  return {
    requests: group.length,
    input: sum(({ input }) => input),
    output: sum(({ output }) => output),
    cache_write_5m: sum(({ cacheWrite }) => cacheWrite),
    cache_write_1h: 0,
    cache_read: sum(({ cacheRead }) => cacheRead),
    webSearches: 0,
    costUsd: Number(group.reduce((all, { nanos = 0n }) => all + nanos, 0n)) / 1e9,
  }
}
