// The command `report`: prints the usage in the ledger, by group or by response. Writes no files.
import type { Config } from '../config/config.js'
import { parseGlob } from '../core/labels/glob.js'
import { makeReport, type Selection } from '../core/report/report.js'
import type { Match } from '../core/totals/budget.js'
import { spanOfDate } from '../metrics/calendar.js'
import type { Asked } from '../reports/asked.js'
import { groupName } from '../reports/group-names.js'
import { reportJson } from '../reports/report-json.js'
import { reportText, type Screen } from '../reports/report-text.js'
import { responseLines } from '../reports/response-lines.js'
import type { App } from './app.js'
import { look } from './look.js'
import { printAll } from './printing.js'
import { unmatched } from './unmatched.js'

/** Width in columns if stdout is not a terminal. */
const WIDTH = 120

/**
 * Resolves with the exit code. An empty report is printed, too, and stderr explains why it is empty. @throws StateError
 */
export function report(config: Config, loadConfig: () => Config): Promise<number> {
  return look(config, loadConfig, async (app) => {
    const nowMs = Date.now()
    await printAll(reportOf(app, config, nowMs))
    const notes = unmatched(app.state, { ...config, selection: selectionOf(config) }, nowMs)
    process.stderr.write(notes.map((note) => `agent-usage-exporter: ${note}\n`).join(''))
    return 0
  })
}

/** Yields the output in pieces. @param nowMs milliseconds since the epoch */
export function* reportOf(
  { state, liveConfig }: Pick<App, 'state' | 'liveConfig'>,
  config: Config,
  nowMs: number,
): Generator<string> {
  const { by, since, until, timeZone, weekStart } = config
  const { pricer } = liveConfig
  const selection = selectionOf(config)
  if (config.responses) {
    yield* responseLines(state, { selection, pricer, nowMs })
    return
  }
  const calendar = { timeZone, weekStart }
  const names = by.map((dimension) => groupName(dimension, state, calendar, nowMs))
  const made = makeReport(state, { selection, names, pricer, nowMs })
  const labels = (series: number) => state.totals.series.labels(series)
  const asked: Asked = { by, since, until, calendar, report: made, labels }
  if (config.json) yield* reportJson(asked)
  else yield reportText(asked, screen())
}

/** The width and colours of stdout. */
export function screen(): Screen {
  const { stdout } = process
  return {
    width: stdout.isTTY ? stdout.columns : WIDTH,
    // False if NO_COLOR is set.
    colored: stdout.isTTY && stdout.hasColors(),
  }
}

export function selectionOf({ agents, project, model, since, until, timeZone }: Config): Selection {
  const match: Match = {
    ...(agents !== undefined && { agent: agents.map(parseGlob) }),
    ...(project.length > 0 && { project }),
    ...(model.length > 0 && { model }),
  }
  return {
    match,
    fromMs: since === undefined ? -Infinity : spanOfDate(since, timeZone).fromMs,
    toMs: until === undefined ? Infinity : spanOfDate(until, timeZone).toMs,
  }
}
