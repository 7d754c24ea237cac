// Made-up logs in a temporary folder that is removed with the process: a history, and responses that keep coming. The
// rest of the program reads them like any other logs.
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Log } from '../process/log.js'
import { DEMO_WRITERS } from '../sources/demo-writers.js'
import type { Directories } from '../sources/directories.js'
import { history, type Written } from './history.js'
import { createLive } from './live.js'

export interface DemoOptions {
  readonly seed: number
  readonly log: Log
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

export interface Demo {
  /** By agent. */
  readonly directories: ReadonlyMap<string, Directories>
  readonly stateDir: string
  /** Writes the history. */
  plant(): Promise<void>
  /** Writes a response every second or so, until the process ends. */
  keepGrowing(): void
}

const EVERY_MS = 1_000

/** Creates the folder. It is removed when the process exits, unless the process is killed. */
export function createDemo({ seed, log, now = Date.now }: DemoOptions): Demo {
  const folder = mkdtempSync(join(tmpdir(), 'agent-usage-exporter-demo-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const directories = DEMO_WRITERS.map(
    ({ agent, directory }) => [agent, { paths: [join(folder, directory)], named: false }] as const,
  )
  const live = createLive(DEMO_WRITERS, seed)
  const pathOf = ({ path }: Written): string => join(folder, path)

  return {
    directories: new Map(directories),
    stateDir: join(folder, 'state'),
    async plant() {
      let files = 0
      for (const written of history(DEMO_WRITERS, seed, now())) {
        const path = pathOf(written)
        await mkdir(dirname(path), { recursive: true })
        await writeFile(path, written.text)
        // Sets the file's age to that of its last line, so that the age of the oldest file is that of a real history.
        await utimes(path, written.atMs / 1000, written.atMs / 1000)
        files += 1
      }
      log.info({ folder, seed, files }, 'made up 30 days of history; the folder is removed on exit')
    },
    keepGrowing() {
      const timer = setInterval(() => {
        const written = live.next(now())
        try {
          mkdirSync(dirname(pathOf(written)), { recursive: true })
          appendFileSync(pathOf(written), written.text)
        } catch (error) {
          clearInterval(timer)
          log.error({ error }, 'cannot write more made-up responses')
        }
      }, EVERY_MS)
      timer.unref()
    },
  }
}
