// Thirty made-up days: a pure function of the seed and the time at which they end.
import { DAY_MS } from '../core/totals/period.js'
import type { DemoSession, DemoWriter, Random } from '../sources/demo-writer.js'
import { PROJECTS, type Project } from './projects.js'
import { createRandom } from './random.js'
import { writerOf } from './writer-of.js'

export interface Written {
  /** Path below the demo's folder. */
  readonly path: string
  readonly text: string
  /** Time of its last line, in milliseconds since the epoch. */
  readonly atMs: number
}

const HISTORY_DAYS = 30
const HOUR_MS = 3_600_000

/** Log files of the days before `endMs`, in milliseconds since the epoch; no line is later. */
export function* history(writers: readonly DemoWriter[], seed: number, endMs: number): Generator<Written> {
  for (const project of PROJECTS) {
    // Each project has its own random numbers, so that a change to one leaves the others unchanged.
    const random = createRandom(seed, project.name)
    const writer = writerOf(project, writers)
    for (let daysAgo = HISTORY_DAYS - 1; daysAgo >= 0; daysAgo -= 1) yield* day(writer, project, daysAgo, endMs, random)
  }
}

function* day(
  writer: DemoWriter,
  project: Project,
  daysAgo: number,
  endMs: number,
  random: Random,
): Generator<Written> {
  const untilMs = endMs - daysAgo * DAY_MS - project.endsHoursAgo * HOUR_MS
  const weekday = new Date(untilMs).getUTCDay()
  const grown = project.growth ** (0.5 - daysAgo / (HISTORY_DAYS - 1))
  const share = (weekday === 0 || weekday === 6 ? project.weekend : 1) * grown
  let left = Math.round(project.perDay * share * (0.6 + 0.8 * random.unit()))
  while (left > 0) {
    const responses = Math.min(left, random.around(25))
    left -= responses
    const startMs = untilMs - random.unit() * project.hours * HOUR_MS
    yield* session(writer, project, responses, Math.floor(startMs), untilMs, random)
  }
}

/** A session, with the sub-agent that it may have started. */
function* session(
  writer: DemoWriter,
  project: Project,
  responses: number,
  startMs: number,
  endMs: number,
  random: Random,
): Generator<Written> {
  const main = writer.startSession(random, project, startMs)
  yield written(writer, main, responses, startMs, endMs, random)
  const agentMs = startMs + random.between(30_000, 600_000)
  if (agentMs >= endMs || !random.chance(project.delegates)) return
  const agent = writer.startSession(random, project, agentMs, main)
  yield written(writer, agent, random.around(12), agentMs, endMs, random)
}

/** Until the session is finished or its day is over. */
function written(
  writer: DemoWriter,
  session: DemoSession,
  responses: number,
  startMs: number,
  endMs: number,
  random: Random,
): Written {
  let text = ''
  let atMs = startMs
  let lastMs = startMs
  for (let response = 0; response < responses && atMs < endMs; response += 1) {
    if (response === 0 || random.chance(0.15)) text += session.prompt(atMs)
    atMs += random.around(15_000)
    if (atMs < endMs) {
      text += session.respond(atMs)
      lastMs = atMs
    }
  }
  return { path: `${writer.directory}/${session.path}`, text, atMs: lastMs }
}
