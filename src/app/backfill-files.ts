// `backfill --output`: writes a file per day, and prints the commands that import them.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as othersFirst } from 'node:timers/promises'
import { daysOf, freeBytes, prepareDirectory, writeFile } from '../outputs/backfill/day-files.js'
import { nextCommands } from '../outputs/backfill/next-commands.js'
import { createDayText } from '../outputs/backfill/sample-text.js'
import { BIRTH } from '../outputs/births.js'
import type { App } from './app.js'
import { print } from './output-file.js'
import { pastOf, stepsOf, type BackfillOptions } from './past.js'

/** Maximum share of the free space to use: other programs may be writing, too. */
const MOST_BYTES_SHARE = 0.95

/** Resolves with the exit code. @throws Error with a message of one line */
export async function writeBackfill(app: App, { config, nowMs, signal }: BackfillOptions): Promise<number> {
  const { output: dir = '.', backfillStepMs: stepMs, backfillFormat: format } = config
  const { series } = app.state.totals
  const isSeen = (row: number): boolean => series.birth(row) !== BIRTH.unseen
  const { past, last } = pastOf(app, stepsOf(config, nowMs), { config, nowMs, includes: isSeen })
  const days = daysOf(past.first, last, stepMs)
  if (past.series.length === 0) throw new Error('there is no usage in that time')
  const nameOf = (date: string): string => `${date}.${format === 'openmetrics' ? 'om' : 'prom'}`
  const target = { job: config.backfillJob, instance: config.backfillInstance }
  const text = createDayText(past.series, { format, stepMs, target })

  prepareDirectory(dir, {
    names: days.map(({ date }) => nameOf(date)),
    // The first metric has samples on each day.
    beginning: `# HELP ${past.series[0]!.definition.name.replace(/_total$/, '')}`,
  })
  const needed = text.estimate(last) - bytesOf(days.map(({ date }) => join(dir, nameOf(date))))
  const free = freeBytes(dir)
  if (needed > free * MOST_BYTES_SHARE)
    throw new Error(
      `${dir}: the files need up to ${megabytes(needed)}, but only ${megabytes(free)} are free; set a later --from or a longer --step`,
    )
  for (const { date, from, until } of days) {
    past.window(until)
    writeFile(join(dir, nameOf(date)), (write) => {
      text.write(from, until, write)
    })
    // Lets signals be handled.
    await othersFirst()
    if (signal.aborted) return 1
  }
  const shown = Array.from({ length: series.count }, (_, row) => isSeen(row))
  await print(
    nextCommands({
      ...{ dir, format, target, nowMs },
      files: days.length,
      oldest: past.series.reduce((oldest, one) => (one.birth < oldest.birth ? one : oldest)),
      series: past.series.length,
      samples: text.samples,
      firstMs: past.first * stepMs,
      lastMs: last * stepMs,
      unseen: shown.filter((seen) => !seen).length,
    }),
  )
  return 0
}

/** Total size in bytes; files that do not exist count as 0. */
const bytesOf = (paths: readonly string[]): number =>
  paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0)

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`
