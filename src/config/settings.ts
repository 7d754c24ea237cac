// The program's own settings: name, help, default and parser of each. Flags, environment names, YAML keys, --help and
// the type of a configuration are derived from this table. Each source adds a setting for its directories
// (all-settings.ts).
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { DAY_MS, WEEKDAYS } from '../core/totals/period.js'
import { BACKENDS } from '../decode/decoder.js'
import { COMPAT_VIEWS, SOURCES } from '../sources/index.js'
import { backfillSettings } from './backfill-settings.js'
import { allOr, duration, integer, one, oneOf, path, someOf, timeZone, trueOrFalse } from './setting-values.js'
import { xdg } from './context.js'
import type { Setting } from './setting.js'
import { pushSettings } from './push-settings.js'
import { reportSettings } from './report-settings.js'
import { webSettings } from './web-settings.js'

const known = SOURCES.map(({ agent }) => agent)
const compatible = COMPAT_VIEWS.map(({ agent }) => agent)

export const settings = {
  /** Only these agents' logs are read, and they are expected to exist. Undefined: those of every agent found. */
  agents: {
    name: 'agents',
    value: 'NAME,…',
    help: `read only the logs of these agents: ${known.join(', ')}; all reads every agent whose directory exists`,
    repeatable: true,
    default: 'all',
    parse: allOr('agent', known),
  },
  /** Absolute; if undefined, no state is kept. */
  stateDir: {
    name: 'state.dir',
    value: 'DIR',
    help: 'directory that keeps the counters across restarts; none keeps no state',
    default: (context) => [join(xdg(context, 'XDG_STATE_HOME', '.local/state'), 'agent-usage-exporter')],
    defaultHelp: '~/.local/state/agent-usage-exporter',
    parse: one((text, context) => (text === 'none' ? undefined : path(text, context))),
  },
  /** The file that was read; absolute. */
  configFile: {
    name: 'config.file',
    value: 'FILE',
    help: 'YAML file with any of these settings; relative paths in it are relative to its directory',
    parse: one(path),
  },
  ...webSettings,
  ...pushSettings,
  parserBackend: {
    name: 'parser.backend',
    value: 'NAME',
    help: 'decoder of the log lines: wasm, v8, simdjson (requires the package), or auto, the fastest one',
    default: 'auto',
    parse: oneOf('auto', ...BACKENDS),
  },
  /** 0…64; 0: no pool. `auto` is already resolved. In commands that do not serve, the main thread is one of them. */
  workers: {
    name: 'parser.workers',
    value: 'N',
    help: 'number of threads that parse files: 0 for none, auto for one per core, at most 8; in commands that do not serve, the main thread is one of them',
    default: 'auto',
    parse: one((text) => (text === 'auto' ? Math.min(availableParallelism(), 8) : integer(text, 0, 64))),
  },
  cache: {
    name: 'cache',
    value: 'true|false',
    help: 'skip unchanged files; --no-cache rereads every file on every pass',
    default: 'true',
    standsAlone: true,
    parse: one(trueOrFalse),
  },
  watchMode: {
    name: 'watch.mode',
    value: 'MODE',
    help: 'how changes of log files are noticed: auto, native, polling or off',
    default: 'auto',
    parse: oneOf('auto', 'native', 'polling', 'off'),
  },
  /** 1,000…86,400,000 */
  sweepIntervalMs: {
    name: 'watch.sweep-interval',
    value: 'DURATION',
    help: 'interval at which all files are checked, independent of the watcher; 1s to 24h',
    default: '60s',
    parse: one((text) => duration(text, 1_000, DAY_MS)),
  },
  /** 0…86,400,000 */
  birthHoldMs: {
    name: 'metrics.birth-hold',
    value: 'DURATION',
    help: 'time for which a new series stays at 0 after its first scrape; 0s to 24h',
    default: '0s',
    reloadable: true,
    parse: one((text) => duration(text, 0, DAY_MS)),
  },
  /** At least 1. */
  maxSeries: {
    name: 'metrics.max-series',
    value: 'N',
    help: 'maximum number of combinations of project and model; beyond it, new ones share project="other", and new models model="other"',
    default: '10000',
    reloadable: true,
    parse: one((text) => integer(text, 1, Number.MAX_SAFE_INTEGER)),
  },
  /** Agents whose usage is also shown under the metric names of their own telemetry. */
  compat: {
    name: 'metrics.compat',
    value: 'AGENT',
    help: `also show the usage of this agent under the metric names of its own telemetry; repeatable; one of ${compatible.join(', ')}`,
    repeatable: true,
    default: () => [],
    parse: someOf(...compatible),
  },
  /** IANA name, or `local` for the system's time zone. */
  timeZone: {
    name: 'timezone',
    value: 'ZONE',
    help: 'time zone of days, weeks and months: local, or an IANA name such as Europe/Berlin',
    default: 'local',
    reloadable: true,
    parse: one(timeZone),
  },
  weekStart: {
    name: 'week-start',
    value: 'DAY',
    help: 'first day of the week: monday, tuesday, …',
    default: 'monday',
    reloadable: true,
    parse: oneOf(...WEEKDAYS),
  },
  /** Absolute, and readable when it was checked. */
  pricesFile: {
    name: 'prices.file',
    value: 'FILE',
    help: 'YAML file with dated prices that override the built-in ones or add models',
    reloadable: true,
    parse: one(path),
  },
  logLevel: {
    name: 'log.level',
    value: 'LEVEL',
    help: 'lowest level to log: debug, info, warn or error',
    default: 'info',
    reloadable: true,
    parse: oneOf('debug', 'info', 'warn', 'error'),
  },
  logFormat: {
    name: 'log.format',
    value: 'FORMAT',
    help: 'format of the log: auto (pretty on a terminal, otherwise json), json or pretty',
    default: 'auto',
    parse: oneOf('auto', 'json', 'pretty'),
  },
  /**
   * File for the exposition of `once` (if absent, stdout), or directory of `backfill`. Never set for other commands.
   */
  output: {
    name: 'output',
    value: 'FILE|DIR',
    help: 'once: file for the metrics, replaced atomically, instead of stdout; backfill: directory for the values, one file per day',
    only: ['once', 'backfill'],
    parse: one(path),
  },
  ...backfillSettings,
  ...reportSettings,
  /** Seed of the data that `demo` makes up: 0…4,294,967,295. */
  seed: {
    name: 'seed',
    value: 'N',
    help: 'seed of the made-up data',
    only: ['demo'],
    default: '1',
    parse: one((text) => integer(text, 0, 0xffff_ffff)),
  },
} satisfies Record<string, Setting<unknown>>

type Table = typeof settings
export type SettingKey = keyof Table

type Values = { readonly [Key in SettingKey]: ReturnType<Table[Key]['parse']> }
/** Absent from a configuration when unset. */
type KeyWithoutDefault = {
  [Key in SettingKey]: Table[Key] extends { readonly default: unknown } ? never : Key
}[SettingKey]

/** The values of all settings. */
export type SettingValues = Omit<Values, KeyWithoutDefault> & Partial<Pick<Values, KeyWithoutDefault>>
