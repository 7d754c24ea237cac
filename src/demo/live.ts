// The activity of the made-up projects while the demo runs: one response at a time, mostly of sub-agents with small
// prompts, so that an hour costs about as much as a day of the history.
import type { DemoSession, DemoWriter } from '../sources/demo-writer.js'
import type { Written } from './history.js'
import { PROJECTS } from './projects.js'
import { createRandom } from './random.js'
import { writerOf } from './writer-of.js'

export interface Live {
  /** A text to append to its file. */
  next(nowMs: number): Written
}

/** Share of responses that are of a main session. */
const MAIN_SHARE = 1 / 40
const RESPONSES_OF_SESSION = 120

export function createLive(writers: readonly DemoWriter[], seed: number): Live {
  const random = createRandom(seed, 'live')
  const choices = PROJECTS.flatMap((project) => Array.from({ length: project.live }, () => project))
  const running = new Map<string, { readonly main: DemoSession; readonly agent: DemoSession; left: number }>()
  return {
    next(nowMs) {
      const project = random.pick(choices)
      const writer = writerOf(project, writers)
      let session = running.get(project.name)
      if (session === undefined || session.left === 0) {
        const main = writer.startSession(random, project, nowMs)
        session = { main, agent: writer.startSession(random, project, nowMs, main), left: RESPONSES_OF_SESSION }
        running.set(project.name, session)
      }
      const begins = session.left === RESPONSES_OF_SESSION
      session.left -= 1
      const { main, agent } = session
      const writes = begins || random.chance(MAIN_SHARE) ? main : agent
      return {
        path: `${writer.directory}/${writes.path}`,
        text: (begins ? main.prompt(nowMs) : '') + writes.respond(nowMs),
        atMs: nowMs,
      }
    },
  }
}
