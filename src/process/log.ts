// The log: lines of JSON, or readable ones on a terminal, always on stderr, because stdout belongs to `once`. Written
// synchronously, so that the last lines of a failing program are not lost.
import { pino, stdSerializers, stdTimeFunctions } from 'pino'

/** The log as the rest of the program sees it. An error goes into `fields` as `error`. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** `level` can be changed at any time. */
export interface AdjustableLog extends Log {
  level: string
}

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** `auto` is pretty on a terminal, otherwise json. */
  readonly format: 'auto' | 'json' | 'pretty'
  /** Whether the log is written to a terminal; decides colours and the format of `auto`. */
  readonly tty: boolean
  /** File descriptor to write to; if absent, stderr. */
  readonly fd?: number
}

export async function createLog({ level, format, tty, fd = 2 }: LogOptions): Promise<AdjustableLog> {
  const pretty = format === 'pretty' || (format === 'auto' && tty)
  const options = {
    level,
    base: null, // The collector of the lines knows the process and the host.
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: printable },
    serializers: { error: printableError, err: printableError },
  }
  const log: AdjustableLog = pino(
    options,
    pretty ? await prettyDestination(fd, tty) : pino.destination({ dest: fd, sync: true }),
  )
  return log
}

/** Escapes control characters: strangers choose the names of files and models, and terminals also obey C1. */
const escaped = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (one) => (one === '\n' ? one : escapeOf(one)))

/** Also escapes line feeds, for a text that must stay on one line. */
export const escapedLine = (text: string): string => escaped(text).replaceAll('\n', escapeOf)

const escapeOf = (character: string): string => `\\u{${character.codePointAt(0)!.toString(16)}}`

function printable(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, printableValue(value)]))
}

function printableValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(printableValue)
  return typeof value === 'string' ? escaped(value) : value
}

function printableError(error: Error): unknown {
  const serialized: unknown = stdSerializers.err(error)
  // Anything but an Error is returned unchanged.
  return typeof serialized === 'object' && serialized !== null ? printable({ ...serialized }) : serialized
}

async function prettyDestination(fd: number, colorize: boolean): Promise<{ write(line: string): void }> {
  // Imported only here, so that a service that logs JSON does not load a formatter.
  const { default: prettyPrint } = await import('pino-pretty')
  const errorLikeObjectKeys = ['error', 'err']
  return prettyPrint({
    destination: fd,
    sync: true,
    colorize,
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    errorLikeObjectKeys,
  })
}
