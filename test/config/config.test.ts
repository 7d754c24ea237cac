// Every setting from every place in which it can be given, and the error messages.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConfigError, HelpRequested, loadConfig, packageVersion, type Config } from '../../src/config/config.js'
import { agentsByKey, allSettings, valueIn } from '../../src/config/all-settings.js'
import { reloaded } from '../../src/config/reloaded.js'
import { backfillSettings } from '../../src/config/backfill-settings.js'
import { COMMANDS } from '../../src/config/commands.js'
import { reportSettings } from '../../src/config/report-settings.js'
import { matchesGlob } from '../../src/core/labels/glob.js'
import { envName } from '../../src/config/setting.js'
import type { SettingKey } from '../../src/config/settings.js'
import type { Directories } from '../../src/sources/directories.js'
import { SOURCES } from '../../src/sources/index.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const home = resolve('/home/ada')
const load = (argv: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Config =>
  loadConfig(argv, { HOME: home, USERPROFILE: home, ...env })

let files = 0
function yaml(text: string): string {
  const path = join(folder, `${files++}.yaml`)
  writeFileSync(path, text)
  return path
}
const loadYaml = (text: string): Config => load([`--config.file=${yaml(text)}`])

function mistakeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('no ConfigError was thrown')
}

test('every setting has its default', () => {
  const { workers, directories, ...config } = load()
  expect(config).toEqual({
    command: 'serve',
    stateDir: join(home, '.local', 'state', 'agent-usage-exporter'),
    listen: [{ host: '127.0.0.1', port: 9853 }],
    allowedHosts: [],
    telemetryPath: '/metrics',
    otlpAttributes: [],
    otlpHostName: true,
    parserBackend: 'auto',
    cache: true,
    watchMode: 'auto',
    sweepIntervalMs: 60_000,
    birthHoldMs: 0,
    maxSeries: 10_000,
    compat: [],
    timeZone: 'local',
    weekStart: 'monday',
    budgets: [],
    logLevel: 'info',
    logFormat: 'auto',
    backfillStepMs: 300_000,
    backfillJob: 'agent-usage',
    backfillInstance: '127.0.0.1:9853',
    backfillFormat: 'openmetrics',
    backfillPush: false,
    by: ['day'],
    project: [],
    model: [],
    json: false,
    responses: false,
    seed: 1,
  })
  expect(workers).toBeGreaterThanOrEqual(1)
  expect(workers).toBeLessThanOrEqual(8)
  expect([...directories.keys()]).toEqual(SOURCES.map(({ agent }) => agent))
  expect(directories.get('claude-code')).toEqual({
    paths: [join(home, '.claude'), join(home, '.config', 'claude')],
    named: false,
  })
  for (const { paths, named } of directories.values()) {
    expect(named).toBe(false)
    for (const path of paths) expect(path.startsWith(home)).toBe(true)
  }
})

test('the result is frozen, including lists and addresses', () => {
  const config = load()
  const claude = config.directories.get('claude-code')!
  for (const part of [config, config.listen, config.listen[0], claude, claude.paths]) {
    expect(Object.isFrozen(part)).toBe(true)
  }
})

const absolute = (path: string): string => resolve(path)

/** Settings that name a file: it must exist, so they have tests of their own. */
type FileKey =
  'configFile' | 'pricesFile' | 'webConfigFile' | 'otlpHeadersFile' | 'otlpCaFile' | 'otlpCertFile' | 'otlpKeyFile'

// A value other than the default for every setting; the type makes sure that none is missing.
const samples: {
  readonly [
    K in Exclude<SettingKey, FileKey | 'output' | 'seed' | keyof typeof backfillSettings | keyof typeof reportSettings>
  ]: [string, Config[K]]
} = {
  stateDir: ['/b', absolute('/b')],
  listen: ['0.0.0.0:1', [{ host: '0.0.0.0', port: 1 }]],
  allowedHosts: ['Metrics.example.org.', ['metrics.example.org']],
  telemetryPath: ['/m', '/m'],
  otlpEndpoint: ['http://127.0.0.1:4318', 'http://127.0.0.1:4318/v1/metrics'],
  otlpIntervalMs: ['15s', 15_000],
  otlpAttributes: ['team=blue', [['team', 'blue']]],
  otlpHostName: ['false', false],
  parserBackend: ['v8', 'v8'],
  workers: ['3', 3],
  cache: ['false', false],
  watchMode: ['polling', 'polling'],
  sweepIntervalMs: ['1m30s', 90_000],
  birthHoldMs: ['500ms', 500],
  maxSeries: ['7', 7],
  agents: ['claude-code', ['claude-code']],
  compat: ['claude-code', ['claude-code']],
  timeZone: ['Europe/Berlin', 'Europe/Berlin'],
  weekStart: ['sunday', 'sunday'],
  logLevel: ['warn', 'warn'],
  logFormat: ['json', 'json'],
}

