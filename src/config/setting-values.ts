// Parses the text of a setting into its value. Each parser throws an Error that says what it expected; none reads a
// file.
import { isIPv6 } from 'node:net'
import { join, resolve } from 'node:path'
import { parseGlob, type Glob } from '../core/labels/glob.js'
import { DAY_MS } from '../core/totals/period.js'
import type { Context } from './context.js'
import { didYouMean, suggest } from './suggest.js'

export const commaList = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

export type Parse<T> = (texts: readonly string[], context: Context) => T

/** All values given, frozen. An error of the parser is prefixed with the value that caused it. */
export function each<T>(parse: (text: string, context: Context) => T): Parse<readonly T[]> {
  return (texts, context) =>
    Object.freeze(
      texts.map((text) => {
        try {
          return parse(text, context)
        } catch (error) {
          throw new Error(`${JSON.stringify(text)}: ${(error as Error).message}`, { cause: error })
        }
      }),
    )
}

/** For a setting with one value, the last one given counts. */
export function one<T>(parse: (text: string, context: Context) => T): Parse<T> {
  return (texts, context) => each(parse)(texts.slice(-1), context)[0]!
}

export function oneOf<const T extends string>(...choices: readonly T[]): Parse<T> {
  return one(choice(choices))
}

/** Some of the choices, each once, in the order given. */
export function someOf<const T extends string>(...choices: readonly T[]): Parse<readonly T[]> {
  return (texts, context) => Object.freeze([...new Set(each(choice(choices))(texts, context))])
}

/**
 * `all`, which becomes undefined, or some of the names, each once, comma-separated or given one by one.
 * @param noun the kind of thing that is named, for messages
 */
export function allOr(noun: string, names: readonly string[]): Parse<readonly string[] | undefined> {
  const named = each((text) => {
    if (names.includes(text)) return text
    const near = names.find((name) => name.startsWith(`${text}-`)) ?? suggest(text, names)
    throw new Error(`no such ${noun}${near === undefined ? `; expected one of ${names.join(', ')}` : didYouMean(near)}`)
  })
  return (texts, context) => {
    const words = texts.flatMap(commaList)
    if (words.length === 0) throw new Error(`expected all, or the name of an ${noun}`)
    return words.every((word) => word === 'all') ? undefined : Object.freeze([...new Set(named(words, context))])
  }
}

const choice =
  <T extends string>(choices: readonly T[]) =>
  (text: string): T => {
    const found = choices.find((known) => known === text)
    if (found === undefined) throw new Error(`expected one of ${choices.join(', ')}`)
    return found
  }

export function trueOrFalse(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new Error('expected true or false')
  return text === 'true'
}

export function integer(text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
  throw new Error(`expected a whole number ${range}`)
}

/** Milliseconds of a duration in Prometheus's notation: whole numbers with units in descending order, or a bare 0. */
export function duration(text: string, leastMs: number, mostMs: number): number {
  const units = [DAY_MS, 3_600_000, 60_000, 1_000, 1]
  const match = text === '0' ? ['0'] : /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text)
  if (match === null) throw new Error('expected a duration with units, such as 500ms, 60s or 1m30s')
  const ms = units.reduce((sum, unit, i) => sum + unit * Number(match[i + 1] ?? 0), 0)
  if (ms >= leastMs && ms <= mostMs) return ms
  throw new Error(`expected a duration from ${leastMs / 1_000}s to ${(mostMs / DAY_MS) * 24}h`)
}

export function path(text: string, context: Context): string {
  // A shell does not expand the ~ of --flag=~/x, and nothing expands it in YAML and the environment.
  if (text === '~' || /^~[/\\]/.test(text)) return join(context.home(), text.slice(1))
  return resolve(context.base, text)
}

/** A path in which `*` and `?` are wildcards within a name. @param example a valid pattern */
export const pathPattern =
  (example: string) =>
  (text: string, context: Context): string => {
    if (text.includes('**'))
      throw new Error(`a * matches within one name only; use one per directory level, as in ${example}`)
    return path(text, context)
  }

export function listenAddress(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]*)\]|([\w.-]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535 || (match[1] !== undefined && !isIPv6(match[1]))) {
    throw new Error('expected HOST:PORT, [IPV6]:PORT or :PORT, with a port from 0 to 65535')
  }
  return Object.freeze({ host: match[1] ?? match[2] ?? '', port })
}

/** In lower case, without a trailing dot. */
export function hostName(text: string): string {
  const name = text.toLowerCase().replace(/\.$/, '')
  if (!/^[\w-]+(?:\.[\w-]+)*$/.test(name))
    throw new Error('expected a host name such as metrics.example.org, without a port')
  return name
}

export function urlPath(text: string): string {
  if (!/^(?:\/[\w.~-]+)+\/?$/.test(text)) throw new Error('expected a path such as /metrics')
  if (['/-/healthy', '/-/ready', '/api/summary'].includes(text))
    throw new Error('this path is used by the exporter itself')
  return text
}

export function timeZone(text: string): string {
  // Called only when needed: the first call takes 12 ms.
  if (text === 'local') return text
  try {
    // Newer engines accept an offset such as +01:00 as a zone, older ones do not. A zone must be a name here.
    if (!/^[+-]/.test(text)) return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  throw new Error('expected local, or a time zone such as UTC or Europe/Berlin')
}

/** An existing day in the form 2026-11-22. */
export function date(text: string): string {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []
  const found = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  if (found.getUTCMonth() !== Number(month) - 1 || found.getUTCDate() !== Number(day))
    throw new Error('expected a date such as 2026-11-22')
  return text
}

/** A glob in Unicode NFC, as labels are. */
export function glob(text: string): Glob {
  return parseGlob(text.normalize('NFC'))
}
