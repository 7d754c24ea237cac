// The setting for the directories of an agent's logs, which its source owns, and the resulting paths.

/** config/ derives a flag, an environment variable, a YAML key and a line of --help from it. */
export interface DirectorySetting {
  /** Display name of the agent, with capitals and spaces. */
  readonly name: string
  /** Flag without `--`, and YAML key: a group and a name, separated by a dot. */
  readonly flag: string
  /** The agent's own environment variable, if it has one; `defaults` reads it. */
  readonly variable?: string
  readonly help: string
  /** A pattern that names the directory of every user: `*` stands for the user. */
  readonly example: string
  /** The defaults as shown by --help. */
  readonly defaultHelp: string
  /** What to set the flag to, shown when no logs are found: `the directory that holds projects/`. */
  readonly hint: string
  /** The directories if none is set, as a user would write them: with `~`, or as patterns. */
  readonly defaults: (surroundings: Surroundings) => readonly string[]
}

/** The surroundings that defaults depend on. Only config/ reads the environment, and passes it on. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The comma-separated values of a variable; empty if it is unset or blank. */
  readonly list: (variable: string) => readonly string[]
  /** The directory that an XDG variable names, otherwise `fallback` below the home directory. */
  readonly xdg: (variable: string, fallback: string) => string
}

/** Where to look for the logs of one agent. */
export interface Directories {
  /** Absolute paths or patterns. They need not exist, and links in them are not resolved. */
  readonly paths: readonly string[]
  /** The user named them, so they are expected to hold logs. Defaults need not exist. */
  readonly named: boolean
  /** The user asked for the agent, so one of its directories is expected to hold logs. */
  readonly asked?: boolean
}
