// What the app is given besides its settings: the log, the pool, the clocks, the disk. Tests give others than the commands.
import type { Config } from '../config/config.js'
import type { Log } from '../process/log.js'
import type { Progress } from '../process/progress.js'
import type { SourceDirectories } from '../sources/index.js'
import type { ParserPool } from '../worker/pool.js'
import type { StoreMachine } from './persistence.js'

export interface AppOptions {
  readonly version: string
  readonly log: Log
  /** Reads the configuration again; if absent, only prices can be. @throws ConfigError */
  readonly loadConfig?: () => Config
  readonly setLogLevel?: (level: Config['logLevel']) => void
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic?: () => number
  /** Closed with the app. undefined: everything is read on the main thread. */
  readonly pool?: ParserPool | undefined
  /** Whose logs are read, and where; if absent, those of every agent, as configured. */
  readonly sources?: readonly SourceDirectories[]
  /** Collects garbage; called once there is little more to do. */
  readonly collect?: () => void
  /** Nothing is written: the state is read beside the process that writes it. */
  readonly readOnly?: boolean
  /** Where the store lies; the disk of this machine if absent. */
  readonly storeMachine?: StoreMachine
  /** Responses that are booked in one step. */
  readonly bookingStep?: number
  /** Shows how far the first pass is. */
  readonly progress?: Progress
}
