// Reads the flags, runs the command, and sets the exit code. 0: done; 1: failed; 2: usage error.
import { ConfigError, HelpRequested, loadConfig, readConfig, refuseMistakes } from '../config/config.js'
import { once } from './once.js'
import { serve } from './serve.js'

/** Ends the process. */
export function runProgram(argv: readonly string[], env: NodeJS.ProcessEnv): void {
  run(argv, env).then(
    (code) => process.exit(code),
    (error: unknown) => {
      if (error instanceof HelpRequested) {
        process.stdout.write(error.text, () => process.exit(0))
        return
      }
      process.stderr.write(`agent-usage-exporter: ${error instanceof Error ? error.message : String(error)}\n`)
      process.exit(error instanceof ConfigError ? 2 : 1)
    },
  )
}

async function run(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const read = readConfig(argv, env)
  const { config } = read
  // Commands that start nothing are loaded only on request.
  if (config.command === 'check') return (await import('./check.js')).check(read)
  if (config.command === 'healthcheck') {
    const { healthcheck } = await import('./healthcheck.js')
    return healthcheck(argv, read, (others) => readConfig(others, env))
  }
  refuseMistakes(read.mistakes)
  const reload = () => loadConfig(argv, env)
  if (config.command === 'report') return (await import('./report.js')).report(config, reload)
  if (config.command === 'compare') return (await import('./compare.js')).compare(config, reload)
  if (config.command === 'backfill') return (await import('./backfill.js')).backfill(config, reload)
  const command = config.command === 'once' ? once : serve
  return command(config, reload)
}
