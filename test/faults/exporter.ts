// The built program as a process on a machine: starting, requesting, ending it, and recording how it ended.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { samples, type Sample } from '../support/exposition.js'
import { get, type Reply } from '../support/https.js'
import { mainFile } from '../support/program.js'
import type { Hardship, Machine } from './machine.js'
import { inTime, until } from './until.js'

/** Time that a process without responses may take to exit. Only the error message depends on it. */
const DYING_MS = 5_000

export interface Place {
  readonly machine: Machine
  readonly configDir: string
  /** Path on the machine. */
  readonly stateDir: string
}

export interface Launch {
  readonly command?: 'serve' | 'once'
  readonly hardship?: Hardship
  readonly flags?: readonly string[]
}

/** Exit code or signal of a process. */
export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Exporter {
  readonly pid: number
  /** Undefined while the process runs. */
  readonly ended: () => End | undefined
  /** Sends the signal, if any, and waits for the exit. */
  end(signal?: NodeJS.Signals): Promise<End>
  /** Signals sent to the process. */
  readonly sent: readonly NodeJS.Signals[]
  /** Resolves to true when the first pass is complete, to false if the process exits before. */
  ready(): Promise<boolean>
  scrape(): Promise<readonly Sample[]>
  /** Status code of `/-/healthy`. */
  healthy(): Promise<number>
  /**
   * Opens connections until only `spare` descriptors are left. With 0, further connections wait and take every descriptor that
   * becomes free. Requests still work.
   */
  crowd(limit: number, spare: number): Promise<void>
  /** Closes the connections of `crowd`. */
  disperse(): void
  readonly printed: () => string
  readonly log: () => string
}

export function launch(
  { machine, configDir, stateDir }: Place,
  { command = 'serve', hardship = {}, flags = [] }: Launch = {},
): Exporter {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AGENT_USAGE_')))
  const own = [command, `--claude.config-dir=${configDir}`, `--state.dir=${stateDir}`, '--log.format=json']
  const serving = command === 'serve' ? ['--web.listen-address=127.0.0.1:0', '--watch.sweep-interval=1s'] : []
  const [tool = '', ...args] = [...machine.prefix(hardship), process.execPath, mainFile, ...own, ...serving, ...flags]
  const child = spawn(tool, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...env, NODE_ENV: 'test' } })
  const [printed, log] = [collect(child.stdout), collect(child.stderr)]
  const sent: NodeJS.Signals[] = []
  let ended: End | undefined
  const gone = new Promise<End>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve((ended = { code, signal })))
  })
  gone.catch(() => undefined)
  onTestFinished(() => {
    // Most processes have exited by then; `kill` does nothing to them.
    child.kill('SIGKILL')
    agent.destroy()
    crowd.forEach((socket) => socket.destroy())
  })
  // One connection is reused, so that requests work when the process has no descriptor for another one.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const crowd: Socket[] = []
  const url = (): string | undefined => /"url":"(http[^"]+?)\/?"/.exec(log())?.[1]
  async function ask(path: string): Promise<Reply> {
    try {
      return await inTime(`an answer to ${path}; it said ${log()}`, get(`${url()!}${path}`, { agent }))
    } catch (error) {
      // A broken connection may be the first sign that the process has exited.
      const end = await Promise.race([gone, setTimeout(DYING_MS)])
      throw end === undefined ? error : new Error(`it ${described(end)} while it served: ${log()}`, { cause: error })
    }
  }

  return {
    pid: child.pid!,
    sent,
    printed,
    log,
    ended: () => ended,
    end(signal) {
      if (signal !== undefined && ended === undefined) {
        sent.push(signal)
        child.kill(signal)
      }
      return inTime(`the end of the process after ${signal ?? 'all it does'}`, gone)
    },
    ready: () =>
      until(
        () => `ready; it said ${log()}`,
        async () => {
          if (ended !== undefined) return false
          if (url() === undefined) return undefined
          const status = await ask('/-/ready').then(
            (reply) => reply.status,
            () => undefined,
          )
          return status === 200 ? true : undefined
        },
      ),
    async scrape() {
      const { status, body } = await ask('/metrics')
      if (status !== 200) throw new Error(`/metrics answered ${status}`)
      return samples(
        body
          .split('\n')
          .filter((one) => one.startsWith('agent_usage_'))
          .join('\n'),
      )
    },
    healthy: async () => (await ask('/-/healthy')).status,
    async crowd(limit, spare) {
      const open = (): number => readdirSync(`/proc/${child.pid!}/fd`).length
      const port = Number(new URL(url()!).port)
      const waiting = new Set<Socket>()
      const add = (): void => {
        const socket = connect(port, '127.0.0.1', () =>
          socket.write('GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n'),
        )
        // Some connections are refused, which is expected.
        socket.on('error', () => undefined)
        const settle = (): void => void waiting.delete(socket)
        socket.on('data', settle).once('close', settle)
        waiting.add(socket)
        crowd.push(socket)
      }
      // Connections beyond the limit wait and take every descriptor that becomes free.
      if (spare === 0) for (let index = 0; index < limit; index++) add()
      await until(
        () => `${limit} descriptors, but ${spare}: ${open()} open, ${waiting.size} of ${crowd.length} wait`,
        () => {
          const missing = limit - spare - open()
          if (missing <= 0) return true
          // The process closes and opens files meanwhile, so the count of missing connections may change.
          if (waiting.size === 0) for (let index = 0; index < missing; index++) add()
          return undefined
        },
      )
    },
    disperse: () => crowd.splice(0).forEach((socket) => socket.destroy()),
  }
}

export function described({ code, signal }: End): string {
  return signal === null ? `ended with ${code!}` : `ended by ${signal}`
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString()
}
