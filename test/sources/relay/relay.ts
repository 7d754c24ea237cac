// A made-up agent, the hardest case for the source interface: the meaning of a line depends on earlier lines. Its logs:
//   {"relay":"thread","thread":"t1","cwd":"/w/app"}      which thread the lines belong to
//   {"relay":"model","model":"big-1","tier":"priority"}  the model and the tier of the lines that follow
//   {"relay":"usage","turn":"u1","at":…,"total":{…}}     the thread's usage so far; may be repeated, and may restart
//   {"relay":"calls","calls":[{"id":"c1","at":…,…},…]}   several responses at once
//   {"relay":"snapshot","id":"s1","requests":3,…}        one growing entry for several requests, with a cost of its own
// A fork's file starts with a copy of its parent's lines.
import { normalPath } from '../../../src/core/labels/folders.js'
import { MODIFIER } from '../../../src/core/ledger/modifiers.js'
import { TOKENS, tokenCount, type TokenCounts } from '../../../src/core/schema.js'
import type { LineReader } from '../../../src/decode/decoder.js'
import { fields, name, text } from '../../../src/sources/json.js'
import { restored } from '../../../src/sources/saved.js'
import { parseTimestamp } from '../../../src/sources/timestamp.js'
import type { Source, UsageSink } from '../../../src/sources/source.js'

const NAME = { total: 1, call: 2, snapshot: 3 } as const

export const relay: Source = {
  agent: 'relay',
  sequential: true,
  prefilters: [{ find: '"relay"' }],
  directories: {
    name: 'Relay',
    flag: 'relay.home',
    help: 'home of Relay; repeatable',
    example: '/home/*/.relay',
    defaultHelp: '$RELAY_HOME, else ~/.relay',
    hint: 'the directory that holds threads/',
    defaults: ({ env }) => [env['RELAY_HOME'] ?? '~/.relay'],
  },
  compat: [
    {
      name: 'relay_requests_total',
      help: 'Requests.',
      otlp: { name: 'relay.requests', unit: '' },
      labels: ['folder', 'model'],
      samplesOf: ({ project, model }) => [{ labels: { folder: project, model }, measures: ['requests'] }],
    },
  ],
  roots: (directory) => [[`${directory}/threads`], [`${directory}/archived_threads`]],
  entersDirectory: () => true,
  locate(path) {
    const [, session, ending] = /^(.+?)\.(relay|relay\.zst|json)$/.exec(path.at(-1) ?? '') ?? []
    if (session === undefined) return undefined
    const place = { project: 'threads', session, subagent: path.length > 1 }
    if (ending === 'json') return { ...place, form: 'document' }
    return ending === 'relay' ? place : { ...place, form: 'zstd-lines' }
  },
  projectOf: normalPath,
  open: (_, sink, saved) => new RelayReader(sink, saved),
}

interface Memory {
  readonly thread: string
  model: string
  modifiers: number
  total: TokenCounts
}

function begun(thread: string): Memory {
  return { thread, model: '', modifiers: 0, total: tokensOf({}) }
}

function isMemory(value: unknown): value is Memory {
  const memory = fields(value)
  const told = fields(memory?.total)
  return (
    typeof memory?.thread === 'string' &&
    typeof memory.model === 'string' &&
    typeof memory.modifiers === 'number' &&
    TOKENS.every((token) => typeof told?.[token.name] === 'number')
  )
}

class RelayReader implements LineReader {
  readonly #sink: UsageSink
  #memory: Memory

  constructor(sink: UsageSink, saved: string | undefined) {
    this.#sink = sink
    this.#memory = saved === undefined ? begun('') : restored(saved, isMemory)
  }

  save(): string {
    return JSON.stringify(this.#memory)
  }

  read(value: unknown): void {
    const line = fields(value) ?? {}
    if (line.relay === 'thread') {
      this.#memory = begun(name(line.thread))
      this.#sink.cwd(text(line.cwd))
    } else if (line.relay === 'model') {
      this.#memory.model = name(line.model)
      this.#memory.modifiers = line.tier === 'priority' ? MODIFIER.priority : 0
    } else if (line.relay === 'usage') this.#usage(line)
    else if (line.relay === 'calls' && Array.isArray(line.calls))
      for (const call of line.calls) this.#call(fields(call))
    else if (line.relay === 'snapshot') this.#snapshot(line)
    // A log in one value, as a document.
    else if (line.relay === 'log' && Array.isArray(line.lines)) for (const each of line.lines) this.read(each)
  }

  #usage(line: Readonly<Record<string, unknown>>): void {
    const { thread, total: before } = this.#memory
    const total = tokensOf(fields(line.total) ?? {})
    this.#memory.total = total
    const restarted = CLASSES.some((each) => total[each] < before[each])
    const tokens = Object.fromEntries(CLASSES.map((each) => [each, total[each] - (restarted ? 0 : before[each])]))
    const turn = text(line.turn) || thread
    this.#count([NAME.total, turn, total.input, total.output, total.cacheRead], tokens as unknown as TokenCounts, line)
  }

  #call(call: Readonly<Record<string, unknown>> | undefined): void {
    const id = text(call?.id)
    if (call !== undefined && id !== '') this.#count([NAME.call, id], tokensOf(call), call)
  }

  #snapshot(line: Readonly<Record<string, unknown>>): void {
    const id = text(line.id)
    if (id === '') return
    const { requests, costNanos } = line
    const modifiers = line.billed === true ? MODIFIER.billed : 0
    this.#count([NAME.snapshot, id], tokensOf(line), line, {
      modifiers,
      ...(typeof requests === 'number' && { requests }),
      ...(typeof costNanos === 'number' && { costNanos }),
    })
  }

  #count(
    key: readonly [number, ...(string | number)[]],
    tokens: TokenCounts,
    { at }: Readonly<Record<string, unknown>>,
    {
      modifiers = 0,
      ...detail
    }: { readonly modifiers?: number; readonly requests?: number; readonly costNanos?: number } = {},
  ): void {
    if (CLASSES.every((each) => tokens[each] === 0)) return
    this.#sink.response({
      key,
      model: this.#memory.model,
      modifiers: this.#memory.modifiers | modifiers,
      timeMs: parseTimestamp(at),
      tokens,
      ...detail,
    })
  }
}

const CLASSES = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const

function tokensOf(counts: Readonly<Record<string, unknown>>): TokenCounts {
  return {
    input: tokenCount(counts.in),
    output: tokenCount(counts.out),
    cacheRead: tokenCount(counts.cached),
    cacheWrite5m: 0,
    cacheWrite1h: 0,
  }
}
