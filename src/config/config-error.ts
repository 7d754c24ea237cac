// Mistakes in the settings, each described in one line.

/** A mistake of the user's; the message is one line and needs no stack. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Takes what is wrong; it may throw it, or go on to find more. */
export type Complain = (error: ConfigError) => void

/** undefined where the work ended in a complaint. */
export function attempt<T>(work: () => T, complain: Complain): T | undefined {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    complain(error)
    return undefined
  }
}

/** For a message: on one line, whatever is in it. */
export const quoted = (value: unknown): string => JSON.stringify(value)
export const firstLine = (text: string): string => text.split('\n', 1)[0]!.replace(/:$/, '')
