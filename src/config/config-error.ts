// Mistakes in the settings, each described in one line.

/** A mistake of the user; the message is one line and needs no stack. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Takes a mistake; it may throw it, or return in order to collect more. */
export type Complain = (error: ConfigError) => void

/** Undefined if the work ended with a complaint. */
export function attempt<T>(work: () => T, complain: Complain): T | undefined {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    complain(error)
    return undefined
  }
}

/** Quotes any text on one line, for a message. */
export const quoted = (value: unknown): string => JSON.stringify(value)
export const firstLine = (text: string): string => text.split('\n', 1)[0]!.replace(/:$/, '')

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
}

/** The reason why a file cannot be read, without the file's name. */
export function whyUnreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return UNREADABLE[code ?? ''] ?? firstLine(message)
}