// The same for the directories of every agent.
const directories = [...agentsByKey.keys()].map((key): [string, [string, unknown]] => [key, ['/a', [absolute('/a')]]])

describe.each([...directories, ...Object.entries<[string, unknown]>(samples)])('setting %s', (key, [text, value]) => {
  const { name } = allSettings.get(key)!
  const [group, rest] = name.includes('.') ? (name.split('.') as [string, string]) : [name, undefined]

  test.each([
    ['as a flag with =', () => load([`--${name}=${text}`])],
    ['as a flag and a value', () => load([`--${name}`, text])],
    ['from the environment', () => load([], { [envName(name)]: text })],
    ['from a dotted YAML key', () => loadYaml(`${name}: ${text}`)],
    [
      'from a nested YAML key',
      () => loadYaml(rest === undefined ? `${name}: ${text}` : `${group}:\n  ${rest}: ${text}`),
    ],
  ])('is read %s', (_, run) => {
    expect(valueIn(run(), key)).toEqual(value)
  })
})

test('a flag overrides the environment, which overrides the file, which overrides the default', () => {
  const file = `--config.file=${yaml('metrics: { max-series: 1 }')}`
  const env = { AGENT_USAGE_METRICS_MAX_SERIES: '2' }
  expect(load([file, '--metrics.max-series=3'], env).maxSeries).toBe(3)
  expect(load([file], env).maxSeries).toBe(2)
  expect(load([file]).maxSeries).toBe(1)
  expect(load().maxSeries).toBe(10_000)
})

test('a bad value is rejected even if a flag overrides it', () => {
  const run = (): Config => load(['--metrics.max-series=3'], { AGENT_USAGE_METRICS_MAX_SERIES: 'many' })
  expect(mistakeOf(run)).toContain('AGENT_USAGE_METRICS_MAX_SERIES')
})

