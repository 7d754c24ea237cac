// The program's own settings: name, help, default and parser of each. Flags, environment names, YAML keys, --help and the type
// of a configuration are made from this table; a source adds the setting for its directories (all-settings.ts).
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
import { webSettings } from './web-settings.js'

const known = SOURCES.map(({ agent }) => agent)
const compatible = COMPAT_VIEWS.map(({ agent }) => agent)

export const settings = {
  /** Their logs alone are read, and there should be some; undefined: those of every agent that has left any. */
  agents: {
    name: 'agents',
    value: 'NAME,…',
    help: `read the logs of these agents alone: ${known.join(', ')}; all reads those of each whose directory exists`,
    repeatable: true,
    default: 'all',
    parse: allOr('agent', known),
  },
  /** Absolute; undefined keeps nothing. */
  stateDir: {
    name: 'state.dir',
    value: 'DIR',
    help: 'directory that remembers what was counted across restarts; none keeps nothing',
    default: (context) => [join(xdg(context, 'XDG_STATE_HOME', '.local/state'), 'agent-usage-exporter')],
    defaultHelp: '~/.local/state/agent-usage-exporter',
    parse: one((text, context) => (text === 'none' ? undefined : path(text, context))),
  },
  /** The file that was read, absolute. */
  configFile: {
    name: 'config.file',
    value: 'FILE',
    help: 'YAML file with any of these settings; relative paths in it start at its directory',
    parse: one(path),
  },
  ...webSettings,
  ...pushSettings,
  parserBackend: {
    name: 'parser.backend',
    value: 'NAME',
    help: 'what decodes the lines: wasm, v8, simdjson (a package to install), or auto, the fastest',
    default: 'auto',
    parse: oneOf('auto', ...BACKENDS),
  },
  /** 0…64; 0 is no pool. `auto` is resolved already. */
  workers: {
    name: 'parser.workers',
    value: 'N',
    help: 'threads that parse files: 0 for none, auto for one a core, at most 8',
    default: 'auto',
    parse: one((text) => (text === 'auto' ? Math.min(availableParallelism(), 8) : integer(text, 0, 64))),
  },
  cache: {
    name: 'cache',
    value: 'true|false',
    help: 'skip files that did not change; --no-cache reads every file again on every pass',
    default: 'true',
    standsAlone: true,
    parse: one(trueOrFalse),
  },
  watchMode: {
    name: 'watch.mode',
    value: 'MODE',
    help: 'how changes wake the exporter: auto, native, polling or off',
    default: 'auto',
    parse: oneOf('auto', 'native', 'polling', 'off'),
  },
  /** 1,000…86,400,000 */
  sweepIntervalMs: {
    name: 'watch.sweep-interval',
    value: 'DURATION',
    help: 'look at every file this often, whatever the watcher said; 1s to 24h',
    default: '60s',
    parse: one((text) => duration(text, 1_000, DAY_MS)),
  },
  /** 0…86,400,000 */
  birthHoldMs: {
    name: 'metrics.birth-hold',
    value: 'DURATION',
    help: 'keep a new series at 0 for this long after its first scrape; 0s to 24h',
    default: '0s',
    reloadable: true,
    parse: one((text) => duration(text, 0, DAY_MS)),
  },
  /** At least 1. */
  maxSeries: {
    name: 'metrics.max-series',
    value: 'N',
    help: 'past this many combinations of project and model, new ones share project="other", and new models model="other"',
    default: '10000',
    reloadable: true,
    parse: one((text) => integer(text, 1, Number.MAX_SAFE_INTEGER)),
  },
  /** Agents whose usage is also shown under the names of their own telemetry. */
  compat: {
    name: 'metrics.compat',
    value: 'AGENT',
    help: `also show what this agent used under the metric names of its own telemetry; repeatable; one of ${compatible.join(', ')}`,
    repeatable: true,
    default: () => [],
    parse: someOf(...compatible),
  },
  /** IANA name, or `local`: the system's. */
  timeZone: {
    name: 'timezone',
    value: 'ZONE',
    help: 'where a day begins: local, or an IANA name such as Europe/Berlin',
    default: 'local',
    reloadable: true,
    parse: one(timeZone),
  },
  weekStart: {
    name: 'week-start',
    value: 'DAY',
    help: 'the day that a week begins on: monday, tuesday, …',
    default: 'monday',
    reloadable: true,
    parse: oneOf(...WEEKDAYS),
  },
  /** Absolute, and readable when it was looked at. */
  pricesFile: {
    name: 'prices.file',
    value: 'FILE',
    help: 'dated prices that override the built-in ones or add models',
    reloadable: true,
    parse: one(path),
  },
  logLevel: {
    name: 'log.level',
    value: 'LEVEL',
    help: 'debug, info, warn or error',
    default: 'info',
    reloadable: true,
    parse: oneOf('debug', 'info', 'warn', 'error'),
  },
  logFormat: {
    name: 'log.format',
    value: 'FORMAT',
    help: 'auto (pretty on a terminal, else json), json or pretty',
    default: 'auto',
    parse: oneOf('auto', 'json', 'pretty'),
  },
  /** Where `once` writes the exposition, stdout if absent, and `backfill` its files. Never set with another command. */
  output: {
    name: 'output',
    value: 'FILE|DIR',
    help: 'with once: replace this file, atomically, with the metrics instead of printing them; a pipe or device is written to; with backfill: write a file a day into this directory',
    only: ['once', 'backfill'],
    parse: one(path),
  },
  ...backfillSettings,
  /** What `demo` makes up: 0…4,294,967,295. */
  seed: {
    name: 'seed',
    value: 'N',
    help: 'with demo: another number makes up other data',
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

/** The value of each setting. */
export type SettingValues = Omit<Values, KeyWithoutDefault> & Partial<Pick<Values, KeyWithoutDefault>>
