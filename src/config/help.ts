// What --help prints: the commands, the flags of one command, or, with --help-long, all flags.
import { agentsByKey, allSettings } from './all-settings.js'
import { COMMANDS, type Command } from './commands.js'
import { envName, type Setting } from './setting.js'

interface About {
  /** Behind the command, in its usage. */
  readonly argument?: string
  readonly summary: string
  /** Of README.md. */
  readonly section: string
  /** The groups of flags that have an effect. */
  readonly groups: readonly Group[]
  /** Settings of these groups that are errors. */
  readonly without?: readonly string[]
  /** Of the flags in other groups. */
  readonly others?: string
}

const GROUPS = ['General', 'Agents', 'Reading', 'Metrics, prices and periods', 'HTTP server', 'Push'] as const
type Group = (typeof GROUPS)[number]
const COUNTING = ['General', 'Agents', 'Reading', 'Metrics, prices and periods'] as const

const ABOUT: Readonly<Record<Command, About>> = {
  serve: { summary: 'run the exporter; the default', section: 'Settings', groups: GROUPS },
  once: {
    summary: 'make one full pass, print the metrics and exit',
    section: 'Textfile collector',
    groups: [...COUNTING, 'Push'],
  },
  demo: {
    summary: 'serve made-up logs that keep growing',
    section: 'Quick start',
    groups: GROUPS.filter((group) => group !== 'Agents'),
    without: ['stateDir'],
    others: 'The demo creates its own logs and state: --agents, --state.dir and directories of agents are errors.',
  },
  report: { summary: 'print the counted usage as a table or as JSON', section: 'Report', groups: COUNTING },
  compare: {
    argument: 'FILE',
    summary: 'compare the output of ccusage, or a bill (a file, or - for stdin) with the counted usage',
    section: 'Compare',
    groups: COUNTING,
  },
  backfill: {
    summary: 'write or push the past values of the counters',
    section: 'Backfill',
    groups: [...COUNTING, 'Push'],
  },
  healthcheck: {
    summary: 'exit with 0 if an exporter answers at the address of these settings, otherwise with 1',
    section: 'Commands',
    groups: ['General', 'HTTP server'],
  },
  check: {
    summary: 'print the effective settings and the mistakes in them; exit with 0, or with 2 if there are mistakes',
    section: 'Commands',
    groups: GROUPS,
  },
}

/** By the first part of the name; those of directories are `Agents`. */
const GROUP_OF: Readonly<Record<string, Group>> = {
  ...{ config: 'General', state: 'General', log: 'General', agents: 'Agents' },
  ...{ parser: 'Reading', cache: 'Reading', watch: 'Reading' },
  metrics: 'Metrics, prices and periods',
  prices: 'Metrics, prices and periods',
  timezone: 'Metrics, prices and periods',
  'week-start': 'Metrics, prices and periods',
  ...{ web: 'HTTP server', otlp: 'Push' },
}

const PROGRAM = 'agent-usage-exporter'
/** Columns before the text of an item. */
const INDENT = 27

/** @param width of the terminal in columns */
export function overview(width: number): string {
  return [
    `Usage: ${PROGRAM} [COMMAND] [FLAGS]`,
    '',
    ...wrapped('Prometheus exporter for the token usage and cost of coding agents, read from their log files.', width),
    '',
    'Commands:',
    ...COMMANDS.flatMap((command) => item(nameOf(command), ABOUT[command].summary, width)),
    '',
    'Help:',
    ...item('COMMAND --help, -h', 'the flags of a command; serve --help shows those of the exporter', width),
    ...item('--help-long', 'all flags of all commands', width),
    ...item('--version', 'the version', width),
    '',
    'Examples:',
    `  ${PROGRAM}`,
    `  ${PROGRAM} report --by=month,model`,
    `  ${PROGRAM} check --config.file=exporter.yaml`,
    '',
    ...wrapped('README.md explains commands, flags and metrics.', width),
    '',
  ].join('\n')
}

/** @param width of the terminal in columns */
export function commandHelp(command: Command, width: number): string {
  const {
    summary,
    section,
    groups,
    without = [],
    others = 'Other flags of serve are accepted and have no effect.',
  } = ABOUT[command]
  const own = [...allSettings].filter(([, { only }]) => only?.includes(command) === true)
  return [
    `Usage: ${PROGRAM} ${nameOf(command)} [FLAGS]`,
    '',
    ...wrapped(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`, width),
    ...listed(`Flags of ${command}`, own, width),
    ...groups.flatMap((group) =>
      listed(
        group,
        flagsIn(group).filter(([key]) => !without.includes(key)),
        width,
      ),
    ),
    '',
    ...wrapped(groups.length === GROUPS.length ? SAME : `${others} ${SAME}`, width),
    '',
    `See also: README.md, section ${section}.`,
    '',
  ].join('\n')
}

/** Every flag. @param width of the terminal in columns */
export function longHelp(width: number): string {
  const ofCommands = new Map<string, [string, Setting<unknown>][]>()
  for (const [key, setting] of allSettings) {
    if (setting.only === undefined) continue
    const title = `Flags of ${setting.only.join(' and ')}`
    ofCommands.set(title, [...(ofCommands.get(title) ?? []), [key, setting]])
  }
  return [
    overview(width).trimEnd(),
    ...GROUPS.flatMap((group) => listed(group, flagsIn(group), width)),
    ...[...ofCommands].flatMap(([title, flags]) => listed(title, flags, width)),
    '',
    ...wrapped(SAME, width),
    '',
  ].join('\n')
}

const SAME =
  `Each flag is also an environment variable and a key of --config.file: --web.listen-address is ` +
  `${envName('web.listen-address')} and web.listen-address. Flags take precedence over the environment, and the ` +
  'environment over the file. Budgets can be set only in the file, as a list of { name, period, limit_usd, match }.'

const nameOf = (command: Command): string => [command, ABOUT[command].argument ?? []].flat().join(' ')

function flagsIn(group: Group): readonly (readonly [string, Setting<unknown>])[] {
  return [...allSettings].filter(([key, { name, only }]) => {
    const own = agentsByKey.has(key) ? 'Agents' : GROUP_OF[name.split('.', 1)[0]!]
    return only === undefined && own === group
  })
}

function listed(
  title: string,
  flags: readonly (readonly [string, Setting<unknown>])[],
  width: number,
): readonly string[] {
  if (flags.length === 0) return []
  return ['', `${title}:`, ...flags.flatMap(([, setting]) => flagItem(setting, width))]
}

function flagItem(setting: Setting<unknown>, width: number): readonly string[] {
  const { name, value, help, default: unset, defaultHelp = unset, standsAlone } = setting
  const described = typeof defaultHelp === 'string' ? `${help} (default: ${defaultHelp})` : help
  return item(standsAlone === true ? `--${name}[=${value}]` : `--${name}=${value}`, described, width)
}

function item(term: string, text: string, width: number): readonly string[] {
  const lines = wrapped(text, width - INDENT).map((line) => ' '.repeat(INDENT) + line)
  const start = `  ${term}`
  if (start.length + 2 > INDENT) return [start, ...lines]
  return [start.padEnd(INDENT) + lines[0]!.trimStart(), ...lines.slice(1)]
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