describe('commands and flags', () => {
  test.each([
    [[], 'serve'],
    [['serve'], 'serve'],
    [['once'], 'once'],
    [['demo'], 'demo'],
    [['--log.level=warn', 'once'], 'once'],
    [['once', '--log.level', 'warn'], 'once'],
    [['--cache', 'once'], 'once'],
  ])('%j is the command %s', (argv, command) => {
    expect(load(argv).command).toBe(command)
  })

  test.each([
    [['--cache'], true],
    [['--no-cache'], false],
    [['--cache=false'], false],
    [['--cache', 'false'], false],
    [['--cache', 'once'], true],
    [['--no-cache', '--cache'], true],
  ])('%j sets cache to %s', (argv, cache) => {
    expect(load(argv).cache).toBe(cache)
  })

  test('a repeated flag overrides the earlier one, unless it takes several values', () => {
    const listen = ['--web.listen-address=:1', '--web.listen-address=[::1]:2']
    const config = load(['--log.level=warn', ...listen, '--log.level=debug'])
    expect(config.logLevel).toBe('debug')
    expect(config.listen).toEqual([
      { host: '', port: 1 },
      { host: '::1', port: 2 },
    ])
  })

  test('--output is valid only with once and backfill', () => {
    expect(load(['once', '--output=/x/metrics.prom']).output).toBe(absolute('/x/metrics.prom'))
    expect('output' in load(['once'])).toBe(false)
    expect(mistakeOf(() => load(['--output=x']))).toBe('--output: "x": valid only with once and backfill')
    expect(mistakeOf(() => load(['serve'], { AGENT_USAGE_OUTPUT: 'x' }))).toContain('AGENT_USAGE_OUTPUT')
  })

  describe('backfill', () => {
    const backfill = (...flags: readonly string[]): Config => load(['backfill', '--output=/x', ...flags])

    test('needs either --output or --push', () => {
      expect(backfill().output).toBe(absolute('/x'))
      const endpoint = '--otlp.endpoint=http://127.0.0.1:4318'
      expect(load(['backfill', '--push', endpoint]).backfillPush).toBe(true)
      const either = 'backfill: give --output=DIR for files, or --push to send the values to --otlp.endpoint'
      expect(mistakeOf(() => load(['backfill']))).toBe(either)
      expect(mistakeOf(() => backfill('--push', endpoint))).toBe('backfill: --output and --push exclude each other')
      expect(mistakeOf(() => load(['backfill', '--push']))).toBe('--push: needs --otlp.endpoint')
    })

    test('accepts dates, times with a zone, and Unix seconds', () => {
      expect(backfill('--from=2024-02-29', '--to=1764137100')).toMatchObject({
        backfillFrom: { date: '2024-02-29' },
        backfillTo: { ms: 1_764_137_100_000 },
      })
      expect(backfill('--from=2026-11-22T09:30+01:00').backfillFrom).toEqual({ ms: Date.UTC(2026, 10, 22, 8, 30) })
      expect(backfill('--to=1764137100.25').backfillTo).toEqual({ ms: 1_764_137_100_250 })
      for (const text of ['2026-02-30', '2026-11-22T09:30', 'yesterday', '20261122', '2026-13-01T00:00Z'])
        expect(mistakeOf(() => backfill(`--from=${text}`))).toContain(`--from: "${text}": expected a date such as`)
    })

    test('accepts a step, labels and a format, and rejects bad ones', () => {
      const flags = ['--step=90s', '--job=node', '--instance=host:9100', '--format=victoriametrics']
      expect(backfill(...flags)).toMatchObject({
        backfillStepMs: 90_000,
        backfillJob: 'node',
        backfillInstance: 'host:9100',
        backfillFormat: 'victoriametrics',
      })
      expect(mistakeOf(() => backfill('--step=1500ms'))).toContain('expected whole seconds')
      expect(mistakeOf(() => backfill('--step=2h'))).toContain('expected a duration from 1s to 1h')
      expect(mistakeOf(() => backfill('--format=csv'))).toContain('expected one of openmetrics, victoriametrics')
    })

    test('has flags that no other command accepts', () => {
      for (const { name } of Object.values(backfillSettings))
        expect(mistakeOf(() => load([`--${name}=2026-11-22`]))).toMatch(/valid only with backfill$|expected/)
    })
  })

  describe('report', () => {
    test('takes dimensions from repeated or comma-separated --by, without duplicates', () => {
      expect(load(['report', '--by=month,project']).by).toEqual(['month', 'project'])
      expect(load(['report', '--by=month', '--by=project', '--by=month']).by).toEqual(['month', 'project'])
      expect(load(['report'], { AGENT_USAGE_BY: 'session' }).by).toEqual(['session'])
      expect(mistakeOf(() => load(['report', '--by=year']))).toBe(
        '--by: "year": expected one of day, week, month, project, model, agent, session',
      )
      expect(mistakeOf(() => load(['report', '--by=,']))).toBe('--by: expected at least one name')
    })

    test('rejects days that do not exist', () => {
      expect(load(['report', '--since=2024-02-29', '--until=2026-12-31'])).toMatchObject({
        since: '2024-02-29',
        until: '2026-12-31',
      })
      for (const text of ['2026-02-29', '2026-2-1', '20260201', 'yesterday'])
        expect(mistakeOf(() => load(['report', `--since=${text}`]))).toBe(
          `--since: "${text}": expected a date such as 2026-11-22`,
        )
    })

    test('filters by globs like those of budgets', () => {
      const { project, model } = load(['report', '--project=shop*', '--project=api', '--model=claude-?'])
      expect(project.map((glob) => matchesGlob(glob, 'shop/web'))).toEqual([true, false])
      expect(model.map((glob) => matchesGlob(glob, 'claude-x'))).toEqual([true])
      expect(mistakeOf(() => load(['report', '--model=[a]']))).toContain('only * and ? are wildcards')
    })

    test('has flags that other commands reject', () => {
      for (const { name } of Object.values(reportSettings))
        expect(mistakeOf(() => load(['once', `--${name}=2026-11-22`]))).toMatch(
          /valid only with report(?: and compare)?$|expected/,
        )
      expect(mistakeOf(() => load(['--json']))).toBe('--json: "true": valid only with report and compare')
      expect(load(['report', '--json', '--no-responses'])).toMatchObject({ json: true, responses: false })
    })

    test('leaves the file argument to compare', () => {
      expect(load(['compare', 'x.json', '--model=gpt*'])).toMatchObject({ command: 'compare', file: 'x.json' })
      expect(load(['compare', '-']).file).toBe('-')
      expect(mistakeOf(() => load(['compare']))).toBe('compare: needs a file, or - for stdin')
      expect(mistakeOf(() => load(['report', 'x.json']))).toBe('"x.json": only compare takes a second argument')
      expect(mistakeOf(() => load(['compare', '-', '--project=a']))).toBe('--project: "a": valid only with report')
    })

    test('rejects --by with --responses', () => {
      expect(load(['report', '--responses']).responses).toBe(true)
      expect(mistakeOf(() => load(['report', '--responses', '--by=day']))).toBe(
        '--by: "day": --responses prints responses one by one',
      )
    })
  })

  test('--seed is valid only with demo', () => {
    expect(load(['demo', '--seed=7']).seed).toBe(7)
    expect(load(['demo'], { AGENT_USAGE_SEED: '8' }).seed).toBe(8)
    expect(mistakeOf(() => load(['--seed=7']))).toBe('--seed: "7": valid only with demo')
    expect(mistakeOf(() => load(['demo', '--seed=4294967296']))).toContain(
      'expected a whole number from 0 to 4294967295',
    )
  })

  test('demo rejects flags for directories and ignores directories set in the environment or the file', () => {
    expect(mistakeOf(() => load(['demo', '--state.dir=/x']))).toBe(
      '--state.dir: "/x": demo creates its own directories',
    )
    expect(mistakeOf(() => load(['demo', '--claude.config-dir=/x']))).toContain('--claude.config-dir')
    expect(load(['demo'], { AGENT_USAGE_STATE_DIR: '/x', AGENT_USAGE_CLAUDE_CONFIG_DIR: '/y' }).command).toBe('demo')
  })
})

