// Reads the command line: the command, and the values of each flag as text.
import { Command, CommanderError } from 'commander'
import { allSettings } from './all-settings.js'
import { COMMANDS, type Command as CommandName } from './commands.js'
import { ConfigError, quoted } from './config-error.js'
import { HelpRequested, type RawSettings } from './raw-settings.js'
import { didYouMean, suggest } from './suggest.js'
import type { Context } from './context.js'
import { envName } from './setting.js'

/**
 * @param version called only for --version
 * @throws ConfigError, HelpRequested
 */
export function fromFlags(
  argv: readonly string[],
  context: Context,
  version: () => string,
): {
  readonly command: CommandName
  readonly file: string | undefined
  readonly given: RawSettings
} {
  let printed = ''
  const program = new Command('agent-usage-exporter')
    .usage('[command] [file] [flags]')
    .description('Prometheus exporter for the token usage and cost of coding agents, read from their log files.')
    .argument('[command]', COMMANDS_HELP, 'serve')
    .argument('[file]', 'what compare reads; - is stdin')
    .helpOption('-h, --help', 'show this help')
    .option('--version', 'show the version')
    .addHelpText('after', HELP_FOOTER)
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => void (printed += text), writeErr: () => undefined })
  const raw = new Map<string, string[]>()
  for (const [key, setting] of allSettings) {
    const { name, value, help, default: unset, defaultHelp = unset } = setting
    const described = typeof defaultHelp === 'string' ? `${help} (default: ${defaultHelp})` : help
    const collect = (text: string): void => void raw.set(key, [...(raw.get(key) ?? []), text])
    program.option(`--${name} <${value}>`, described, collect)
  }

  try {
    program.parse(withBooleansSpelledOut(argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.helpDisplayed') throw new HelpRequested(printed)
    throw flagMistake(error)
  }
  if (program.opts()['version'] === true) throw new HelpRequested(`agent-usage-exporter ${version()}\n`)

  const word = program.processedArgs[0] as string
  const command = COMMANDS.find((each) => each === word)
  if (command === undefined) {
    throw new ConfigError(`${quoted(word)}: no such command${didYouMean(suggest(word, COMMANDS))}`)
  }
  const file = program.processedArgs[1] as string | undefined
  if (file !== undefined && command !== 'compare')
    throw new ConfigError(`${quoted(file)}: only compare takes a second argument`)
  if (file === undefined && command === 'compare') throw new ConfigError('compare: needs a file, or - for stdin')
  const given = [...raw].map(
    ([key, texts]) => [key, { name: `--${allSettings.get(key)!.name}`, texts, context }] as const,
  )
  return { command, file, given: new Map(given) }
}

const COMMANDS_HELP = [
  'serve runs the exporter',
  'once makes one pass, prints the metrics and exits',
  'demo serves made-up logs that keep growing',
  'report prints the counted usage as a table, with or without a running exporter',
  'compare prints where a file of ccusage, or a bill, differs from the counted usage, and exits with 0 if nothing differs, otherwise with 1',
  'backfill writes or pushes the past values of the counters, for a database that did not record them',
  'healthcheck exits with 0 if the exporter with these settings answers, otherwise with 1',
  'check reads these settings and the files they name, prints the effective settings and every mistake, and exits with 0, or with 2 if there are mistakes',
].join('; ')

const HELP_FOOTER = `
Each flag except --help and --version is also an environment variable and a key
of --config.file: --web.listen-address is ${envName('web.listen-address')}
and web.listen-address. Flags take precedence over the environment, and the
environment over the file. Budgets can be set only in the file, as a list of
{ name, period, limit_usd, match }. serve reloads the file and --prices.file
when they change and on SIGHUP.`

/** Gives flags that need no value an explicit one, so that `--cache once` does not take `once` as the value. */
function withBooleansSpelledOut(argv: readonly string[]): string[] {
  const alone = new Set([...allSettings.values()].flatMap(({ name, standsAlone }) => (standsAlone ? [name] : [])))
  return argv.map((word, i) => {
    const [, no, name = ''] = /^--(no-)?(.+)$/.exec(word) ?? []
    if (!alone.has(name)) return word
    if (no !== undefined) return `--${name}=false`
    return /^(?:true|false)$/.test(argv[i + 1] ?? '') ? word : `--${name}=true`
  })
}

function flagMistake(error: CommanderError): ConfigError {
  const text = error.message.replace(/^error: /, '').replace(/\s+/g, ' ')
  const flag = /'(--?[^' =]+)/.exec(text)?.[1]
  if (error.code === 'commander.unknownOption' && flag !== undefined) {
    const near = suggest(
      flag.slice(2),
      [...allSettings.values()].map((setting) => setting.name),
    )
    return new ConfigError(`${flag}: no such flag${didYouMean(near && `--${near}`)}`)
  }
  if (error.code === 'commander.optionMissingArgument' && flag !== undefined) {
    return new ConfigError(`${flag}: needs a value`)
  }
  return new ConfigError(text)
}
