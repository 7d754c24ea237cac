// A reference for pi's sessions (other-agents 1), written from the format page alone, without code of src/.
import { costOf } from './codex/prices.js'
import { filesBelow, linesIn } from './files.js'
import { isObject, type JsonObject } from './objects.js'
import { normalised } from './projects.js'
import { count, trimmed } from './record.js'
import { sumsOf, type Sums, type Use } from './sums.js'
import { timestampMs } from './timestamp.js'

interface Found extends Use {
  readonly key: string
  /** The order in which the first of two equal copies is the original. */
  readonly rank: string
}

/** What the exporter must show for the sessions below these directories. */
export function piReference(directories: readonly string[]): Sums {
  const files = directories
    .flatMap(filesBelow)
    .filter(({ parts }) => /\.jsonl(\.(reset|deleted)\.[^/]*)?$/.test(parts.at(-1)!) && !parts.at(-1)!.includes('.bak'))
    .map(({ path, parts }) => ({ lines: linesIn(path), ...placeOf(parts) }))
  const found = files.flatMap(({ lines, session, nested }) => {
    const told = files.filter((file) => file.session === session)
    const first = [...told.filter((file) => !file.nested), ...told.filter((file) => file.nested)].find((file) =>
      cwdOf(file.lines),
    )
    const project = first ? normalised(cwdOf(first.lines)!) : session.split('/')[0]!
    return entriesOf(lines).map((entry) => ({ ...entry, project, rank: `${String(nested)} ${session}` }))
  })
  const once = new Map<string, Found>()
  for (const one of found) {
    const known = once.get(one.key)
    if (known === undefined || one.rank < known.rank) once.set(one.key, one)
  }
  return sumsOf([...once.values()])
}

function placeOf(parts: readonly string[]): { session: string; nested: boolean } {
  const slug = parts.slice(0, -1).findLastIndex((part) => part.startsWith('--') && part.endsWith('--'))
  const below = parts.slice(slug + 1)
  const [session = ''] = below
  return {
    session: `${slug < 0 ? 'sessions' : parts[slug]!}/${below.length > 1 ? session : session.split('.jsonl')[0]!}`,
    nested: below.length > 1,
  }
}

function cwdOf(lines: readonly JsonObject[]): string | undefined {
  return lines
    .filter(({ type }) => type === 'session')
    .map(({ cwd }) => trimmed(cwd))
    .find((cwd) => cwd !== '')
}

function entriesOf(lines: readonly JsonObject[]): Omit<Found, 'project' | 'rank'>[] {
  let model = ''
  let tier = ''
  return lines.flatMap((line) => {
    const message = isObject(line.message) ? line.message : {}
    const answers = line.type === 'message' && message.role === 'assistant'
    if (line.type === 'model_change') model = trimmed(line.modelId) || model
    if (answers) model = trimmed(message.model) || model
    if (line.type === 'service_tier_change') tier = tierOf(line.serviceTier)
    const apart = line.type === 'model_usage'
    const counts = answers || apart || line.type === 'compaction' || line.type === 'branch_summary'
    const usage = answers ? message.usage : line.usage
    if (!counts || !isObject(usage)) return []
    const [first, answer, read, writes] = ['input', 'output', 'cacheRead', 'cacheWrite'].map((name) =>
      count(usage[name]),
    ) as [number, number, number, number]
    const hour = count(usage.cacheWrite1h ?? (isObject(usage.cttl) ? usage.cttl.ephemeral1h : 0))
    const beside = isObject(usage.orchestration) ? usage.orchestration : {}
    const [input, output, cacheRead] = [
      first + count(beside.input),
      answer + count(beside.output),
      read + count(beside.cacheRead),
    ]
    if (input + output + cacheRead + writes + hour === 0) return []
    const who = answers ? [message.responseId ?? '', message.timestamp] : [line.type, apart ? line.model : '']
    const total = isObject(usage.cost) ? usage.cost.total : 0
    const timeMs = timestampMs(line.timestamp) ?? Number(message.timestamp)
    const own = message.provider === 'openai' || message.provider === 'openai-codex'
    const named = apart
      ? trimmed(line.model)
      : answers
        ? trimmed(message.responseModel) || trimmed(message.upstreamModel) || model
        : model
    const listed = costOf({ model: named, tier: own ? tier : '', timeMs, input, output, cacheRead, cacheWrite: writes })
    return {
      ...(listed !== undefined && { nanos: Number(listed) }),
      key: JSON.stringify([...who, line.timestamp, first, answer, read, writes]),
      model: named,
      timestampMs: timeMs,
      input,
      output,
      cacheRead,
      cacheWrite5m: Math.max(0, writes - hour),
      cacheWrite1h: hour,
      loggedNanos: typeof total === 'number' ? Math.round(total * 1e9) : 0,
    }
  })
}

/** OpenAI's service tier as logged by Oh My Pi: one for each family of models, formerly one for all. */
function tierOf(told: unknown): string {
  if (isObject(told)) return typeof told.openai === 'string' ? told.openai : ''
  if (told === 'openai-only') return 'priority'
  return typeof told === 'string' && told !== 'claude-only' ? told : ''
}
