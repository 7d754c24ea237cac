// The specification of the columnar ledger: the same content as plain objects in a Map.
// Its orders are written from claude-code-logs 3.3 and codex-logs 4.4 and share no code with the ledger's.
import { MODIFIER } from '../../../src/core/ledger/modifiers.js'
import { FLAG } from '../../../src/core/ledger/usage.js'
import { keyOf, type Made, type MadeLine } from '../made-lines.js'

/** One response as it counts. */
export interface Counted {
  readonly key: string
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
  readonly model: string
  readonly place: string
  readonly time: number
  /** Bits of `FLAG`, without the one that marks copies. */
  readonly flags: number
  readonly searches: number
  readonly requests: number
  readonly costNanos: number
}

interface Response {
  readonly key: string
  usage: MadeLine
  origin: MadeLine
  searches: number
}

const OF_WINNER = MODIFIER.batch | MODIFIER.us | MODIFIER.fast | MODIFIER.refused | MODIFIER.regional | MODIFIER.billed
const OF_FIRST = MODIFIER.priority | MODIFIER.flex | MODIFIER.ultrafast

export class LedgerSpec {
  readonly #responses = new Map<string, Response>()
  /** Request → responses that carry it. */
  readonly #carriers = new Map<string, Set<string>>()
  readonly #toolsOf = new Map<string, Set<string>>()
  readonly #searchesOf = new Map<string, { readonly count: number; readonly time: number }>()

  add(line: Made): void {
    if (line.kind === 'result') {
      const known = this.#searchesOf.get(line.tool)
      if (known === undefined || compare(told(line), told(known)) < 0) this.#searchesOf.set(line.tool, line)
      return
    }
    const known = this.#responses.get(line.key)
    if (known === undefined) {
      this.#responses.set(line.key, { key: line.key, usage: line, origin: line, searches: line.searches })
    } else merge(known, { key: line.key, usage: line, origin: line, searches: line.searches })
    if (line.request !== '') setOf(this.#carriers, line.request).add(line.key)
    for (const tool of line.tools) setOf(this.#toolsOf, line.key).add(tool)
  }

  /** The response of which this one is a copy; undefined for a response of its own. */
  originalOf(key: string): string | undefined {
    const copy = this.#responses.get(key)
    if (copy === undefined || (copy.usage.flags & FLAG.requestOnly) === 0) return undefined
    const carriers = [...(this.#carriers.get(key) ?? [])].map((carrier) => this.#responses.get(carrier)!)
    const best = carriers.sort(
      (a, b) => compare(usageOrder(b.usage), usageOrder(a.usage)) || compare(keyOrder(a), keyOrder(b)),
    )
    return best[0]?.key
  }

  get copies(): string[] {
    return [...this.#responses.keys()].filter((key) => this.originalOf(key) !== undefined)
  }

  /** Every response that counts, by key. */
  counted(): Map<string, Counted> {
    const copies = new Map(this.copies.map((copy) => [copy, this.originalOf(copy)!]))
    const counted = new Map<string, Counted>()
    for (const [key, response] of this.#responses) {
      if (copies.has(key)) continue
      const mine = [...copies].filter(([, original]) => original === key).map(([copy]) => copy)
      const whole = { ...response }
      for (const copy of mine) merge(whole, this.#responses.get(copy)!)
      counted.set(key, shown(whole, this.#searches(whole.searches, [key, ...mine])))
    }
    return counted
  }

  /** The searches that the lines report, else those of their tools, each tool once. */
  #searches(reported: number, keys: readonly string[]): number {
    if (reported > 0) return reported
    const tools = new Set(keys.flatMap((key) => [...(this.#toolsOf.get(key) ?? [])]))
    return [...tools].reduce((sum, tool) => sum + (this.#searchesOf.get(tool)?.count ?? 0), 0)
  }
}

export function specOf(lines: Iterable<Made>): LedgerSpec {
  const spec = new LedgerSpec()
  for (const line of lines) spec.add(line)
  return spec
}

function merge(into: Response, other: Response): void {
  if (compare(usageOrder(other.usage), usageOrder(into.usage)) > 0) into.usage = other.usage
  if (compare(originOrder(other.origin), originOrder(into.origin)) < 0) into.origin = other.origin
  into.searches = Math.max(into.searches, other.searches)
}

/** The larger one wins: known model, main chain, output, sum, then all other columns, details last. */
function usageOrder(line: MadeLine): readonly (number | string)[] {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h, flags, requests, costNanos } = line
  const sum = input + output + cacheRead + cacheWrite5m + cacheWrite1h
  const main = flags & FLAG.sidechain ? 0 : 1
  const known = line.model === '' ? 0 : 1
  const rest = [input, cacheRead, cacheWrite1h, line.model, requests, costNanos]
  return [known, main, output, sum, flags & OF_WINNER, ...rest]
}

/** The smaller one came first. */
function originOrder({ time, flags, place }: MadeLine): readonly (number | string)[] {
  return [Number.isNaN(time) ? Infinity : time, flags & FLAG.subagentOrigin ? 1 : 0, place, -(flags & OF_FIRST)]
}

/** The smaller one gives the searches of a tool: the earliest line, then the larger count. */
function told({ count, time }: { readonly count: number; readonly time: number }): readonly number[] {
  return [Number.isNaN(time) ? Infinity : time, -count]
}

function keyOrder({ key }: Response): readonly number[] {
  const { low, high } = keyOf(key)
  return [high, low]
}

export function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [index, mine] of a.entries()) {
    const other = b[index]!
    if (mine !== other) return mine < other ? -1 : 1
  }
  return 0
}

function shown({ key, usage, origin }: Response, searches: number): Counted {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h, model, requests, costNanos } = usage
  const flags = (usage.flags & (OF_WINNER | FLAG.sidechain)) | (origin.flags & (OF_FIRST | FLAG.subagentOrigin))
  const { place, time } = origin
  const tokens = { input, output, cacheRead, cacheWrite5m, cacheWrite1h }
  return { key, ...tokens, model, place, time, flags, searches, requests, costNanos }
}

function setOf(map: Map<string, Set<string>>, key: string): Set<string> {
  const set = map.get(key) ?? new Set()
  map.set(key, set)
  return set
}