describe('agents', () => {
  test('are a list of names, or all', () => {
    expect(load().agents).toBeUndefined()
    expect(load(['--agents=all']).agents).toBeUndefined()
    expect(load(['--agents=codex, claude-code', '--agents=codex']).agents).toEqual(['codex', 'claude-code'])
    expect(loadYaml('agents: [codex, pi]').agents).toEqual(['codex', 'pi'])
  })

  test.each([
    ['claude', '; did you mean claude-code?'],
    ['codx', '; did you mean codex?'],
    ['Codex', '; did you mean codex?'],
    ['emacs', /; expected one of claude-code, codex, /],
    ['all,codex', /; expected one of claude-code, codex, /],
  ])('are rejected if unknown: %s', (text, rest) => {
    const said = mistakeOf(() => load([`--agents=${text}`]))
    expect(said).toContain(`--agents: "${text.split(',')[0]!}": no such agent`)
    expect(said).toMatch(rest)
  })

  test('are rejected if the list is empty', () => {
    expect(mistakeOf(() => load(['--agents=,']))).toBe('--agents: expected all, or the name of an agent')
    expect(mistakeOf(() => load(['--agents=']))).toBe('--agents: needs a value')
  })

  test('must include every agent whose directories are set in the same place, but a flag may exclude one set elsewhere', () => {
    const left = '--codex.home: "/x": --agents does not include codex'
    expect(mistakeOf(() => load(['--agents=claude-code', '--codex.home=/x']))).toBe(left)
    const env = { AGENT_USAGE_AGENTS: 'claude-code', AGENT_USAGE_CODEX_HOME: '/x' }
    expect(load([], env).agents).toEqual(['claude-code'])
    expect(mistakeOf(() => loadYaml('agents: pi\ncodex.home: /x'))).toMatch(
      /codex\.home: "\/x": .*: agents does not include codex$/,
    )
    expect(load(['--agents=claude-code'], { AGENT_USAGE_CODEX_HOME: '/x' }).agents).toEqual(['claude-code'])
    expect(load(['--agents=codex', '--codex.home=/x']).agents).toEqual(['codex'])
    expect(load(['--agents=all', '--codex.home=/x']).agents).toBeUndefined()
    expect(load(['--agents=claude-code'], { CODEX_HOME: '/x' }).agents).toEqual(['claude-code'])
  })

  test('are not changed by a reload', () => {
    const { changed, waiting } = reloaded(load(), load(['--agents=codex']))
    expect({ changed, waiting }).toEqual({ changed: [], waiting: ['agents'] })
  })

  test('are rejected as a flag of demo, which makes up its own logs', () => {
    expect(mistakeOf(() => load(['demo', '--agents=codex']))).toBe('--agents: "codex": demo makes up its own logs')
    expect(load(['demo'], { AGENT_USAGE_AGENTS: 'codex' }).command).toBe('demo')
  })
})

