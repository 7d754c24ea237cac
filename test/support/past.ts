// Thirty days of logs with every difficulty of a backfill, an exporter that has counted them, and the usage of each response, to
// compare any window of time in a database with.
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { createApp } from '../../src/app/app.js'
import { loadConfig } from '../../src/config/config.js'
import { TOKENS } from '../../src/core/schema.js'
import { visitResponses } from '../../src/core/totals/responses.js'
import { history, type Written } from '../../src/demo/history.js'
import { createLive } from '../../src/demo/live.js'
import { DEMO_WRITERS } from '../../src/sources/demo-writers.js'
import { samples, sumOf } from './exposition.js'
import { line, lines } from './line.js'
import { serve, type Served } from './program.js'
import { SOON } from './prometheus.js'

const HOUR_MS = 3_600_000

/** Sums of responses by the name of the counter. */
export type Sums = Readonly<Record<(typeof COUNTERS)[number], number>>
export const COUNTERS = [
  'agent_usage_cost_usd_total',
  'agent_usage_tokens_total',
  'agent_usage_requests_total',
] as const

export interface Past {
  /** Flags of every command, with the directories of logs and state. */
  readonly flags: readonly string[]
  /** Writes a number of current responses. */
  grow(count: number): void
  /** All responses, read from the current logs and state. */
  responses(): Promise<readonly Response[]>
}

export type Response = Sums & {
  /** Milliseconds since the epoch; NaN if unknown. */
  readonly timeMs: number
}

/** Usage after `fromMs` up to and including `toMs`, in milliseconds since the epoch. */
export function usedIn(responses: readonly Response[], afterMs: number, untilMs: number): Sums {
  return responses.filter(({ timeMs }) => timeMs > afterMs && timeMs <= untilMs).reduce(plus, NOTHING)
}

/** Made-up logs of two agents that end at `endMs`. */
export function plantPast(folder: string, endMs: number): Past {
  const write = ({ path, text }: Written): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    appendFileSync(join(folder, path), text)
  }
  for (const written of history(DEMO_WRITERS, 7, endMs)) write(written)
  const live = createLive(DEMO_WRITERS, 7)
  const flags = [`--claude.config-dir=${join(folder, 'claude')}`, `--codex.home=${join(folder, 'codex')}`]
  const stateDir = join(folder, 'state')
  return {
    flags: [...flags, `--state.dir=${stateDir}`],
    grow(count) {
      for (let n = 0; n < count; n += 1) write(live.next(Date.now()))
    },
    responses: () => readResponses([...flags, `--state.dir=${stateDir}`]),
  }
}

const NOTHING: Sums = { agent_usage_cost_usd_total: 0, agent_usage_tokens_total: 0, agent_usage_requests_total: 0 }

function plus(a: Sums, b: Sums): Sums {
  return Object.fromEntries(COUNTERS.map((name) => [name, a[name] + b[name]])) as Sums
}

/** Responses in the logs and the state of these flags, read while an exporter may write them. */
export async function readResponses(flags: readonly string[]): Promise<Response[]> {
  const ignore = (): void => undefined
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore }
  const config = loadConfig(['once', ...flags, '--parser.workers=0'], { HOME: '/nowhere' })
  const app = await createApp(config, { version: '0', log, readOnly: true })
  await app.pass()
  const found: Response[] = []
  visitResponses(app.state, Date.now(), (response) => {
    found.push({
      timeMs: response.timeMs,
      agent_usage_cost_usd_total: response.nanos / 1e9,
      agent_usage_tokens_total: TOKENS.reduce((sum, { name }) => sum + response[name], 0),
      agent_usage_requests_total: response.requests,
    })
  })
  await app.stop()
  return found
}

export interface HardPast extends Past {
  readonly exporter: Served
}

/**
 * The same logs with a project born yesterday; timestamps that are missing, in the future, or before any agent existed; a log that
 * was deleted and a response that was corrected after they were counted; and an exporter that was restarted since.
 */
export async function countHardPast(folder: string, more: readonly string[] = []): Promise<HardPast> {
  const nowMs = Date.now()
  const past = plantPast(folder, nowMs - 60_000)
  const at = (name: string, ms: number | undefined, counts = '10/160/0/0/1000', extra = {}): string =>
    line(`msg_${name}/r_${name} o48 ${counts}`, {
      line: {
        cwd: '/w/hard',
        sessionId: name,
        timestamp: ms === undefined ? undefined : new Date(ms).toISOString(),
        ...extra,
      },
    })
  const place = join(folder, 'claude/projects/-w-hard')
  mkdirSync(place, { recursive: true })
  const plantLog = (name: string, ...all: readonly string[]): void =>
    writeFileSync(join(place, `${name}.jsonl`), lines(...all))
  plantLog(
    'times',
    at('t1', undefined),
    at('t2', nowMs + 2 * HOUR_MS),
    at('t3', nowMs + 80 * HOUR_MS),
    at('t4', 86_400_000),
  )
  plantLog('gone', ...[700, 650, 500, 20].map((hours, n) => at(`g${n}`, nowMs - hours * HOUR_MS, '10/90000')))
  plantLog('corrected', at('c1', nowMs - 300 * HOUR_MS, '10/50000', { isSidechain: true }))
  plantLog(
    'yesterday',
    at('y1', nowMs - 20 * HOUR_MS, '10/700', { cwd: '/w/newborn' }),
    at('y2', nowMs - 3 * HOUR_MS, '10/800', { cwd: '/w/newborn' }),
  )

  const flags = [`--codex.home=${join(folder, 'codex')}`, ...more, '--watch.mode=off', '--watch.sweep-interval=1s']
  const start = async (): Promise<Served> => {
    const exporter = await serve([join(folder, 'claude')], { stateDir: join(folder, 'state'), flags })
    onTestFinished(async () => {
      await exporter.stop()
    })
    await exporter.ready()
    return exporter
  }
  const first = await start()
  rmSync(join(place, 'gone.jsonl'))
  appendFileSync(join(place, 'corrected.jsonl'), lines(at('c1', nowMs - 300 * HOUR_MS, '10/100')))
  const corrections = async (): Promise<number> => sumOf(samples(await first.scrape()), 'agent_usage_corrections_total')
  await expect.poll(corrections, SOON).toBeGreaterThan(0)
  await first.stop()
  return { ...past, exporter: await start() }
}
