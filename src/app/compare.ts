// The command `compare`: reads the output of another tool, or a bill, and prints where the counted usage differs.
import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { ConfigError, whyUnreadable } from '../config/config-error.js'
import type { Config } from '../config/config.js'
import { matchesGlob } from '../core/labels/glob.js'
import type { Told } from '../core/report/comparison.js'
import { comparisonOf } from '../reports/compare/comparison.js'
import { comparisonJson } from '../reports/compare/comparison-json.js'
import { comparisonText, type Comparison } from '../reports/compare/comparison-text.js'
import type { ToldFile } from '../reports/compare/told.js'
import { ACCEPTED, readTold } from '../reports/compare/told-file.js'
import type { App } from './app.js'
import { look } from './look.js'
import { printAll } from './printing.js'
import { screen, selectionOf } from './report.js'

/** Resolves with the exit code: 0 if both are equal, otherwise 1. @throws StateError; ConfigError for an unusable file */
export async function compare(config: Config, loadConfig: () => Config): Promise<number> {
  // A mistake shows before all logs are read.
  const file = await readFile(config.file!)
  return look(config, loadConfig, async (app) => {
    const comparison = compared(app, config, file, Date.now())
    await printAll(config.json ? comparisonJson(comparison) : [comparisonText(comparison, screen())])
    return comparison.compared.every(({ differing }) => differing.length === 0) ? 0 : 1
  })
}

/** @param nowMs milliseconds since the epoch @throws ConfigError if no usage in the file is selected */
export function compared(
  { state, liveConfig: { pricer } }: Pick<App, 'state' | 'liveConfig'>,
  config: Config,
  file: ToldFile,
  nowMs: number,
): Comparison {
  const told = selected(config, file.told.map(withLabel((rawModel) => pricer.label(rawModel))))
  const timeZone = file.timeZone ?? config.timeZone
  return comparisonOf(
    { ...file, told },
    {
      ...{ state, pricer, nowMs },
      selection: selectionOf({ ...config, timeZone }),
      calendar: { timeZone, weekStart: config.weekStart },
      agentsAsked: config.agents !== undefined,
    },
  )
}

const withLabel =
  (label: (rawModel: string) => string) =>
  (told: Told): Told =>
    told.model === undefined ? told : { ...told, model: label(told.model) }

function selected({ file = '', since = '', until, model }: Config, told: readonly Told[]): readonly Told[] {
  const found = told.filter(
    (each) =>
      each.day >= since &&
      each.day <= (until ?? each.day) &&
      (model.length === 0 || (each.model !== undefined && model.some((glob) => matchesGlob(glob, each.model!)))),
  )
  if (found.length > 0) return found
  const days = told.map(({ day }) => day).sort()
  const models = [...new Set(told.flatMap((each) => each.model ?? []))].sort()
  throw new ConfigError(
    `${nameOf(file)}: no usage matches --since, --until and --model; ` +
      `the file has ${days[0]} to ${days.at(-1)}, and the models ${models.join(', ') || 'none'}`,
  )
}

/** @param name `-` for stdin @throws ConfigError */
export async function readFile(name: string): Promise<ToldFile> {
  try {
    return readTold(name === '-' ? await buffer(process.stdin) : readFileSync(name))
  } catch (error) {
    const isOfSystem = (error as NodeJS.ErrnoException).code !== undefined
    const reason = isOfSystem ? `cannot read it: ${whyUnreadable(error)}` : `${(error as Error).message}; ${ACCEPTED}`
    throw new ConfigError(`${nameOf(name)}: ${reason}`, { cause: error })
  }
}

const nameOf = (file: string): string => (file === '-' ? 'stdin' : file)
