// Random homes of Codex: threads with everything that a rollout may contain, their forks and sub-agents, and files that a tool
// has joined. Everything that fast-check generates is a possible home.
import fc from 'fast-check'
import {
  C,
  K,
  M,
  O,
  R,
  S,
  U,
  X,
  compacted,
  estimate,
  limits,
  stamped,
  tier,
  uuid7,
  type Fields,
  type Line,
  type Vector,
} from './rollout.js'

export interface World {
  /** Threads in the order of their ids. */
  readonly files: readonly { readonly thread: string; readonly content: Buffer }[]
}

const VERSIONS = ['0.92.0', '0.140.0', '0.159.0'] as const
const MODELS = ['gpt-5.4', 'gpt-5.5', 'kimi-k2.5:cloud'] as const
const TIERS = ['priority', 'flex', 'ultrafast', 'default', null] as const

const counts = fc.tuple(fc.nat(3), fc.nat(2), fc.integer({ min: 1, max: 3 }), fc.nat(1), fc.nat(1))

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('respond' as const), used: counts, form: fc.nat(9), spoken: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('turn' as const),
      model: fc.nat(2),
      context: fc.nat(5),
      repeats: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), estimates: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), hidden: fc.option(counts) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resume' as const), restarts: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compact' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('tier' as const), tier: fc.constantFrom(...TIERS), whose: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('limits' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const thread = fc.record({
  kind: fc.constantFrom('root', 'root', 'fork', 'spawn', 'seeded', 'joined'),
  version: fc.nat(2),
  paginated: fc.nat(5),
  parent: fc.nat(20),
  /** Percentage of the parent that is copied. */
  copied: fc.nat(100),
  steps: fc.array(step, { maxLength: 14 }),
})
type Script = typeof thread extends fc.Arbitrary<infer T> ? T : never

export const worlds: fc.Arbitrary<World> = fc.array(thread, { minLength: 1, maxLength: 5 }).map(worldOf)

const HOUR = 3_600_000
const BEGIN = Date.parse('2026-11-01T00:00:00Z')

interface Written {
  readonly id: string
  readonly version: string
  /** The thread's own file, including copied lines. */
  readonly lines: readonly Line[]
  readonly total: Vector
}

function worldOf(scripts: readonly Script[]): World {
  const written: Written[] = []
  const files = scripts.map((script, n) => {
    const one = write(script, n, written)
    written.push(one)
    return { thread: one.id, content: Buffer.from(textOf(one.lines, n)) }
  })
  return { files }
}

/** Copied lines carry the time of copying, so all lines of a file are newer than those of the files before. */
function textOf(lines: readonly Line[], n: number): string {
  return stamped(new Date(BEGIN + n * HOUR + 10_000).toISOString(), lines)
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')
}

function write(script: Script, n: number, before: readonly Written[]): Written {
  const id = uuid7(BEGIN + n * HOUR, n)
  const parent = before.length === 0 ? undefined : before[script.parent % before.length]!
  const version = VERSIONS[script.version]!
  const kind = parent === undefined ? 'root' : script.kind
  const from =
    kind === 'root' || kind === 'joined'
      ? {}
      : kind === 'fork'
        ? { forked_from_id: parent!.id }
        : { source: { subagent: 'review' }, parent_thread_id: parent!.id }
  const header = M(id, {
    cli_version: version,
    cwd: `/w/p${n}`,
    ...from,
    ...(script.paginated === 0 && { history_mode: 'paginated' }),
  })
  const prefix = parent?.lines.slice(0, Math.ceil((parent.lines.length * script.copied) / 100)) ?? []
  const thread = new Thread(id, n, version, header)
  if (kind === 'fork') thread.copy(prefix, parent!.total)
  if (kind === 'seeded') thread.seed(parent!.total)
  if (kind === 'joined') thread.lines.unshift(...prefix)
  for (const each of script.steps) thread.take(each)
  return { id, version, lines: thread.lines, total: thread.total }
}

class Thread {
  readonly lines: Line[]
  total: Vector = [0, 0, 0, 0, 0]
  readonly #id: string
  readonly #n: number
  readonly #header: Line
  readonly #hasIds: boolean
  readonly #hasRecords: boolean
  #turns = 0
  #responses = 0
  #record: Line | undefined

  constructor(id: string, n: number, version: string, header: Line) {
    this.#id = id
    this.#n = n
    this.#header = header
    this.#hasIds = version !== '0.92.0'
    this.#hasRecords = version === '0.159.0'
    this.lines = [header]
  }

  get #turn(): string | undefined {
    return this.#hasIds ? uuid7(BEGIN + this.#n * HOUR + 1 + this.#turns, this.#turns) : undefined
  }

  copy(lines: readonly Line[], total: Vector): void {
    this.lines.push(...lines)
    this.total = lastTotal(lines) ?? total
  }

  seed(total: Vector): void {
    this.total = total
    this.lines.push(K(total, [9, 0, 9]))
  }

  take(step: Step): void {
    const { lines } = this
    switch (step.do) {
      case 'turn':
        this.#turns += 1
        lines.push(S(this.#turn))
        if (step.repeats) this.#repeat()
        if (step.context > 0) lines.push(C(this.#turn, MODELS[step.model]))
        lines.push(U)
        break
      case 'respond':
        this.#respond(scaled(step.used), step.form, step.spoken)
        break
      case 'repeat':
        lines.push(K(this.total, step.estimates ? estimate(1234) : [1, 0, 1, 0, 0]))
        break
      case 'abort':
        // The hidden response is part of the next total.
        if (step.hidden !== null) this.total = sum(this.total, scaled(step.hidden))
        lines.push(X)
        break
      case 'resume':
        lines.push(this.#header)
        if (step.restarts) this.total = [0, 0, 0, 0, 0]
        break
      case 'compact':
        lines.push(compacted(this.#record))
        break
      case 'tier':
        lines.push(tier(step.tier, whose(step.whose, this.#id)))
        break
      case 'limits':
        lines.push(limits())
    }
  }

  #repeat(): void {
    this.lines.push(K(this.total, [1, 1, 1, 0, 0]))
  }

  #respond(used: Vector, form: number, spoken: boolean): void {
    this.total = sum(this.total, used)
    this.#responses += 1
    if (spoken) this.lines.push(O)
    const hasRecord = this.#hasRecords && form !== 0
    if (hasRecord) {
      const id = form === 1 ? 'chatcmpl-1' : `resp_${this.#id.replaceAll('-', '')}${this.#responses}`
      this.#record = R(id, this.#id, this.#turn ?? '', used, this.total)
      this.lines.push(this.#record)
    }
    if (hasRecord && form === 2) return
    if (form === 3) this.lines.push(K(this.total))
    else if (form === 4) this.lines.push(K(null, used, { model: 'gpt-5.2' }))
    else this.lines.push(K(this.total, used))
  }
}

function whose(kind: number, id: string): Fields {
  if (kind === 0) return { thread_id: id }
  return kind === 1 ? { thread_id: uuid7(BEGIN, 99) } : {}
}

function lastTotal(lines: readonly Line[]): Vector | undefined {
  const told = lines.flatMap(({ payload }) => {
    const { total_token_usage: usage } = (payload.info ?? {}) as { total_token_usage?: Record<string, number> }
    return usage ? [usage] : []
  })
  const last = told.at(-1)
  const fields = [
    'input_tokens',
    'cached_input_tokens',
    'output_tokens',
    'cache_write_input_tokens',
    'reasoning_output_tokens',
  ]
  return last && fields.map((field) => last[field] ?? 0)
}

/** Small numbers, so that equal totals occur. */
const scaled = ([input, cached, output, written, reasoning]: Vector): Vector => [
  input! * 100,
  Math.min(cached! * 100, input! * 100),
  output! * 10,
  written!,
  reasoning!,
]

const sum = (a: Vector, b: Vector): Vector => a.map((each, index) => each + (b[index] ?? 0))
