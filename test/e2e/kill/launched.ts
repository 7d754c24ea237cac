// The built program from its first moment, so that it can be killed before it listens.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { mainFile } from '../../support/program.js'

export interface Launched {
  /** Resolves when one of these messages is logged, or the program exits. */
  logged(...anyOf: readonly string[]): Promise<void>
  kill(signal: NodeJS.Signals): void
  /** Exit code, or null if a signal ended the program. */
  readonly gone: Promise<number | null>
}

export function launch(configDir: string, stateDir: string, flags: readonly string[]): Launched {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AGENT_USAGE_')))
  const directories = [`--claude.config-dir=${configDir}`, `--state.dir=${stateDir}`]
  const rest = ['--web.listen-address=127.0.0.1:0', '--log.format=json', ...flags]
  const all = [mainFile, ...directories, ...rest]
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'ignore', 'pipe'], env })
  const messages = new Set<string>()
  const waiting: (() => void)[] = []
  const wake = () => waiting.splice(0).forEach((resolve) => resolve())
  createInterface({ input: child.stderr }).on('line', (text) => {
    const said = /"msg":"([^"]*)"/.exec(text)?.[1]
    if (said !== undefined) messages.add(said)
    wake()
  })
  let ended = false
  const gone = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      ended = true
      wake()
      resolve(code)
    })
  })
  return {
    async logged(...anyOf) {
      while (!anyOf.some((one) => messages.has(one)) && !ended) {
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
    kill: (signal) => child.kill(signal),
    gone,
  }
}
