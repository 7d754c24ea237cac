// `backfill --push`: pushes the same values over OTLP with their own times, as the exporter would have pushed them. The
// progress is stored beside the state, so that an interrupted push can be resumed.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/config.js'
import type { PushConfig } from '../config/push.js'
import { daysSince, timeText } from '../outputs/backfill/next-commands.js'
import { followCredentials } from '../outputs/otlp/credentials.js'
import { createExporter, type Outcome } from '../outputs/otlp/exporter.js'
import { pastPoints } from '../outputs/otlp/past-points.js'
import type { App } from './app.js'
import { print } from './output-file.js'
import { pastOf, stepsOf, type BackfillOptions } from './past.js'
import { identityOf } from './pushing.js'

const FILE = 'backfill-push.json'

interface Progress {
  /** Identifies the push: receiver, resource and range. A different push starts from the beginning. */
  readonly what: string
  /** The last step. */
  readonly last: number
  /** All values up to this step were accepted. */
  readonly done: number
}

export async function pushBackfill(app: App, options: BackfillOptions): Promise<number> {
  const { config, nowMs, signal } = options
  const { push, stateDir, backfillStepMs: stepMs } = config
  const { state } = app
  if (push === undefined || stateDir === undefined || !state.loaded)
    throw new Error(
      '--push continues the series of an exporter, but there is no state; run the exporter first, with the same --state.dir',
    )
  const identity = identityOf(push, state.instance)
  const what = whatOf(config, push, identity)
  const file = join(stateDir, FILE)
  const before = readProgress(file, what)
  const steps = before === undefined ? stepsOf(config, nowMs) : { first: before.done + 1, last: before.last }
  const upTo = (step: number): string => timeText(step * stepMs)
  if (steps.first > steps.last) {
    await print(
      `${push.target.url} already accepted all values up to ${upTo(steps.last)}; remove ${file} to push them again\n`,
    )
    return 0
  }
  // Series that no push has shown yet are left out, because the exporter will show them at 0 first.
  const includes = (row: number): boolean => row < (state.pushed ?? Infinity)
  const { past, last } = pastOf(app, steps, { config, nowMs, includes })
  if (past.series.length === 0) throw new Error('there is no usage in that time')
  writeProgress(file, { what, last, done: past.first - 1 })

  const send = createSender(push)
  let sent = 0
  for (const { data, points, done } of pastPoints(past, { last, stepMs, identity })) {
    const outcome = await send(data)
    if (outcome.failure !== undefined) throw new Error(failureText(outcome, push, past.first * stepMs, nowMs))
    sent += points
    if (done !== undefined) writeProgress(file, { what, last, done })
    if (signal.aborted) return 1
  }
  await print(
    `${push.target.url} accepted ${sent} values of ${past.series.length} series from ${upTo(past.first)} to ${upTo(last)}\n`,
  )
  return 0
}

function whatOf(config: Config, { target }: PushConfig, identity: Readonly<Record<string, string>>): string {
  const { backfillFrom = null, backfillTo = null, backfillStepMs, compat, timeZone } = config
  return JSON.stringify({ url: target.url, identity, backfillFrom, backfillTo, backfillStepMs, compat, timeZone })
}

/** Sends one request at a time. The exporter retries temporary failures until its timeout. */
function createSender({
  target,
}: PushConfig): (data: Parameters<ReturnType<typeof createExporter>['export']>[0]) => Promise<Outcome> {
  let ended: (outcome: Outcome) => void = () => undefined
  const exporter = createExporter({
    target,
    // If they cannot be reloaded, the last good credentials stay in use.
    credentials: followCredentials(target, () => undefined),
    ended: (outcome) => {
      ended(outcome)
    },
    now: Date.now,
    monotonic: () => performance.now(),
  })
  return (data) =>
    new Promise((resolve) => {
      ended = resolve
      exporter.export(data, () => undefined)
    })
}

function failureText(
  { failure, status, detail = '' }: Outcome,
  { target }: PushConfig,
  firstMs: number,
  nowMs: number,
): string {
  const answer = [failure, status, detail].filter((part) => part !== undefined && part !== '').join(' ')
  const hint =
    failure === 'rejected' || failure === 'partial' || failure === 'server'
      ? `; for values this old, Prometheus needs out_of_order_time_window: ${daysSince(firstMs, nowMs) + 1}d under storage: tsdb: in its configuration`
      : ''
  return `${target.url} did not accept the values: ${answer}${hint}. Run the same command again to resume`
}

/** Undefined if no progress of this push is stored. */
function readProgress(file: string, what: string): Progress | undefined {
  try {
    const progress = JSON.parse(readFileSync(file, 'utf8')) as Progress
    return progress.what === what ? progress : undefined
  } catch {
    return undefined
  }
}

/** @throws Error with a message of one line */
function writeProgress(file: string, progress: Progress): void {
  try {
    writeFileSync(`${file}.part`, `${JSON.stringify(progress)}\n`)
    renameSync(`${file}.part`, file)
  } catch (cause) {
    throw new Error(`cannot write ${file}: ${(cause as Error).message}`, { cause })
  }
}
