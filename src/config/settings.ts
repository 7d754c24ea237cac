// The program's own settings: name, help, default and parser of each. Flags, environment names, YAML keys and --help are
// made from this table; a source adds the setting for its directories (all-settings.ts).
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Config } from './config-values.js'
import { BACKENDS } from '../decode/decoder.js'
import { WEEKDAYS } from '../core/totals/period.js'
import {
  day,
  duration,
  each,
  hostName,
  integer,
  listenAddress,
  one,
  oneOf,
  path,
  timeZone,
  trueOrFalse,
  urlPath,
  xdg,
  type Parse,
  type Context,
} from './setting-values.js'

export interface Setting<T> {
  /** Flag without `--` and YAML key: `web.listen-address`. The environment name is made from it by `envName`. */
  readonly name: string
  /** How --help calls the value. */
  readonly value: string
  readonly help: string
  /** May be given more than once; from the environment, or as one YAML string, it is a comma list. */
  readonly repeatable?: true
  /** A new value in the file is taken while the program runs; the others wait for the next start. */
  readonly reloadable?: true
  /** The default as a user would write it; a function where it depends on the machine. Absent: the setting is unset. */
  readonly default?: string | ((place: Context) => readonly string[])
  /** The one command that takes it. */
  readonly only?: Exclude<Config['command'], 'serve'>
  /** What --help says about the default, where it is a function. */
  readonly defaultHelp?: string
  /** Takes every value given at one place, at least one, none empty. Throws an Error that says what was expected. */
  readonly parse: Parse<T>
}

/** The program's own settings in Config; its other fields are worked out otherwise. */
export type SettingKey = Exclude<keyof Config, 'command' | 'directories' | 'budgets'>
export type Settings = { readonly [K in SettingKey]-?: Setting<Config[K]> }

export const envPrefix = 'AGENT_USAGE_'

/** `web.listen-address` → `AGENT_USAGE_WEB_LISTEN_ADDRESS` */
export const envName = (name: string): string => envPrefix + name.toUpperCase().replace(/[.-]/g, '_')

export const settings: Settings = {
  stateDir: {
    name: 'state.dir',
    value: 'DIR',
    help: 'directory that remembers what was counted across restarts; none keeps nothing',
    default: (place) => [join(xdg(place, 'XDG_STATE_HOME', '.local/state'), 'agent-usage-exporter')],
    defaultHelp: '~/.local/state/agent-usage-exporter',
    parse: one((text, place) => (text === 'none' ? undefined : path(text, place))),
  },
  configFile: {
    name: 'config.file',
    value: 'FILE',
    help: 'YAML file with any of these settings; relative paths in it start at its directory',
    parse: one(path),
  },
  listen: {
    name: 'web.listen-address',
    value: 'HOST:PORT',
    help: 'address to serve on; repeatable; :PORT is every interface, port 0 picks one and logs it',
    repeatable: true,
    default: '127.0.0.1:9853',
    parse: each(listenAddress),
  },
  allowedHosts: {
    name: 'web.allowed-host',
    value: 'NAME',
    help: 'host name by which clients may ask where 127.0.0.1 or ::1 is served without a password; repeatable; IP addresses and localhost always may',
    repeatable: true,
    default: () => [],
    parse: each(hostName),
  },
  telemetryPath: {
    name: 'web.telemetry-path',
    value: 'PATH',
    help: 'path of the metrics',
    default: '/metrics',
    parse: one(urlPath),
  },
  webConfigFile: {
    name: 'web.config.file',
    value: 'FILE',
    help: 'TLS, passwords and HTTP headers, in the format of the Prometheus exporter-toolkit',
    parse: one(path),
  },
  parserBackend: {
    name: 'parser.backend',
    value: 'NAME',
    help: 'what decodes the lines: wasm, v8, simdjson (a package to install), or auto, the fastest',
    default: 'auto',
    parse: oneOf('auto', ...BACKENDS),
  },
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
    parse: one(trueOrFalse),
  },
  watchMode: {
    name: 'watch.mode',
    value: 'MODE',
    help: 'how changes wake the exporter: auto, native, polling or off',
    default: 'auto',
    parse: oneOf('auto', 'native', 'polling', 'off'),
  },
  sweepIntervalMs: {
    name: 'watch.sweep-interval',
    value: 'DURATION',
    help: 'look at every file this often, whatever the watcher said; 1s to 24h',
    default: '60s',
    parse: one((text) => duration(text, 1_000, day)),
  },
  birthHoldMs: {
    name: 'metrics.birth-hold',
    value: 'DURATION',
    help: 'keep a new series at 0 for this long after its first scrape; 0s to 24h',
    default: '0s',
    reloadable: true,
    parse: one((text) => duration(text, 0, day)),
  },
  maxSeries: {
    name: 'metrics.max-series',
    value: 'N',
    help: 'past this many combinations of project and model, new ones share project="other", and new models model="other"',
    default: '10000',
    reloadable: true,
    parse: one((text) => integer(text, 1, Number.MAX_SAFE_INTEGER)),
  },
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
  output: {
    name: 'output',
    value: 'FILE',
    help: 'with once: replace this file, atomically, with the metrics instead of printing them; a pipe or device is written to',
    only: 'once',
    parse: one(path),
  },
  seed: {
    name: 'seed',
    value: 'N',
    help: 'with demo: another number makes up other data',
    only: 'demo',
    default: '1',
    parse: one((text) => integer(text, 0, 0xffff_ffff)),
  },
}
