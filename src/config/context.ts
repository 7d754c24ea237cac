// Resolves `~`, the XDG variables and relative paths for the origin of a setting.
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

export interface Context {
  /** The user's home directory. Throws if there is none, so it is only called when needed. */
  readonly home: () => string
  readonly env: NodeJS.ProcessEnv
  /** Base of relative paths: the working directory, or the directory of the configuration file. */
  readonly base: string
}

/** The context of the command line and the environment. */
export function createContext(env: NodeJS.ProcessEnv): Context {
  return { env, home: () => homeDirectory(env), base: process.cwd() }
}

/** XDG base directory specification: a relative value must be ignored. */
export function xdg({ env, home }: Context, variable: string, fallback: string): string {
  const value = env[variable]
  return value !== undefined && isAbsolute(value) ? value : join(home(), fallback)
}

function homeDirectory(env: NodeJS.ProcessEnv): string {
  const named = process.platform === 'win32' ? env['USERPROFILE'] : env['HOME']
  if (named) return named
  try {
    return homedir()
  } catch (error) {
    throw new Error('this user has no home directory; name the directory, or set HOME', { cause: error })
  }
}
