// A log that grows while the program runs, and while it is stopped, must give the same totals as when it is read at once.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { running, usageCounters, type Home } from '../integration/running.js'
import { linesOf } from './log-text.js'

export interface Growth {
  readonly flag: string
  /** Path of the log below the directory that the flag names. */
  readonly path: string
  readonly lines: readonly object[]
}

/**
 * Writes the log in three steps and compares the totals with those of the whole log: lines up to `poll` are read by the
 * first pass, lines up to `restart` by the next one, and the rest after a restart.
 */
export async function expectSameGrown(
  made: Home,
  { flag, path, lines }: Growth,
  { poll, restart }: { readonly poll: number; readonly restart: number },
): Promise<void> {
  const directory = join(made.dir, `grown-${poll}-${restart}`)
  const file = join(directory, path)
  const home = { ...made, stateDir: `${directory}-state` }
  const flags = [`--${flag}=${directory}`]
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, linesOf(lines.slice(0, poll)))

  const first = await running(home, flags)
  appendFileSync(file, linesOf(lines.slice(poll, restart)))
  await first.app.pass()
  await first.app.stop()
  appendFileSync(file, linesOf(lines.slice(restart)))
  const second = await running(home, flags)
  const grown = await twice(second.scrape)
  await second.app.stop()

  const afresh = await running({ ...made, stateDir: `${directory}-afresh` }, flags)
  expect(grown).toEqual(await twice(afresh.scrape))
  expect(Object.keys(grown).length).toBeGreaterThan(0)
  await afresh.app.stop()
}

/** Scrapes twice, because new series start at 0. */
async function twice(scrape: () => Promise<Parameters<typeof usageCounters>[0]>): Promise<Record<string, number>> {
  await scrape()
  return usageCounters(await scrape())
}
