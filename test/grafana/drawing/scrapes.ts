// What a Prometheus would have scraped from machines at made-up times: the exporter itself reads the logs of `demo` as they grow,
// under a clock of ours, and prints its metrics at each scrape. Nobody waits, and nothing depends on the time of the test.
import { appendFileSync, mkdirSync, mkdtempSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createApp } from '../../../src/app/app.js'
import { loadConfig } from '../../../src/config/config.js'
import { history, type Written } from '../../../src/demo/history.js'
import { createLive } from '../../../src/demo/live.js'
import { DEMO_WRITERS } from '../../../src/sources/demo-writers.js'

/** Seconds. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly step: number
}

export interface MachineOptions {
  /** For its logs and its state. */
  readonly folder: string
  readonly seed: number
  /** The file of its settings. */
  readonly config: string
  /** Times of the scrapes; the exporter starts at the first. Of the last span, it works as `demo` does. */
  readonly spans: readonly Span[]
  /** Names of the metrics that are kept. */
  readonly names: ReadonlySet<string>
}

/** Seconds between two responses while it works as `demo` does. */
const PACE = 23

/** Lines of OpenMetrics with their times, in the order of time. */
export async function scrapes({ folder, seed, config, spans, names }: MachineOptions): Promise<Sample[]> {
  const home = mkdtempSync(join(folder, 'machine-'))
  const write = ({ path, text, atMs }: Written): void => {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    appendFileSync(join(home, path), text)
    utimesSync(join(home, path), atMs / 1000, atMs / 1000)
  }
  const busy = spans.at(-1)!
  const past = [...history(DEMO_WRITERS, seed, busy.from * 1000)].sort((a, b) => a.atMs - b.atMs)
  const live = createLive(DEMO_WRITERS, seed)
  let written = 0
  let nextLive = busy.from
  let now = spans[0]!.from

  const ignore = (): void => undefined
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore }
  const flags = [
    `--claude.config-dir=${join(home, 'claude')}`,
    `--codex.home=${join(home, 'codex')}`,
    `--config.file=${config}`,
    `--state.dir=${join(home, 'state')}`,
    '--timezone=UTC',
    '--watch.mode=off',
    '--parser.workers=0',
  ]
  const clock = { now: () => now * 1000, monotonic: () => now * 1000 }
  for (const { directory } of DEMO_WRITERS) mkdirSync(join(home, directory))
  const app = await createApp(loadConfig(flags, { HOME: home }), { version: '0.1.0', log, ...clock })
  const samples: Sample[] = []
  for (const { from, to, step } of spans) {
    for (now = from; now <= to; now += step) {
      while (written < past.length && past[written]!.atMs <= now * 1000) write(past[written++]!)
      for (; nextLive <= now; nextLive += PACE) write(live.next(nextLive * 1000))
      await app.pass()
      const { body, sent } = await app.scrape('openmetrics')
      // Series that it has shown at 0 may show their values.
      sent()
      for (const sample of samplesOf(String(body), names, now)) samples.push(sample)
    }
  }
  await app.stop()
  return samples
}

/** One value of a series. */
export interface Sample {
  readonly name: string
  /** As printed, without the braces. */
  readonly labels: string
  readonly value: string
  /** Seconds since the epoch. */
  readonly at: number
}

function samplesOf(text: string, names: ReadonlySet<string>, at: number): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-z0-9_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    return name !== undefined && names.has(name) ? [{ name, labels, value: value!, at }] : []
  })
}
