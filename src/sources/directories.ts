// Where an agent's logs lie, as a user names it: the setting that a source owns, and what came of it.

/** From it config makes a flag, an environment variable, a key of the YAML file and a line of --help. */
export interface DirectorySetting {
  /** The agent as people call it, with capitals and spaces. */
  readonly name: string
  /** Flag without `--`, and key of the YAML file: a group and a name, with a dot between. */
  readonly flag: string
  /** The agent's own environment variable, if it has one; `defaults` heeds it. */
  readonly variable?: string
  readonly help: string
  /** A pattern that names the directory of every user: `*` stands for the user. */
  readonly example: string
  /** What --help says of `defaults`. */
  readonly defaultHelp: string
  /** What to name where no logs are found: `the directory that holds projects/`. */
  readonly hint: string
  /** Where to look when nobody named a directory, as a user would write it: with `~`, or as a pattern. */
  readonly defaults: (surroundings: Surroundings) => readonly string[]
}

/** What defaults depend on. Only config reads the environment, and hands it on. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** What a variable lists, separated by commas; nothing where it is unset or blank. */
  readonly list: (variable: string) => readonly string[]
  /** The directory that an XDG variable names, else `fallback` below the home directory. */
  readonly xdg: (variable: string, fallback: string) => string
}

/** Where to look for the logs of one agent. */
export interface Directories {
  /** Absolute, or patterns of such; they need not exist, and links in them are not resolved. */
  readonly paths: readonly string[]
  /** A user named them, so they should hold logs; defaults need not exist. */
  readonly named: boolean
  /** A user asked for the agent, so one of its directories should hold logs. */
  readonly asked?: boolean
}