describe('directories', () => {
  const claude = (config: Config): Directories => config.directories.get('claude-code')!

  test('are split at commas in the environment and in YAML text, but not in flags and YAML lists', () => {
    const [a, b] = [absolute('/a'), absolute('/b')]
    expect(claude(load(['--claude.config-dir=/a', '--claude.config-dir=/b'])).paths).toEqual([a, b])
    expect(claude(load(['--claude.config-dir=/a,b'])).paths).toEqual([absolute('/a,b')])
    expect(claude(load([], { AGENT_USAGE_CLAUDE_CONFIG_DIR: '/a, /b,' })).paths).toEqual([a, b])
    expect(claude(loadYaml('claude.config-dir: /a,/b')).paths).toEqual([a, b])
    expect(claude(loadYaml('claude: { config-dir: [/a, "/b,c"] }')).paths).toEqual([a, absolute('/b,c')])
    expect(claude(load(['--claude.config-dir=/a', '--claude.config-dir=/a/'])).paths).toEqual([a])
  })

  test('may be patterns whose * matches within one name', () => {
    expect(claude(load(['--claude.config-dir=~/w?rk/*/.claude'])).paths).toEqual([join(home, 'w?rk/*/.claude')])
    expect(claude(load([], { AGENT_USAGE_CLAUDE_CONFIG_DIR: '/a/*, /b/?' })).paths).toEqual([
      absolute('/a/*'),
      absolute('/b/?'),
    ])
    expect(claude(loadYaml('claude.config-dir: ["/a/*/.claude"]')).paths).toEqual([absolute('/a/*/.claude')])
    expect(mistakeOf(() => load(['--claude.config-dir=/a/**/.claude']))).toBe(
      '--claude.config-dir: "/a/**/.claude": a * matches within one name only; use one per directory level, as in /home/*/.claude',
    )
  })

  test('are marked as named if a setting gives them, but not if the variable of the agent does', () => {
    expect(claude(load(['--claude.config-dir=/a'])).named).toBe(true)
    expect(claude(loadYaml('claude.config-dir: /a')).named).toBe(true)
    expect(claude(load([], { CLAUDE_CONFIG_DIR: '/a' })).named).toBe(false)
  })

  test('are not changed by a reload', () => {
    const running = load(['--claude.config-dir=/a'])
    const { config, changed, waiting } = reloaded(running, load(['--claude.config-dir=/b', '--log.level=debug']))
    expect({ changed, waiting }).toEqual({ changed: ['log.level'], waiting: ['claude.config-dir'] })
    expect(claude(config).paths).toEqual([absolute('/a')])
  })

  test('default to $CLAUDE_CONFIG_DIR unless it is empty', () => {
    expect(claude(load([], { CLAUDE_CONFIG_DIR: '/a,~/b' })).paths).toEqual([absolute('/a'), join(home, 'b')])
    expect(claude(load([], { CLAUDE_CONFIG_DIR: ' , ' })).paths).toHaveLength(2)
  })

  test('follow absolute XDG variables and ignore relative ones', () => {
    const [config, state] = [absolute('/xc'), absolute('/xs')]
    const moved = load([], { XDG_CONFIG_HOME: config, XDG_STATE_HOME: state })
    expect(claude(moved).paths[1]).toBe(join(config, 'claude'))
    expect(moved.stateDir).toBe(join(state, 'agent-usage-exporter'))
    expect(load([], { XDG_CONFIG_HOME: 'xc', XDG_STATE_HOME: '' })).toEqual(load())
  })

  test('expand ~ to the home directory, but not ~ada', () => {
    expect(load(['--state.dir=~/s']).stateDir).toBe(join(home, 's'))
    expect(load(['--state.dir=~']).stateDir).toBe(home)
    expect(load(['--state.dir=~ada']).stateDir).toBe(absolute('~ada'))
  })

  test('state.dir=none keeps no state', () => {
    expect(load(['--state.dir=none'])).toHaveProperty('stateDir', undefined)
  })

  test('are relative to the working directory, or to the configuration file that names them', () => {
    expect(load(['--state.dir=s']).stateDir).toBe(absolute('s'))
    const path = yaml('state.dir: s')
    expect(load([`--config.file=${path}`])).toMatchObject({ stateDir: join(dirname(path), 's'), configFile: path })
  })
})

