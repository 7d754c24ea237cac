// Reads the command line: the command, and the values of each flag as text.
import { Command, CommanderError } from 'commander'
import { allSettings } from './all-settings.js'
import { COMMANDS, type Command as CommandName } from './commands.js'
import { ConfigError, quoted } from './config-error.js'
import { HelpRequested, type RawSettings } from './raw-settings.js'
import type { Context } from './context.js'
import { commandHelp, longHelp, overview } from './help.js'
import { didYouMean, suggest } from './suggest.js'

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
  const program = new Command('agent-usage-exporter')
    .argument('[command]')
    .argument('[file]')
    .helpOption(false)
    .option('-h, --help')
    .option('--help-long')
    .option('--version')
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  const raw = new Map<string, string[]>()
  for (const [key, setting] of allSettings) {
    const collect = (text: string): void => void raw.set(key, [...(raw.get(key) ?? []), text])
    program.option(`--${setting.name} <value>`, '', collect)
  }

  try {
    program.parse(withBooleansSpelledOut(argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    throw flagMistake(error)
  }
  const asked = program.opts<{ help?: true; helpLong?: true; version?: true }>()
  if (asked.version) throw new HelpRequested(`agent-usage-exporter ${version()}\n`)
  if (asked.helpLong) throw new HelpRequested(longHelp(helpWidth()))
  const word = program.processedArgs[0] as string | undefined
  if (asked.help && word === undefined) throw new HelpRequested(overview(helpWidth()))

  const command = word === undefined ? 'serve' : COMMANDS.find((each) => each === word)
  if (command === undefined) {
    const hint = didYouMean(suggest(word!, COMMANDS)) || '; --help lists the commands'
    throw new ConfigError(`${quoted(word)}: no such command${hint}`)
  }
  if (asked.help) throw new HelpRequested(commandHelp(command, helpWidth()))
  const file = program.processedArgs[1] as string | undefined
  if (file !== undefined && command !== 'compare')
    throw new ConfigError(`${quoted(file)}: only compare takes a second argument`)
  if (file === undefined && command === 'compare') throw new ConfigError('compare: needs a file, or - for stdin')
  const given = [...raw].map(
    ([key, texts]) => [key, { name: `--${allSettings.get(key)!.name}`, texts, context }] as const,
  )
  return { command, file, given: new Map(given) }
}

const MOST_COLUMNS = 120

const helpWidth = (): number => (process.stdout.isTTY ? Math.min(process.stdout.columns, MOST_COLUMNS) : 80)

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
    return new ConfigError(`${flag}: no such flag${didYouMean(near && `--${near}`) || '; --help-long lists all'}`)
  }
  if (error.code === 'commander.optionMissingArgument' && flag !== undefined) {
    return new ConfigError(`${flag}: needs a value`)
  }
  return new ConfigError(text)
}
