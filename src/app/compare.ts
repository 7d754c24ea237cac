// The command `compare`: reads what another tool, or a bill, says of days and models, and prints where the ledger differs.
import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { ConfigError } from '../config/config-error.js'
import type { Config } from '../config/config.js'
import { matchesGlob } from '../core/labels/glob.js'
import type { Told } from '../core/report/comparison.js'
import { comparisonOf } from '../reports/compare/comparison.js'
import { comparisonText, type Comparison } from '../reports/compare/comparison-text.js'
import type { ToldFile } from '../reports/compare/told.js'
import { readTold } from '../reports/compare/told-file.js'
import type { App } from './app.js'
import { look } from './look.js'
import { printAll } from './printing.js'
import { screen, selectionOf } from './report.js'

/** Resolves with the exit code: 0 where both are equal, else 1. @throws StateError; ConfigError for a file of another form */
export async function compare(config: Config, loadConfig: () => Config): Promise<number> {
  const bytes = await readAll(config.file!)
  return look(config, loadConfig, async (app) => {
    const comparison = compared(app, config, bytes, Date.now())
    await printAll([comparisonText(comparison, screen())])
    return comparison.compared.every(({ differing }) => differing.length === 0) ? 0 : 1
  })
}

/** @param bytes of the file @param nowMs milliseconds since the epoch @throws ConfigError */
export function compared(
  { state, liveConfig: { pricer } }: Pick<App, 'state' | 'liveConfig'>,
  config: Config,
  bytes: Uint8Array,
  nowMs: number,
): Comparison {
  const file = read(config, bytes, (rawModel) => pricer.label(rawModel))
  const timeZone = file.timeZone ?? config.timeZone
  return comparisonOf(file, {
    ...{ state, pricer, nowMs },
    selection: selectionOf({ ...config, timeZone }),
    calendar: { timeZone, weekStart: config.weekStart },
    agentsAsked: config.agents !== undefined,
  })
}

function read(
  { file: name = '', since = '', until, model }: Config,
  bytes: Uint8Array,
  label: (raw: string) => string,
): ToldFile {
  const isAsked = (told: Told): boolean =>
    told.day >= since &&
    told.day <= (until ?? told.day) &&
    (model.length === 0 || (told.model !== undefined && model.some((glob) => matchesGlob(glob, told.model!))))
  try {
    const file = readTold(bytes, label)
    return { ...file, told: file.told.filter(isAsked) }
  } catch (error) {
    throw new ConfigError(`${name}: ${(error as Error).message}`, { cause: error })
  }
}

async function readAll(file: string): Promise<Uint8Array> {
  try {
    return file === '-' ? await buffer(process.stdin) : readFileSync(file)
  } catch (error) {
    throw new ConfigError(`${file}: cannot read it: ${(error as Error).message}`, { cause: error })
  }
}
