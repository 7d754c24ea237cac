// The built program as a process on a machine: started, asked, ended, and watched for how it ends.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { Agent } from 'node:http'
import { onTestFinished } from 'vitest'
import { samples, type Sample } from '../support/exposition.js'
import { get } from '../support/https.js'
import { mainFile } from '../support/program.js'
import type { Hardship, Machine } from './machine.js'
import { inTime, until } from './until.js'

export interface Place {
  readonly machine: Machine
  readonly configDir: string
  /** On the machine. */
  readonly stateDir: string
}

export interface Launch {
  readonly command?: 'serve' | 'once'
  readonly hardship?: Hardship
  readonly flags?: readonly string[]
}

/** How a process ended. */
export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Exporter {
  readonly pid: number
  /** How it ended; undefined while it runs. */
  readonly ended: () => End | undefined
  /** Sends a signal, if there is one, and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<End>
  /** Signals that it was sent. */
  readonly sent: readonly NodeJS.Signals[]
  /** True when the first pass is complete, false when the process ended before. */
  ready(): Promise<boolean>
  scrape(): Promise<readonly Sample[]>
  /** The code of `/-/healthy`. */
  healthy(): Promise<number>
  /** Opens and keeps connections until it has but so many descriptors left, or keeps no more of them. */
  crowd(descriptors: number, left: number): Promise<void>
  /** Closes the connections again. */
  disperse(): void
  readonly printed: () => string
  readonly log: () => string
}

export function launch({ machine, configDir, stateDir }: Place, { command = 'serve', hardship = {}, flags = [] }: Launch = {}): Exporter {
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
    // Most have ended by then, and a child that has is not signalled.
    child.kill('SIGKILL')
    agent.destroy()
  })
  // Connections that are kept are used again, so that it can be asked when it has no descriptor for another one.
  let agent = new Agent({ keepAlive: true, maxFreeSockets: Infinity, scheduling: 'lifo' })
  const url = (): string | undefined => /"url":"(http[^"]+?)\/?"/.exec(log())?.[1]
  const ask = (path: string, on: Agent = agent) => inTime(`an answer to ${path}`, get(`${url()!}${path}`, { agent: on }))

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
          const status = await ask('/-/ready').then((reply) => reply.status, () => undefined)
          return status === 200 ? true : undefined
        },
      ),
    async scrape() {
      const { status, body } = await ask('/metrics')
      if (status !== 200) throw new Error(`/metrics answered ${status}`)
      return samples(body.split('\n').filter((one) => one.startsWith('agent_usage_')).join('\n'))
    },
    healthy: async () => (await ask('/-/healthy')).status,
    async crowd(descriptors, left) {
      const open = (): number => readdirSync(`/proc/${child.pid!}/fd`).length
      // All at a time, each on a connection of its own, which is then kept.
      const more = Math.max(0, descriptors - left - open())
      await Promise.allSettled(Array.from({ length: more }, () => ask('/-/healthy')))
    },
    disperse() {
      agent.destroy()
      agent = new Agent({ keepAlive: true, maxFreeSockets: Infinity, scheduling: 'lifo' })
    },
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString()
}
