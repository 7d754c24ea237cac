// What the made-up projects do while someone watches: one response at a time, mostly of sub-agents on small prompts, so
// that an hour of it costs about as much as a day of the history and not as a month.
import type { DemoSession, DemoWriter } from '../sources/demo-writer.js'
import type { Written } from './history.js'
import { PROJECTS } from './projects.js'
import { createRandom } from './random.js'
import { writerOf } from './writer-of.js'

export interface Live {
  /** What is written at a time, milliseconds since the epoch: to be appended to its file. */
  next(nowMs: number): Written
}

/** Of so many responses, one is of a main session. */
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
      }
    },
  }
}
