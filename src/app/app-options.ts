// The parts that the app takes in addition to its settings: log, pool, clocks, disk. Tests pass other parts than the
// commands.
import type { Config } from '../config/config.js'
import type { Log } from '../process/log.js'
import type { Progress } from '../process/progress.js'
import type { SourceDirectories } from '../sources/index.js'
import type { ParserPool } from '../worker/pool.js'
import type { StoreMachine } from './persistence.js'

export interface AppOptions {
  readonly version: string
  readonly log: Log
  /** Reloads the configuration; if absent, only prices can be reloaded. @throws ConfigError */
  readonly loadConfig?: () => Config
  readonly setLogLevel?: (level: Config['logLevel']) => void
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic?: () => number
  /** Closed with the app. If undefined, everything is read on the main thread. */
  readonly pool?: ParserPool | undefined
  /** The sources and directories to read; if absent, those of every agent, as configured. */
  readonly sources?: readonly SourceDirectories[]
  /** Collects garbage; called once there is little left to do. */
  readonly collect?: () => void
  /** Writes nothing, and reads the state while another process may write it. */
  readonly readOnly?: boolean
  /** The disk of the store; if absent, this machine's. */
  readonly storeMachine?: StoreMachine
  /** Number of responses booked in one step. */
  readonly bookingStep?: number
  /** Shows the progress of the first pass. */
  readonly progress?: Progress
}