test('metrics.compat takes agents with metrics of their own, without duplicates; a change needs a restart', () => {
  expect(load(['--metrics.compat=claude-code', '--metrics.compat=claude-code']).compat).toEqual(['claude-code'])
  expect(loadYaml('metrics.compat: [claude-code, claude-code]').compat).toEqual(['claude-code'])
  const { config, waiting } = reloaded(load(), load(['--metrics.compat=claude-code']))
  expect({ compat: config.compat, waiting }).toEqual({ compat: [], waiting: ['metrics.compat'] })
  expect(mistakeOf(() => load([], { AGENT_USAGE_METRICS_COMPAT: 'claude-code, prometheus' }))).toBe(
    'environment variable AGENT_USAGE_METRICS_COMPAT: "prometheus": expected one of claude-code',
  )
})

test('prices.file is absolute and must be readable', () => {
  const path = yaml('')
  expect(load([`--prices.file=${path}`]).pricesFile).toBe(path)
  expect('pricesFile' in load()).toBe(false)
  const missing = mistakeOf(() => load(['--prices.file=/no/such']))
  expect(missing).toBe('--prices.file: "/no/such": cannot read it: no such file')
  expect(mistakeOf(() => load([], { AGENT_USAGE_PRICES_FILE: folder }))).toContain('it is a directory')
})

test('web.config.file is read from every place, is absolute and must be readable', () => {
  const path = yaml('')
  const named = (config: Config): string | undefined => config.webConfigFile
  expect(named(load([`--web.config.file=${path}`]))).toBe(path)
  expect(named(load([], { AGENT_USAGE_WEB_CONFIG_FILE: path }))).toBe(path)
  expect(named(loadYaml(`web.config.file: ${basename(path)}`))).toBe(path)
  expect(named(loadYaml(`web: { config: { file: ${path} } }`))).toBe(path)
  expect(named(loadYaml(`web: { config.file: ${path}, telemetry-path: /m }`))).toBe(path)
  expect('webConfigFile' in load()).toBe(false)
  expect(mistakeOf(() => load(['--web.config.file=/no/such']))).toBe(
    '--web.config.file: "/no/such": cannot read it: no such file',
  )
})

test('the configuration file can be named in the environment and may be empty', () => {
  expect(load([], { AGENT_USAGE_CONFIG_FILE: yaml('log.level: debug') }).logLevel).toBe('debug')
  const empty = yaml('# nothing\n')
  expect(load([`--config.file=${empty}`])).toEqual({ ...load(), configFile: empty })
})

describe('values', () => {
  test.each([
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    [':9853', { host: '', port: 9853 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
    ['my_host.local:80', { host: 'my_host.local', port: 80 }],
  ])('web.listen-address accepts %s', (text, address) => {
    expect(load([`--web.listen-address=${text}`]).listen).toEqual([address])
  })

  test.each([
    ['watch.sweep-interval', '1s', 1_000],
    ['watch.sweep-interval', '24h', 86_400_000],
    ['watch.sweep-interval', '1d', 86_400_000],
    ['watch.sweep-interval', '1h2m3s4ms', 3_723_004],
    ['metrics.birth-hold', '0', 0],
    ['metrics.birth-hold', '1m500ms', 60_500],
  ])('%s accepts %s (%i ms)', (name, text, ms) => {
    const { sweepIntervalMs, birthHoldMs } = load([`--${name}=${text}`])
    expect([sweepIntervalMs, birthHoldMs]).toContain(ms)
  })

  test('timezone is corrected to its canonical spelling', () => {
    expect(load(['--timezone=europe/berlin']).timeZone).toBe('Europe/Berlin')
  })

  test.each([
    ['web.listen-address', ['9853', 'localhost', '::1:9853', '[::g]:1', 'h:65536', 'http://h:1', 'a b:1']],
    ['web.telemetry-path', ['metrics', '/', '/a?b', '/a b', '//x', '/-/ready', '/api/summary']],
    ['parser.backend', ['json', 'V8']],
    ['parser.workers', ['-1', '1.5', '65', 'many', '0x2', '']],
    ['cache', ['yes', '1', 'TRUE']],
    ['watch.sweep-interval', ['60', '999ms', '25h', '1s1m', '-1s', '1.5s', 's', '0']],
    ['metrics.birth-hold', ['25h', '1 s']],
    ['metrics.max-series', ['0', '-1', '1e4']],
    ['metrics.compat', ['Claude-Code', 'claude', 'all', 'none']],
    ['timezone', ['Mars/Olympus', '+01:00', 'Local']],
    ['week-start', ['Monday', 'mon', '1']],
    ['log.level', ['trace']],
    ['state.dir', ['']],
  ])('%s rejects bad values from every place and names the place', (name, texts) => {
    for (const text of texts) {
      const file = yaml(`"${name}": "${text}"`)
      const message = mistakeOf(() => load([`--${name}=${text}`]))
      expect(message).toMatch(`--${name}: `)
      expect(message).toMatch(text === '' ? /needs a value$/ : /": (expected|this path is used)/)
      expect(mistakeOf(() => load([`--config.file=${file}`]))).toMatch(`${file}: ${name}: `)
      if (text !== '') expect(mistakeOf(() => load([], { [envName(name)]: text }))).toMatch(`${envName(name)}: `)
    }
  })

  test('an error names only the bad one of several values, with line breaks escaped', () => {
    const message = mistakeOf(() => load(['--web.listen-address=:1', '--web.listen-address=a\nb']))
    expect(message).toMatch(/^--web\.listen-address: "a\\nb": expected HOST:PORT, /)
  })
})

describe('unknown or malformed input', () => {
  test.each<[string, () => unknown, string]>([
    [
      'flag',
      () => load(['--web.listen-adress=:1']),
      '--web.listen-adress: no such flag; did you mean --web.listen-address?',
    ],
    [
      'flag without its group',
      () => load(['--workers', '3']),
      '--workers: no such flag; did you mean --parser.workers?',
    ],
    ['other punctuation', () => load(['--log-level=warn']), '--log-level: no such flag; did you mean --log.level?'],
    ['nothing near', () => load(['--frobnicate']), '--frobnicate: no such flag; --help-long lists all'],
    ['short flag', () => load(['-q']), '-q: no such flag; --help-long lists all'],
    ['flag without value', () => load(['--state.dir']), '--state.dir: needs a value'],
    ['command', () => load(['onec']), '"onec": no such command; did you mean once?'],
    ['second command', () => load(['once', 'serve']), '"serve": only compare takes a second argument'],
    [
      'variable',
      () => load([], { AGENT_USAGE_LOG_LEVLE: 'warn' }),
      'environment variable AGENT_USAGE_LOG_LEVLE: no such setting; did you mean AGENT_USAGE_LOG_LEVEL?',
    ],
    [
      'variable without its group',
      () => load([], { AGENT_USAGE_MAX_SERIES: '1' }),
      'environment variable AGENT_USAGE_MAX_SERIES: no such setting; did you mean AGENT_USAGE_METRICS_MAX_SERIES?',
    ],
    ['port', () => load([], { AGENT_USAGE_PORT: '9000' }), 'environment variable AGENT_USAGE_PORT: no such setting'],
  ])('is rejected on the command line and in the environment: %s', (_, run, message) => {
    expect(mistakeOf(run)).toBe(message)
  })

  test.each([
    ['sweep-interval: 60s', 'sweep-interval: no such setting; did you mean watch.sweep-interval?'],
    ['web: { listen-adress: ":1" }', 'web.listen-adress: no such setting; did you mean web.listen-address?'],
    ['wbe: { listen-address: ":1" }', 'wbe: no such setting; did you mean web?'],
    ['web: 5', 'web: expected a map of settings, such as listen-address'],
    ['config.file: other.yaml', 'config.file: a configuration file cannot name another'],
    ['web.telemetry-path: /a\nweb: { telemetry-path: /b }', 'web.telemetry-path: given twice'],
    ['log.level: [info]', 'log.level: takes one value, not a list'],
    ['log.level: { a: b }', 'log.level: takes one value, not a map'],
    ['cache:', 'cache: needs a value'],
    ['claude.config-dir: []', 'claude.config-dir: needs a value'],
    ['claude.config-dir: [{ a: b }]', 'claude.config-dir: takes a value or a list of values'],
    ['web: &web { telemetry-path: *web }', 'web.telemetry-path: takes one value, not a map'],
    ['- web', 'expected settings, such as timezone: Europe/Berlin'],
    ['just words', 'expected settings, such as timezone: Europe/Berlin'],
  ])('is rejected in the file: %s', (text, message) => {
    const path = yaml(text)
    expect(mistakeOf(() => load([`--config.file=${path}`]))).toBe(`${path}: ${message}`)
  })

  test('is rejected if the file is not YAML or cannot be read', () => {
    const path = yaml('a: [1\nb: 2')
    expect(mistakeOf(() => load([`--config.file=${path}`]))).toMatch(/^\S+\.yaml: \S.* at line 2, column \d+$/)
    const missing = mistakeOf(() => load(['--config.file=/no/such']))
    expect(missing).toBe('--config.file: "/no/such": cannot read it: no such file')
    mkdirSync(join(folder, 'directory'))
    const run = (): Config => load([], { AGENT_USAGE_CONFIG_FILE: join(folder, 'directory') })
    expect(mistakeOf(run)).toMatch(/^environment variable AGENT_USAGE_CONFIG_FILE: .*it is a directory$/)
  })
})

test('empty variables and those that Kubernetes sets for a Service of our name are ignored', () => {
  const config = load([], {
    AGENT_USAGE_LOG_LEVEL: '',
    AGENT_USAGE_NONSENSE: '',
    AGENT_USAGE_EXPORTER_SERVICE_HOST: '10.0.0.7',
    AGENT_USAGE_EXPORTER_SERVICE_PORT: '9853',
    AGENT_USAGE_EXPORTER_SERVICE_PORT_METRICS: '9853',
    AGENT_USAGE_EXPORTER_PORT: 'tcp://10.0.0.7:9853',
    AGENT_USAGE_EXPORTER_PORT_9853_TCP: 'tcp://10.0.0.7:9853',
    AGENT_USAGE_EXPORTER_PORT_9853_TCP_PROTO: 'tcp',
    AGENT_USAGE_EXPORTER_PORT_9853_TCP_ADDR: '10.0.0.7',
  })
  expect(config).toEqual(load())
})

describe('help and version', () => {
  const printed = (argv: readonly string[]): string => {
    try {
      load(argv)
    } catch (error) {
      if (error instanceof HelpRequested) return error.text
      throw error
    }
    return 'nothing'
  }

  const flagsIn = (text: string): readonly string[] => [
    ...new Set([...text.matchAll(/^ {2}--([a-z.-]+)\[?=/gm)].map(([, name]) => name!)),
  ]
  const settings = [...allSettings.values()]
  const namesOf = (some: typeof settings): readonly string[] => some.map(({ name }) => name).sort()

  test.each([[['--help']], [['-h']], [['--log.level=warn', '--help']]])('%j lists every command', (argv) => {
    const text = printed(argv)
    for (const command of COMMANDS) expect(text).toMatch(new RegExp(`^ {2}${command}( FILE)? {2,}\\w`, 'm'))
    for (const flag of ['COMMAND --help', '--help-long', '--version']) expect(text).toContain(flag)
    expect(flagsIn(text)).toEqual([])
    expect(text).toMatch(/[^\n]\n$/)
  })

  test('--help-long lists every flag, with its default', () => {
    const text = printed(['--help-long'])
    expect([...flagsIn(text)].sort()).toEqual(namesOf(settings))
    expect(text).toContain('AGENT_USAGE_WEB_LISTEN_ADDRESS')
    expect(text).toMatch(/^ {2}--watch.sweep-interval=DURATION\n(?: {27}.*\n)*.*\(default: 60s\)$/m)
    expect(text).toMatch(/[^\n]\n$/)
  })

  test.each(COMMANDS)('%s --help lists its own flags and no flag of another command', (command) => {
    const flags = flagsIn(printed([command, '--help']))
    const own = settings.filter(({ only }) => only?.includes(command))
    const foreign = settings.filter(({ only }) => only?.includes(command) === false)
    expect(flags).toEqual(expect.arrayContaining([...namesOf(own), 'config.file']))
    expect(flags.filter((flag) => namesOf(foreign).includes(flag))).toEqual([])
  })

  test('demo --help leaves out flags that are errors with demo', () => {
    expect(flagsIn(printed(['demo', '--help']))).not.toContain('state.dir')
  })

  test('serve --help lists exactly the flags that are not limited to some commands', () => {
    const text = printed(['serve', '-h'])
    expect([...flagsIn(text)].sort()).toEqual(namesOf(settings.filter(({ only }) => only === undefined)))
  })

  test('no line is wider than a terminal of 80 columns', () => {
    for (const argv of [['--help'], ['--help-long'], ...COMMANDS.map((command) => [command, '--help'])])
      expect(
        printed(argv)
          .split('\n')
          .filter((line) => line.length > 80),
      ).toEqual([])
  })

  test('the README has every section that the help of a command refers to', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    for (const command of COMMANDS) {
      const section = /section (.*)\.\n$/.exec(printed([command, '--help']))![1]!
      expect(readme).toContain(`\n## ${section}\n`)
    }
  })

  test('--version prints name and version', () => {
    expect(printed(['--version'])).toBe(`agent-usage-exporter ${packageVersion()}\n`)
    expect(packageVersion()).toMatch(/^\d+\.\d+\.\d+/)
  })
})
